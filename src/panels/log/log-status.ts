/** What the panel's controls show; a new object whenever it differs. */
export interface LogStatus {
  first: number
  total: number
  follow: boolean
  /** The last line is in sight. */
  atEnd: boolean
  /** Lines that came since following stopped and were not seen. */
  newLines: number
  selected: number
  /** Lines of each phase, in the order of LOG_PHASES; null where the log has none. */
  phases: readonly number[] | null
  /** All lines are loaded: the numbers of `phases` are final so far. */
  whole: boolean
  /** The phase that is shown has no lines. */
  phaseEmpty: boolean
  /** Null without a search. */
  hits: SearchStatus | null
  /** Why the query cannot be searched for. */
  queryError: string | null
  loadError: string | null
  /** Short zone name of the times. */
  zone: string
  /** Something just done, to be announced. */
  message: string
}

export interface SearchStatus {
  count: number
  /** Of the current hit, counted from 1; 0 when there is none. */
  index: number
  /** Share of the log that was searched, 0 to 1. */
  searched: number
  /** Some lines were too long for the pattern to be searched to their end. */
  partial: boolean
}

/** Whether controls drawn from one would look the same drawn from the other. */
export function sameStatus(a: LogStatus, b: LogStatus): boolean {
  for (const key of Object.keys(a) as (keyof LogStatus)[])
    if (key !== 'hits' && key !== 'phases' && a[key] !== b[key]) return false
  return (
    a.phases?.join() === b.phases?.join() &&
    a.hits?.count === b.hits?.count &&
    a.hits?.index === b.hits?.index &&
    a.hits?.searched === b.hits?.searched &&
    a.hits?.partial === b.hits?.partial
  )
}
