import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import type { Toast } from '#ui/toast.tsx'
import { type Refusal } from '#panels/command/refusal.ts'
import { sendTaskCommand } from './task-commands.ts'

/** The selected tasks that may still run and were not yet asked to stop. */
export function cancellable(
  tasks: ReadonlyMap<string, TaskSummary>,
  keys: ReadonlySet<string>,
): TaskSummary[] {
  return [...keys]
    .map((key) => tasks.get(key))
    .filter((task) => task !== undefined)
    .filter((task) => !isTerminal(task.status) && task.status !== 'cancelling')
}

/** Asks all of them to stop; the relay queues what a source cannot take at once. */
export async function cancelMany(weir: WeirClient, tasks: readonly TaskSummary[]): Promise<Toast> {
  const answers = await Promise.all(tasks.map((task) => sendTaskCommand(weir, task, 'cancel')))
  return summarise(
    tasks.map((task) => task.id),
    answers,
  )
}

/** The outcome in one sentence; refusals with the first one's own words. */
export function summarise(ids: readonly string[], answers: readonly (Refusal | null)[]): Toast {
  const refused = answers.flatMap((refusal, index) => (refusal ? [{ id: ids[index] ?? '', refusal }] : []))
  const accepted = answers.length - refused.length
  const asked = `${accepted} ${accepted === 1 ? 'task was' : 'tasks were'} asked to cancel`
  const [first] = refused
  if (!first) return { tone: 'ok', text: `${asked}.` }
  return {
    tone: 'bad',
    stays: true,
    text: `${asked}, ${refused.length} refused. ${first.id}: ${first.refusal.type}: ${first.refusal.message}`,
  }
}
