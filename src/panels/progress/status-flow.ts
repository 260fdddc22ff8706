import { isTerminal, statusLabel, type TaskStatus } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'

/** The way of a run, in the order in which most go it; not all pass through every part. */
const FLOW = [
  'received',
  'queued',
  'scheduled',
  'preparing',
  'serving',
  'setting_up',
  'running',
  'uploading',
  'completed',
] as const satisfies readonly TaskStatus[]

/** `skipped`: later ones were reached without it. */
export type SegmentState = 'done' | 'skipped' | 'now' | 'ahead'

export interface FlowSegment {
  status: (typeof FLOW)[number]
  state: SegmentState
}

/**
 * A run's flow as segments. A run that is being cancelled, or ended otherwise than completed, stands where it
 * was before; one that was queued again stands at the queue.
 */
export function flowOf(task: Pick<TaskSummary, 'status' | 'phases'>): FlowSegment[] {
  const at = placeOf(task)
  const seen = new Set(task.phases.map((phase) => phase.status))
  return FLOW.map((status, i) => ({
    status,
    state:
      i > at
        ? 'ahead'
        : i === at && status !== 'completed'
          ? 'now'
          : seen.has(status) || i === at
            ? 'done'
            : 'skipped',
  }))
}

/** Index of the part it stands in; -1 before the first. */
function placeOf(task: Pick<TaskSummary, 'status' | 'phases'>): number {
  const direct = indexOf(task.status)
  if (direct >= 0) return direct
  for (const phase of task.phases.toReversed()) {
    const index = indexOf(phase.status)
    if (index >= 0 && phase.status !== 'completed') return index
  }
  return -1
}

function indexOf(status: TaskStatus): number {
  return (FLOW as readonly TaskStatus[]).indexOf(status)
}

/** "Preparing, 4 of 9", "Failed at running, 7 of 9". */
export function flowText(task: Pick<TaskSummary, 'status' | 'phases'>): string {
  const at = placeOf(task)
  const label = statusLabel(task.status)
  if (at < 0) return label
  const place = `${at + 1} of ${FLOW.length}`
  if (task.status === FLOW[at]) return `${label}, ${place}`
  const there = statusLabel(FLOW[at]!).toLowerCase()
  return isTerminal(task.status) ? `${label} at ${there}, ${place}` : `${label} while ${there}, ${place}`
}
