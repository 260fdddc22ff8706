import { isTerminal } from '#model/status.ts'
import { isBeingCancelled, taskKey, type TaskSummary } from '#model/task.ts'
import { followCommand } from '#panels/command/command-store.ts'
import { OUTCOME_WORDS, type Refusal } from '#panels/command/refusal.ts'
import { stopTasks, type Stopped } from '#panels/command/stop-tasks.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import type { Toast } from '#ui/toast.tsx'

/** The selected tasks that may still run and were not yet asked to stop. */
export function cancellable(
  tasks: ReadonlyMap<string, TaskSummary>,
  keys: ReadonlySet<string>,
): TaskSummary[] {
  return [...keys]
    .map((key) => tasks.get(key))
    .filter((task) => task !== undefined)
    .filter((task) => !isTerminal(task.status) && !isBeingCancelled(task))
}

/** Asks all of them to stop; each control says what became of its own. */
export async function cancelMany(weir: WeirClient, tasks: readonly TaskSummary[]): Promise<Toast> {
  const settle = new Map<string, (refusal: Refusal | null) => void>()
  for (const task of tasks)
    followCommand(
      taskTopic(task.source, task.id),
      'cancel',
      new Promise((resolve) => settle.set(taskKey(task), resolve)),
    )
  const sources = [...new Set(tasks.map(({ source }) => source))]
  const { stopped } = await stopTasks(weir, sources, tasks, false, (round) => {
    for (const each of round.stopped) if (each.outcome !== 'asked') settle.get(taskKey(each))?.(each.refusal)
  })
  return summarise(stopped)
}

/** The outcome in one sentence; what came to nothing with the first one's own words. */
export function summarise(stopped: readonly Stopped[]): Toast {
  const accepted = stopped.filter(({ outcome }) => outcome === 'accepted').length
  const parts = [`${accepted} ${accepted === 1 ? 'task was' : 'tasks were'} asked to cancel`]
  for (const outcome of ['refused', 'not-answered', 'not-sent'] as const) {
    const count = stopped.filter((each) => each.outcome === outcome).length
    if (count > 0) parts.push(`${count} ${OUTCOME_WORDS[outcome]}`)
  }
  const ended = stopped.filter(({ outcome }) => outcome === 'had-ended').length
  if (ended > 0) parts.push(`${ended} had ended`)
  const text = parts.join(', ')
  const first = stopped.find(({ refusal }) => refusal !== null)
  if (!first?.refusal) return { tone: 'ok', text: `${text}.` }
  return {
    tone: stopped.some(({ outcome }) => outcome === 'refused') ? 'bad' : 'warn',
    stays: true,
    text: `${text}. ${first.id}: ${first.refusal.type}: ${first.refusal.message}`,
  }
}
