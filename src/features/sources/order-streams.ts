import { compareNames } from '#lib/locale.ts'
import { isTerminal } from '#model/status.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskSummary } from '#model/task.ts'

/** What keeps news away comes first, what rests last. */
const RANK: Record<StreamStateName, number> = {
  failed: 0,
  in_use: 1,
  silenced: 2,
  stalled: 3,
  reconnecting: 4,
  connecting: 5,
  open: 6,
  none: 7,
  closed: 8,
}

/** The streams of a source that matter now: of tasks at work, and any that have not come to rest. */
export function streamsOf(tasks: Iterable<TaskSummary>, source: string): TaskSummary[] {
  const found: TaskSummary[] = []
  for (const task of tasks) {
    const rests = task.stream.name === 'none' || task.stream.name === 'closed'
    if (task.source === source && !(isTerminal(task.status) && rests)) found.push(task)
  }
  return found.sort((a, b) => RANK[a.stream.name] - RANK[b.stream.name] || compareNames(a.id, b.id))
}
