import { taskKey } from '#model/task.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import { latestCommands, type LatestCommand } from './latest-command.ts'
import type { Refusal } from './refusal.ts'
import type { TaskVerb } from './task-verbs.ts'

export type TaskCommandState = LatestCommand<TaskVerb>

/** What became of the last command this page sent for each task: every control of a task says the same. */
export const taskCommands = latestCommands<TaskVerb>()

export function useTaskCommand(key: string): TaskCommandState | undefined {
  return taskCommands.use(key)
}

/** True while a command of this page waits for its answer. */
export function isUnderWay(said: TaskCommandState | undefined, verb: TaskVerb): boolean {
  return said?.verb === verb && said.refusal === null
}

/** Sends a command; resolves with why it came to nothing, or may have, and with null when it was accepted. */
export async function sendTaskCommand(
  weir: WeirClient,
  task: { source: string; id: string },
  verb: TaskVerb,
): Promise<Refusal | null> {
  const { source, id } = task
  const failure = await taskCommands.send(taskKey(task), verb, () => weir.command(source, id, verb))
  return failure?.refusal ?? null
}

export function dismissRefusal(key: string): void {
  taskCommands.dismiss(key)
}
