import type { Batch } from '#model/batch.ts'
import type { TaskStatus } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'

/** How many runs of a batch are where. */
export interface BatchCounts {
  waiting: number
  running: number
  completed: number
  /** Failed, lost or never taken by the source. */
  failed: number
  cancelled: number
  /** In a state that only the service's own word names. */
  unknown: number
}

type Placed = Pick<TaskSummary, 'status' | 'statusNote'>

/** Started, and not seen yet. */
const UNSEEN: Placed = { status: 'unknown', statusNote: null }

const WAITING: ReadonlySet<TaskStatus> = new Set(['received', 'queued', 'scheduled', 'unknown'])

export function countBatch(batch: Batch, taskOf: (id: string) => Placed | undefined): BatchCounts {
  const counts: BatchCounts = {
    waiting: 0,
    running: 0,
    completed: 0,
    failed: batch.refused.length,
    cancelled: 0,
    unknown: 0,
  }
  for (const id of batch.taskIds) if (id !== null) counts[placeOf(taskOf(id) ?? UNSEEN)] += 1
  // What has not been started: it waits, or never will.
  const rest = batch.total - Object.values(counts).reduce((sum, count: number) => sum + count, 0)
  if (rest > 0) counts[batch.cancelledAt === null ? 'waiting' : 'cancelled'] += rest
  return counts
}

function placeOf({ status, statusNote }: Placed): keyof BatchCounts {
  if (status === 'unknown' && statusNote !== null) return 'unknown'
  if (WAITING.has(status)) return 'waiting'
  if (status === 'completed' || status === 'cancelled') return status
  return status === 'failed' || status === 'lost' ? 'failed' : 'running'
}

export function endedOf(counts: BatchCounts): number {
  return counts.completed + counts.failed + counts.cancelled
}

/** 0 to 100: runs that go on count by their own progress. */
export function batchPercent(
  batch: Batch,
  taskOf: (id: string) => (Placed & Pick<TaskSummary, 'progress'>) | undefined,
): number {
  if (batch.total === 0) return 100
  const counts = countBatch(batch, taskOf)
  let done = endedOf(counts) * 100
  for (const id of batch.taskIds) {
    const task = id === null ? undefined : taskOf(id)
    if (task && placeOf(task) === 'running') done += task.progress?.percent ?? 0
  }
  return done / batch.total
}
