import { LogBuffer, type LogLineKind } from '#model/log-buffer.ts'
import { replacing } from '#model/log-text.ts'
import type { TaskStatus } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { LinesEvent, OutputEvent, StatusEvent, TaskEvent } from '#model/task-events.ts'

/** How many lines of one kind a log has, and the newest of them, which may still have been open. */
export interface KnownLines {
  count: number
  last: string
}

/** Two readings of the service's clock give times that may be apart by this, ms. */
const APART_MS = 1_000
const UNBOUNDED = { maxLines: 1e9, maxBytes: 1e12 }

/**
 * What was known of a run when Weir ended. Its service tells all of it again: states, logs, the newest output. What
 * of that is in the record already is no news.
 */
export class KnownRun {
  readonly #statuses: ReadonlySet<TaskStatus>
  readonly #status: TaskStatus
  readonly #statusAt: number
  readonly #output: Task['detail']['output']
  readonly #lines: Map<LogLineKind, KnownLines & { told: LogBuffer }>
  #isStatusNew = false
  #isOutputNew = false

  constructor(task: Task, lines: ReadonlyMap<LogLineKind, KnownLines>) {
    this.#statuses = new Set(task.phases.map(({ status }) => status))
    this.#status = task.status
    this.#statusAt = task.statusAt
    this.#output = task.detail.output
    this.#lines = new Map(
      Array.from(lines, ([kind, known]) => [kind, { ...known, told: new LogBuffer(UNBOUNDED) }]),
    )
  }

  /** The number of its newest output; the next one has the one after it. */
  get revision(): number {
    return this.#output?.revision ?? 0
  }

  /** The events without what was known. */
  news(events: readonly TaskEvent[]): TaskEvent[] {
    return events.flatMap((event): TaskEvent[] => {
      if (event.k === 'status') return this.#isKnownStatus(event) ? [] : [event]
      if (event.k === 'output') return this.#isKnownOutput(event) ? [] : [event]
      if (event.k === 'lines') return this.#newLines(event)
      return [event]
    })
  }

  #isKnownStatus({ status, at }: StatusEvent): boolean {
    this.#isStatusNew ||=
      !this.#statuses.has(status) || (status !== this.#status && at > this.#statusAt + APART_MS)
    return !this.#isStatusNew
  }

  #isKnownOutput({ output }: OutputEvent): boolean {
    const known = this.#output
    this.#isOutputNew ||=
      known === null ||
      known.json !== output.json ||
      known.bytes !== output.bytes ||
      known.provisional !== output.provisional
    return !this.#isOutputNew
  }

  #newLines(event: LinesEvent): LinesEvent[] {
    const known = this.#lines.get(event.kind)
    if (!known) return [event]
    const { told, count, last } = known
    for (const text of event.texts) told.append(event.at, event.kind, text)
    if (told.total < count) return []
    this.#lines.delete(event.kind)
    const newest = told.textOf(count - 1)!
    const texts = newest === last ? [] : [replacing(0, newest)]
    texts.push(...told.range(count, told.total).texts)
    return texts.length > 0 ? [{ ...event, texts }] : []
  }
}
