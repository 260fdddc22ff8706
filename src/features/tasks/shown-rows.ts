import { taskKey } from '#model/task.ts'
import { matchesTask, sortTasks, type Tasks } from './arrange-tasks.ts'
import type { TasksQuery } from './tasks-query.ts'

/**
 * The rows a person sees. They keep their places while tasks change: what is new waits behind a button, what
 * no longer matches stays until asked to go.
 */
export interface ShownRows {
  /** Keys of tasks, in the order on screen. */
  keys: readonly string[]
  /** New ones that match and wait. */
  waiting: number
  /** Shown ones that no longer match. */
  gone: number
}

/** All that matches, in order: at first, when the filter or the sort changes, and when asked. */
export function arrangeRows(tasks: Tasks, query: TasksQuery): ShownRows {
  const matching = [...tasks.values()].filter((task) => matchesTask(task, query))
  return { keys: sortTasks(matching, query.sort).map(taskKey), waiting: 0, gone: 0 }
}

/**
 * The rows after tasks have changed. A task that does not exist any more leaves; one that this page has
 * started itself enters at once, at the top.
 */
export function keepRows(
  before: ShownRows,
  tasks: Tasks,
  query: TasksQuery,
  own: ReadonlySet<string>,
): ShownRows {
  // Nothing can move on an empty list.
  if (before.keys.length === 0) return arrangeRows(tasks, query)
  const shown = new Set(before.keys)
  const entering: string[] = []
  let waiting = 0
  for (const [key, task] of tasks) {
    if (shown.has(key) || !matchesTask(task, query)) continue
    if (own.has(key)) entering.push(key)
    else waiting += 1
  }
  let gone = 0
  let left = false
  for (const key of before.keys) {
    const task = tasks.get(key)
    if (!task) left = true
    else if (!matchesTask(task, query)) gone += 1
  }
  if (entering.length === 0 && !left)
    return waiting === before.waiting && gone === before.gone ? before : { keys: before.keys, waiting, gone }
  const stay = left ? before.keys.filter((key) => tasks.has(key)) : before.keys
  const first = sortTasks(
    entering.map((key) => tasks.get(key)!),
    query.sort,
  ).map(taskKey)
  return { keys: [...first, ...stay], waiting, gone }
}

/** Takes out what no longer matches and leaves the rest where it is. */
export function dropGone(before: ShownRows, tasks: Tasks, query: TasksQuery): ShownRows {
  const keys = before.keys.filter((key) => {
    const task = tasks.get(key)
    return task !== undefined && matchesTask(task, query)
  })
  return { keys, waiting: before.waiting, gone: 0 }
}
