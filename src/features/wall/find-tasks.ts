import { compareNames } from '#lib/locale.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'

/** Tasks that hold every word, those at work first, then the newest. */
export function findTasks(tasks: Iterable<TaskSummary>, text: string): TaskSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found: TaskSummary[] = []
  for (const task of tasks) {
    const all = `${task.id} ${task.source} ${task.type ?? ''} ${task.status}`.toLowerCase()
    if (words.every((word) => all.includes(word))) found.push(task)
  }
  const at = (task: TaskSummary) => task.startedAt ?? task.firstSeenAt
  return found.sort(
    (a, b) =>
      Number(isTerminal(a.status)) - Number(isTerminal(b.status)) ||
      at(b) - at(a) ||
      compareNames(a.id, b.id),
  )
}
