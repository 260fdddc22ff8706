import type { Author } from './author.ts'

/** Tasks started together: the same app or type with several inputs. Times are ms since epoch. */
export interface Batch {
  id: string
  source: string
  /** Task type or app. */
  type: string
  /** What people call it: "seeds 1 to 60". */
  name: string
  by: Author
  startedAt: number
  total: number
  /** How many may be under way at once. */
  concurrency: number
  /** Inputs that wait for their turn. */
  waiting: number
  /** Ids of the tasks begun, in order of their inputs; null where the start was refused or has not come. */
  taskIds: (string | null)[]
  /** Starts that were refused, by number of the input. */
  refused: { index: number; message: string }[]
  /** When "cancel all" was asked: what waits does not start. */
  cancelledAt: number | null
}
