import { formatCount, formatDuration, formatRate, formatRoughly } from '#lib/format.ts'
import { formatClock, formatClockShort, formatFinish } from '#lib/format-time.ts'
import { estimateFinish, rateOf, silentFor } from '#model/pace.ts'
import { isTerminal, statusLabel } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'

/** "Paused" and "requested 14:02": a status, and how it is known where the source did not report it. */
export function statusWords(task: TaskSummary): { label: string; note: string | null } {
  const label = statusLabel(task.status)
  if (task.statusOrigin === 'command') {
    const at = (task.status === 'paused' ? task.pauseAskedAt : task.cancelAskedAt) ?? task.statusAt
    return { label, note: `${task.statusNote ?? 'requested'} ${formatClockShort(at)}` }
  }
  if (task.statusOrigin === 'inferred' && task.status !== 'unknown') return { label, note: 'inferred' }
  return { label, note: null }
}

/** "412 of 1,000 steps", "41 %", or what is known of it; null when nothing is. */
export function stepWords(task: TaskSummary): string | null {
  const { progress } = task
  if (progress === null || progress.step === null) return null
  const step = formatCount(progress.step)
  const stopped = isTerminal(task.status) && task.status !== 'completed'
  if (progress.total === null) return stopped ? `stopped at step ${step}` : `step ${step}`
  const total = formatCount(progress.total)
  return stopped ? `stopped at step ${step} of ${total}` : `${step} of ${total} steps`
}

/** When it will end: shown only while credible, and not for what stands still. */
export function finishWords(task: TaskSummary, now: number): { clock: string; left: string } | null {
  if (!isAdvancing(task)) return null
  const goal = task.pace?.unit === 'percent' ? 100 : (task.progress?.total ?? null)
  const finish = estimateFinish(task.pace, goal, now)
  if (!finish) return null
  return {
    clock: formatFinish(finish.from, finish.to, now),
    left: `about ${formatRoughly((finish.from + finish.to) / 2 - now)} left`,
  }
}

/** The progress bar's value in words: "412 of 1,000 steps, about 2 min left". */
export function progressText(task: TaskSummary, now: number): string {
  const percent = task.progress?.percent
  const known =
    stepWords(task) ?? (percent === null || percent === undefined ? null : `${Math.floor(percent)} percent`)
  const finish = finishWords(task, now)
  const words = [known ?? 'progress not reported', finish?.left].filter(Boolean).join(', ')
  return isAdvancing(task) ? words : `${words}, ${statusLabel(task.status).toLowerCase()}`
}

/** "0.57 steps/s"; null where none can be told. */
export function rateWords(task: TaskSummary): string | null {
  if (!isAdvancing(task)) return null
  const rate = rateOf(task.pace)
  return rate === null ? null : formatRate(rate, task.pace?.unit === 'percent' ? '%' : 'steps')
}

/** "no step for 4 min, usual ≤ 12 s"; null while all is as usual. */
export function silenceWords(task: TaskSummary, now: number): string | null {
  if (!isAdvancing(task)) return null
  const silence = silentFor(task.pace, now)
  if (silence === null || task.pace === null) return null
  const what = task.pace.unit === 'step' ? 'step' : 'progress'
  const usual = Math.max(1_000, task.pace.usualMs)
  return `no ${what} for ${formatRoughly(silence)}, usual ≤ ${formatRoughly(usual)}`
}

/** "12m 4s", "ran 48s, ended 13:40:02"; says so where the start or the end was not seen. */
export function lifeWords(task: TaskSummary, now: number): string {
  if (isTerminal(task.status)) {
    const end = task.endedAt === null ? 'end not seen' : `ended ${formatClock(task.endedAt)}`
    if (task.startedAt === null || task.endedAt === null) return end
    return `ran ${formatDuration(task.endedAt - task.startedAt)}, ${end}`
  }
  if (task.startedAt === null) return `seen for ${formatDuration(now - task.firstSeenAt)}, start not seen`
  return formatDuration(now - task.startedAt)
}

/** "last seen running 3 min ago". */
export function lastSeenWords(task: TaskSummary, readAt: number | null, now: number): string {
  const at = Math.max(task.eventAt ?? 0, readAt ?? 0, task.statusAt)
  return `last seen ${statusLabel(task.status).toLowerCase()} ${formatRoughly(now - at)} ago`
}

function isAdvancing(task: TaskSummary): boolean {
  return !isTerminal(task.status) && task.status !== 'paused'
}
