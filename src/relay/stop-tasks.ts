import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { StopAnswer } from '#protocols/weir/api.ts'
import type { Batches } from './batches.ts'
import type { SourceAdapter } from './source-adapter.ts'
import type { Stops } from './stops.ts'
import type { Tasks } from './record/doors.ts'

export interface StopOptions {
  book: Tasks
  batches: Batches
  stops: Stops
  adapters: ReadonlyMap<string, SourceAdapter>
}

/**
 * Asks the unfinished tasks of a source to cancel, all at once: one that does not answer holds up no other. What waits
 * in a batch, or for its turn to start, does not start any more. Streams of devices go on.
 * @param ids only these; null: all
 */
export async function stopTasks(
  { book, batches, stops, adapters }: StopOptions,
  source: string,
  ids: readonly string[] | null,
  by: Author,
): Promise<StopAnswer> {
  let notStarted = 0
  if (ids === null) {
    stops.note(source, by)
    notStarted = batches.haltAll(source, by)
  }
  const wanted = ids && new Set(ids)
  const adapter = adapters.get(source)!
  const isUnfinished = ({ status }: Task) => !isTerminal(status) || (status === 'lost' && adapter.lostMayRun)
  const tasks = book.tasksOf(source).filter((task) => isUnfinished(task) && (wanted?.has(task.id) ?? true))
  const isAsked = (task: Task) => task.status === 'cancelling' && isHeard(lastCancel(task))
  const commands = await Promise.all(
    tasks.filter((task) => !isAsked(task)).map((task) => adapter.steerTask(task.id, 'cancel', by)),
  )
  return { commands, cancelling: tasks.filter(isAsked).map(({ id }) => id), notStarted }
}

function lastCancel(task: Task): Command | undefined {
  return task.detail.commands.findLast(({ verb }) => verb === 'cancel')
}

/** It is under way or was accepted: to ask once more would change nothing. */
function isHeard(command: Command | undefined): boolean {
  return command !== undefined && command.failedAt === null
}
