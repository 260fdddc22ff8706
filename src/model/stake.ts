import { estimateFinish } from './pace.ts'
import { isSourceStale, type Source } from './source.ts'
import type { TaskStatus } from './status.ts'
import type { TaskSummary } from './task.ts'

/** What has run so long is long, ms. */
export const LONG_RUN_MS = 5 * 60_000
/** What would be cut short by more is long, ms. */
const LONG_LEFT_MS = 10 * 60_000
/** The first answer of a source is its first list: what that has is entered within so long, ms. */
const FIRST_LIST_MS = 50

/** What cancelling a task would cost, as far as that is known. */
export interface Stake {
  /** For how long it has run, ms; 0 while it waits. */
  ranMs: number
  /** `at-least`: it had begun before Weir saw it, some time before; `unknown`: any time before. */
  ran: 'known' | 'at-least' | 'unknown'
  /** About how long it would go on, ms; null while nothing tells. */
  leftMs: number | null
  /** It takes a question, or a hold, to end it. */
  long: boolean
}

type Staked = Pick<TaskSummary, 'status' | 'startedAt' | 'firstSeenAt' | 'pace' | 'progress'>

const WAITING: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['received', 'queued', 'scheduled'])

/**
 * What is lost when a task is cancelled now. Doubt counts as long: a question too many costs a second, one too
 * few may cost a day.
 * @param source where it runs; undefined while that is not known
 * @param now ms since epoch, by the clock that the task's times are of
 */
export function stakeOf(
  task: Staked,
  source: Pick<Source, 'since' | 'state'> | undefined,
  now: number,
): Stake {
  const leftMs = leftOf(task, now)
  const ran = ranOf(task, source, now)
  const long = ran.ran === 'unknown' || ran.ranMs >= LONG_RUN_MS || (leftMs ?? 0) > LONG_LEFT_MS
  return { ...ran, leftMs, long }
}

function ranOf(
  task: Staked,
  source: Pick<Source, 'since' | 'state'> | undefined,
  now: number,
): Pick<Stake, 'ran' | 'ranMs'> {
  const { startedAt, firstSeenAt, status, pace } = task
  if (startedAt !== null) return { ran: 'known', ranMs: Math.max(0, now - startedAt) }
  if (WAITING.has(status)) return { ran: 'known', ranMs: 0 }
  const seenMs = Math.max(0, now - firstSeenAt)
  // It came up between two lists of a source that answered: it began about then.
  if (source && !isSourceStale(source) && firstSeenAt > source.since + FIRST_LIST_MS)
    return { ran: 'at-least', ranMs: seenMs }
  // It ran already: its steps so far, at the pace it has had since, tell for how long.
  const unit = unitMs(task)
  if (pace && unit !== null) return { ran: 'at-least', ranMs: seenMs + pace.firstValue * unit }
  return { ran: 'unknown', ranMs: seenMs }
}

/** Rougher than what is shown as time left: it only decides whether to ask. */
function leftOf(task: Staked, now: number): number | null {
  const { pace } = task
  const goal = pace?.unit === 'percent' ? 100 : (task.progress?.total ?? null)
  if (!pace || goal === null || !(goal > pace.lastValue)) return null
  const finish = estimateFinish(pace, goal, now)
  if (finish) return (finish.from + finish.to) / 2 - now
  const unit = unitMs(task)
  return unit === null ? null : (goal - pace.lastValue) * unit
}

/** How long one step or percent has taken, ms; null before two were seen. */
function unitMs({ pace }: Pick<TaskSummary, 'pace'>): number | null {
  if (!pace || pace.lastAt <= pace.firstAt || pace.lastValue <= pace.firstValue) return null
  return (pace.lastAt - pace.firstAt) / (pace.lastValue - pace.firstValue)
}
