import { formatCount, formatDuration, formatPercent, formatRate, formatRoughly } from '#lib/format.ts'
import { formatClock, formatClockShort, formatFinish } from '#lib/format-time.ts'
import { estimateFinish, rateOf, silentFor, type FinishEstimate } from '#model/pace.ts'
import { isTerminal, statusLabel, type TaskStatus } from '#model/status.ts'
import { NOT_ANSWERED, type TaskSummary } from '#model/task.ts'
import type { Freshness } from './freshness.ts'
import { provisionalWords } from './preview-words.ts'

/** The state in words, with what is not known first-hand or needs a decision. */
export interface StatusWords {
  label: string
  /** "requested 14:02", "inferred", "past its limit"; empty when the source itself reported it. */
  note: string
}

export function statusWords(
  task: Pick<
    TaskSummary,
    'status' | 'statusOrigin' | 'statusAt' | 'statusNote' | 'pauseAskedAt' | 'cancelAskedAt' | 'limitMissedAt'
  >,
): StatusWords {
  const label = statusLabel(task.status)
  if (task.status === 'paused' && task.statusOrigin === 'command')
    return { label, note: `requested ${formatClockShort(task.pauseAskedAt ?? task.statusAt)}` }
  if (task.status === 'cancelling')
    return {
      label,
      note:
        `requested ${formatClockShort(task.cancelAskedAt ?? task.statusAt)}` +
        (task.statusNote === NOT_ANSWERED ? ', not answered' : ''),
    }
  // The source has a word of its own for it, or none.
  if (task.status === 'unknown') return { label, note: task.statusNote ?? '' }
  if (task.statusOrigin === 'inferred') return { label, note: 'inferred' }
  if (isPastLimit(task)) return { label, note: 'past its limit' }
  return { label, note: '' }
}

/** True for a task that goes on though its time limit passed while Weir was away. */
export function isPastLimit({
  status,
  limitMissedAt,
}: Pick<TaskSummary, 'status' | 'limitMissedAt'>): boolean {
  return typeof limitMissedAt === 'number' && !isTerminal(status)
}

const WAITING: ReadonlySet<TaskStatus> = new Set(['received', 'queued', 'scheduled'])

/** Nothing has begun yet: nothing to move. */
function isWaiting(status: TaskStatus): boolean {
  return WAITING.has(status)
}

/** The one number that matters. */
export function headline(task: Pick<TaskSummary, 'progress'>): string {
  const { percent = null, step = null, total = null } = task.progress ?? {}
  if (percent !== null) return formatPercent(percent)
  if (step !== null && total === null) return formatCount(step)
  return formatPercent(null)
}

/** "412 of 1,000 steps", "stopped at step 31 of 256", "no progress reported". */
export function stepWords(task: Pick<TaskSummary, 'progress' | 'status'>): string {
  const words = countWords(task)
  if (!task.progress?.fromLog || isTerminal(task.status)) return words
  return words === '' ? 'by its log' : `${words}, by its log`
}

function countWords(task: Pick<TaskSummary, 'progress' | 'status'>): string {
  const { step = null, total = null, percent = null } = task.progress ?? {}
  const stopped = isTerminal(task.status) && task.status !== 'completed'
  if (step === null) {
    if (percent !== null) return ''
    return isTerminal(task.status) || isWaiting(task.status) ? '' : 'no progress reported'
  }
  if (total === null) return percent === null && !stopped ? 'steps' : `step ${formatCount(step)}`
  // Some count from 0: their last step is one short of the total though all is done.
  if (step > total)
    return `${stopped ? 'stopped at step' : 'step'} ${formatCount(step)}, of ${formatCount(total)} announced`
  if (task.status === 'completed') return `${formatCount(total)} ${plural(total, 'step')}`
  if (stopped) return `stopped at step ${formatCount(step)} of ${formatCount(total)}`
  return `${formatCount(step)} of ${formatCount(total)} steps`
}

/** The value of the bar, and whether it may move. */
export function barOf(task: Pick<TaskSummary, 'progress' | 'status'>): {
  value: number | null
  still: boolean
} {
  const value = task.progress?.percent ?? null
  return {
    value: value === null ? null : Math.floor(value * 10) / 10,
    still:
      isTerminal(task.status) ||
      isWaiting(task.status) ||
      task.status === 'paused' ||
      task.status === 'unknown',
  }
}

/** When it will end; null until that is credible, and for what does not run. */
function finishOf(
  task: Pick<TaskSummary, 'pace' | 'progress' | 'status'>,
  fresh: Freshness,
  now: number,
): FinishEstimate | null {
  if (task.status !== 'running' || fresh.stale || silentFor(task.pace, now) !== null) return null
  const goal = task.pace?.unit === 'percent' ? 100 : (task.progress?.total ?? null)
  return estimateFinish(task.pace, goal, now)
}

/** The bar as people read it: "412 of 1,000 steps, about 2 min left". */
export function barText(task: TaskSummary, fresh: Freshness, now: number): string {
  const { percent = null, step = null } = task.progress ?? {}
  const done =
    step !== null ? stepWords(task) : percent !== null ? formatPercent(percent) : 'progress unknown'
  if (fresh.stale) return `${done}, last seen ${formatClock(fresh.seenAt)}`
  const finish = finishOf(task, fresh, now)
  return finish ? `${done}, about ${formatRoughly((finish.from + finish.to) / 2 - now)} left` : done
}

export interface FootWords {
  left: string
  right: string
  /** The left part says that something is not as usual. */
  odd: boolean
}

/** The quiet last row: age and rate left, what comes next right. */
export function footWords(task: TaskSummary, fresh: Freshness, now: number): FootWords {
  if (fresh.stale)
    return {
      left: `last seen ${statusLabel(task.status).toLowerCase()} ${formatClock(fresh.seenAt)}`,
      right: '',
      odd: false,
    }
  if (isTerminal(task.status))
    return { left: endWords(task), right: resultWords(task) || provisionalWords(task), odd: false }
  const silence = task.status === 'running' ? silentFor(task.pace, now) : null
  if (silence !== null)
    return {
      left: `no ${task.pace?.unit === 'percent' ? 'progress' : 'step'} for ${formatRoughly(silence)}, usual ≤ ${formatRoughly(task.pace?.usualMs ?? 0)}`,
      right: '',
      odd: true,
    }
  const finish = finishOf(task, fresh, now)
  return {
    left: isWaiting(task.status)
      ? `waiting ${formatDuration(now - task.statusAt)}`
      : [ageWords(task, now), task.status === 'running' ? rateWords(task, now) : '']
          .filter(Boolean)
          .join(' · '),
    right: finish ? `ends ${formatFinish(finish.from, finish.to, now)}` : provisionalWords(task),
    odd: false,
  }
}

/** How long it has run; at least how long, where it had begun before Weir saw it. */
function ageWords(task: Pick<TaskSummary, 'startedAt' | 'firstSeenAt' | 'status'>, now: number): string {
  if (task.startedAt !== null) return formatDuration(now - task.startedAt)
  return `≥ ${formatDuration(now - task.firstSeenAt)}`
}

/** "0.57/s" where steps are named nearby, "0.57 steps/s" on their own. */
function rateWords(task: Pick<TaskSummary, 'pace'>, now: number, withUnit = false): string {
  const rate = rateOf(task.pace, now)
  if (rate === null) return ''
  return formatRate(rate, task.pace?.unit === 'percent' ? '%' : withUnit ? 'steps' : '')
}

/** The same facts for a table: how long it ran or runs, and when it ended or will end. */
export function clockCells(task: TaskSummary, fresh: Freshness, now: number): FootWords {
  const foot = footWords(task, fresh, now)
  if (fresh.stale) return { ...foot, left: `seen ${formatClock(fresh.seenAt)}` }
  if (!isTerminal(task.status)) return { ...foot, right: foot.right.replace(/^ends /, '') }
  const { startedAt, endedAt } = task
  return {
    left: startedAt !== null && endedAt !== null ? `ran ${formatDuration(endedAt - startedAt)}` : '',
    right:
      endedAt === null ? '' : `${task.endedOrigin === 'inferred' ? 'before ' : ''}${formatClock(endedAt)}`,
    odd: false,
  }
}

function endWords(task: Pick<TaskSummary, 'startedAt' | 'endedAt' | 'endedOrigin' | 'statusAt'>): string {
  const { startedAt, endedAt, endedOrigin } = task
  if (endedAt === null) return `since ${formatClock(task.statusAt)}`
  const ended = `ended ${endedOrigin === 'inferred' ? 'before ' : ''}${formatClock(endedAt)}`
  return startedAt === null ? ended : `ran ${formatDuration(endedAt - startedAt)}, ${ended}`
}

function resultWords(task: Pick<TaskSummary, 'result' | 'onServer'>): string {
  if (task.result?.state === 'unreadable') return 'result unreadable'
  return task.onServer ? '' : 'kept by Weir'
}

/** What was missed of its stream; empty when nothing is known to be. */
export function missedWords(task: Pick<TaskSummary, 'stepsMissed' | 'gapCount'>): string {
  if (task.stepsMissed > 0)
    return `${formatCount(task.stepsMissed)} ${plural(task.stepsMissed, 'step')} missed`
  if (task.gapCount > 0) return `${formatCount(task.gapCount)} ${plural(task.gapCount, 'gap')}`
  return ''
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`
}
