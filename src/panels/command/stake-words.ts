import { formatDuration, formatPercent, formatRoughly } from '#lib/format.ts'
import type { Stake } from '#model/stake.ts'
import type { TaskSummary } from '#model/task.ts'
import { stepWords } from '#panels/progress/task-facts.ts'

/** For how long it has run: "20h 4m", "at least 12m 4s", "unknown how long". */
function ranWords({ ran, ranMs }: Stake): string {
  if (ran === 'unknown') return `since before Weir saw it, ${formatDuration(ranMs)} ago or more`
  return ran === 'at-least' ? `at least ${formatDuration(ranMs)}` : formatDuration(ranMs)
}

/** How far it is, without the time: "41 %, 412 of 1,000 steps"; empty when it does not tell. */
function doneWords(task: Pick<TaskSummary, 'progress' | 'status'>): string {
  const { percent = null, step = null } = task.progress ?? {}
  return [percent === null ? '' : formatPercent(percent), step === null ? '' : stepWords(task)]
    .filter(Boolean)
    .join(', ')
}

/** What is lost when it is cancelled now, in whole sentences. */
export function lossWords(task: TaskSummary, stake: Stake): string {
  const done = doneWords(task)
  const ran =
    stake.ran === 'unknown'
      ? 'It ran already when Weir first saw it; for how long is not known.'
      : stake.ranMs === 0
        ? 'It has not begun yet.'
        : `It has run for ${ranWords(stake)}.`
  const left = stake.leftMs === null ? '' : ` About ${formatRoughly(stake.leftMs)} are left.`
  return `${ran}${done ? ` It is at ${done}.` : ''}${left} Once cancelled it does not go on, and what it would still have delivered is lost.`
}

/** Beside its name in a list: "20h 4m, 41 %". */
export function stakeNote(task: TaskSummary, stake: Stake): string {
  const age = stake.ran === 'unknown' ? 'ran before Weir saw it' : ranWords(stake)
  const percent = task.progress?.percent ?? null
  return percent === null ? age : `${age}, ${formatPercent(percent)}`
}
