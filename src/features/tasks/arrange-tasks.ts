import { compareNames } from '#lib/locale.ts'
import { TASK_STATUSES, type TaskStatus } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import type { TasksQuery, TaskSort } from './tasks-query.ts'

export type Tasks = ReadonlyMap<string, TaskSummary>

/** Everything but the status, over which the counts are taken. */
function matchesRest(task: TaskSummary, query: TasksQuery): boolean {
  if (query.source && task.source !== query.source) return false
  if (query.type && task.type !== query.type) return false
  return query.text === '' || query.text.split(/\s+/).every((word) => mentions(task, word))
}

function mentions(task: TaskSummary, word: string): boolean {
  return (
    task.id.toLowerCase().includes(word) ||
    task.source.toLowerCase().includes(word) ||
    (task.type?.toLowerCase().includes(word) ?? false) ||
    (task.statusNote?.toLowerCase().includes(word) ?? false) ||
    (task.message?.toLowerCase().includes(word) ?? false) ||
    (task.error?.message.toLowerCase().includes(word) ?? false) ||
    (task.error?.type.toLowerCase().includes(word) ?? false)
  )
}

export function matchesTask(task: TaskSummary, query: TasksQuery): boolean {
  return (query.statuses.size === 0 || query.statuses.has(task.status)) && matchesRest(task, query)
}

/** How many tasks each status button would show. */
export function countStatuses(tasks: Tasks, query: TasksQuery): ReadonlyMap<TaskStatus, number> {
  const counts = new Map<TaskStatus, number>()
  for (const task of tasks.values())
    if (matchesRest(task, query)) counts.set(task.status, (counts.get(task.status) ?? 0) + 1)
  return counts
}

/** The statuses of which some tasks are only known as they were last seen. */
export function unsureStatuses(
  tasks: Tasks,
  query: TasksQuery,
  isStale: (task: TaskSummary) => boolean,
): ReadonlySet<TaskStatus> {
  const unsure = new Set<TaskStatus>()
  for (const task of tasks.values())
    if (!unsure.has(task.status) && isStale(task) && matchesRest(task, query)) unsure.add(task.status)
  return unsure
}

const startOf = (task: TaskSummary) => task.startedAt ?? task.firstSeenAt

const COMPARE: Record<TaskSort, (a: TaskSummary, b: TaskSummary) => number> = {
  newest: (a, b) => startOf(b) - startOf(a),
  oldest: (a, b) => startOf(a) - startOf(b),
  name: () => 0,
  status: (a, b) => URGENCY[a.status] - URGENCY[b.status] || startOf(b) - startOf(a),
  progress: (a, b) => (b.progress?.percent ?? -1) - (a.progress?.percent ?? -1),
  activity: (a, b) => (b.eventAt ?? b.statusAt) - (a.eventAt ?? a.statusAt),
}

/** What needs a person first, then what moves, then what waits, then what is over. */
const ORDER: readonly TaskStatus[] = ['failed', 'lost', 'unknown', 'paused', 'cancelling', 'running']
const URGENCY = Object.fromEntries(
  TASK_STATUSES.map((status, index) => {
    const urgent = ORDER.indexOf(status)
    return [status, urgent >= 0 ? urgent : ORDER.length + index]
  }),
) as Record<TaskStatus, number>

/** Names break ties, numbers in them as numbers, so that the order is the same in every browser. */
export function sortTasks(tasks: TaskSummary[], sort: TaskSort): TaskSummary[] {
  return tasks.sort(
    (a, b) => COMPARE[sort](a, b) || compareNames(a.id, b.id) || compareNames(a.source, b.source),
  )
}
