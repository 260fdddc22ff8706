import { spanOf, type Gap } from '#model/gap.ts'
import type { Origin } from '#model/origin.ts'
import { isTerminal, type TaskStatus } from '#model/status.ts'
import type { Task } from '#model/task.ts'

export type TimelineTask = Pick<
  Task,
  'phases' | 'firstSeenAt' | 'startedAt' | 'endedAt' | 'eventAt' | 'status'
> & {
  detail: Pick<Task['detail'], 'gaps'>
}

/** One stretch of a task's life, to scale. Times are ms since epoch; `left` and `width` share 0 to 1. */
export interface TimelinePhase {
  status: TaskStatus
  origin: Origin
  note: string | null
  from: number
  /** Null for the state it ended in: that one has no length. */
  to: number | null
  /** Still lasting. */
  open: boolean
  left: number
  width: number
}

/** What Weir itself missed. */
export interface TimelineGap {
  gap: Gap
  from: number
  to: number
  left: number
  width: number
}

export interface TimelineLayout {
  from: number
  to: number
  phases: TimelinePhase[]
  gaps: TimelineGap[]
  /** From here to the end its state is not known: what it was last seen in may be over. */
  unseen: { left: number; width: number } | null
  /** Before `from` the task already ran; for how long is not known. */
  beganBefore: boolean
}

/**
 * Lays a task's phases and gaps out to scale, from its start (or where Weir first saw it) to its end (or now).
 * Phases that were learnt late are brought into order, so that none has a negative length.
 * @param seenAt when the task was last known to be in its present state; null when it is known now
 */
export function layoutTimeline(
  task: TimelineTask,
  now: number,
  seenAt: number | null = null,
): TimelineLayout {
  const first = task.phases[0]
  const from = Math.min(task.startedAt ?? Infinity, first?.at ?? Infinity, task.firstSeenAt)
  const ended = isTerminal(task.status)
  const last = task.phases.at(-1)
  const to = Math.max(from, ended ? (task.endedAt ?? last?.at ?? now) : now)
  const span = Math.max(1, to - from)
  // A lost task was not seen to end: it is known to have run until its last event.
  const known = task.status === 'lost' ? task.eventAt : ended ? null : seenAt
  const seen = known === null ? to : Math.min(to, Math.max(from, known))
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / span))

  const starts: number[] = []
  for (const phase of task.phases) starts.push(Math.min(to, Math.max(starts.at(-1) ?? from, phase.at)))
  const phases = task.phases.map((phase, i): TimelinePhase => {
    const start = starts[i] ?? from
    const next = starts[i + 1]
    const terminal = isTerminal(phase.status) && next === undefined
    const end = terminal ? null : Math.max(start, Math.min(next ?? to, seen))
    return {
      status: phase.status,
      origin: phase.origin,
      note: phase.note,
      from: start,
      to: end,
      open: next === undefined && !terminal,
      left: share(start),
      width: share(end ?? start) - share(start),
    }
  })
  return {
    from,
    to,
    phases,
    gaps: task.detail.gaps.map((gap) => layoutGap(gap, from, to, share)),
    unseen: seen < to ? { left: share(seen), width: 1 - share(seen) } : null,
    beganBefore: task.startedAt === null,
  }
}

/** A task that Weir came late to has a hole from its start on; of some holes only the moment is known. */
function layoutGap(gap: Gap, from: number, to: number, share: (at: number) => number): TimelineGap {
  const within = (at: number) => Math.min(to, Math.max(from, at))
  const span = spanOf(gap)
  const end = within(span.to)
  const start = gap.cause === 'late' ? from : within(span.from)
  return { gap, from: start, to: end, left: share(start), width: share(end) - share(start) }
}

/** Time spent in each status, longest first; what has no length is left out. */
export function timePerStatus(phases: readonly TimelinePhase[]): { status: TaskStatus; ms: number }[] {
  const total = new Map<TaskStatus, number>()
  for (const phase of phases)
    if (phase.to !== null) total.set(phase.status, (total.get(phase.status) ?? 0) + phase.to - phase.from)
  return [...total]
    .map(([status, ms]) => ({ status, ms }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms)
}

/** Places for about `count` marks at even times of the span ("0", "5m", "10m"). */
export function timelineTicks(from: number, to: number, count: number): { ms: number; left: number }[] {
  const span = to - from
  if (span <= 0 || count < 1) return []
  const step = NICE_MS.find((each) => span / each <= count) ?? Math.ceil(span / count / DAY) * DAY
  const ticks: { ms: number; left: number }[] = []
  for (let ms = 0; ms <= span; ms += step) ticks.push({ ms, left: ms / span })
  return ticks
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NICE_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  DAY,
]
