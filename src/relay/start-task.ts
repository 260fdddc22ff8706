import type { Author } from '#model/author.ts'
import { mayRun } from '#model/task.ts'
import type { SourceAdapter, TaskStart, TaskStarted } from './source-adapter.ts'
import type { Stops } from './stops.ts'
import type { Tasks } from './record/doors.ts'
import type { Timeouts } from './timeouts.ts'

/** Starts a task of a source; what Weir itself keeps of its options ("cancel after") is kept here. */
export type StartTask = (source: string, start: TaskStart, by: Author) => Promise<TaskStarted>

export function taskStarter(
  adapters: ReadonlyMap<string, SourceAdapter>,
  timeouts: Timeouts,
  book: Tasks,
  stops: Stops,
): StartTask {
  return async (source, start, by) => {
    const adapter = adapters.get(source)!
    const { cancel_after: seconds } = start.options ?? {}
    const stoppedBy = stops.since(source)
    const { isWanted = () => true } = start
    // Only a start that waits for its turn can still be kept back.
    const waits = start.isWanted !== undefined || adapter.queuesStarts
    const started = await adapter.startTask(
      { ...start, ...(waits ? { isWanted: () => isWanted() && stoppedBy() === null } : {}) },
      by,
    )
    const { error } = started.command
    if (error && error.outcome !== 'not-answered') return started
    if (typeof seconds === 'number' && seconds > 0)
      timeouts.set({ source, id: started.id, kind: adapter.kind }, seconds * 1_000)
    // It was under way when all was stopped.
    const stopper = stoppedBy()
    const task = book.get(source, started.id)
    if (stopper && task && mayRun(task) && task.status !== 'cancelling')
      await adapter.steerTask(started.id, 'cancel', stopper)
    return started
  }
}
