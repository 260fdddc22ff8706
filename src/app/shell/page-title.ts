import type { TaskSummary } from '#model/task.ts'

/**
 * What title and favicon tell: the watched tasks that run if there are any, else all that run. What is only known as
 * it was last seen is left out.
 */
export interface PageProgress {
  running: number
  /** Mean of those that say; null when none does. */
  percent: number | null
}

export function pageProgress(
  tasks: Iterable<[string, TaskSummary]>,
  watched: ReadonlySet<string>,
  isStale: (task: TaskSummary) => boolean = () => false,
): PageProgress {
  const all = summary()
  const chosen = summary()
  for (const [key, task] of tasks) {
    if (task.status !== 'running' || isStale(task)) continue
    add(all, task)
    if (watched.has(key)) add(chosen, task)
  }
  const told = chosen.running > 0 ? chosen : all
  return {
    running: all.running,
    percent: told.count > 0 ? Math.floor(told.sum / told.count) : null,
  }
}

function summary(): { running: number; sum: number; count: number } {
  return { running: 0, sum: 0, count: 0 }
}

function add(into: ReturnType<typeof summary>, task: TaskSummary): void {
  into.running += 1
  const percent = task.progress?.percent ?? null
  if (percent === null) return
  into.sum += percent
  into.count += 1
}

/** "3 running · 41 % · Weir"; "no word · Weir" while the page's own connection is silent. */
export function pageTitle(progress: PageProgress, place: string, isLive = true): string {
  const parts = [
    isLive ? '' : 'no word',
    progress.running > 0 ? `${progress.running} running` : '',
    progress.running > 0 && progress.percent !== null ? `${progress.percent} %` : '',
    place,
    'Weir',
  ]
  return parts.filter(Boolean).join(' · ')
}
