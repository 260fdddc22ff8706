import type { Author } from '#model/author.ts'
import type { SourceAdapter, TaskStart, TaskStarted } from './source-adapter.ts'
import type { Timeouts } from './timeouts.ts'

/** Starts a task of a source; what Weir itself keeps of its options ("cancel after") is kept here. */
export type StartTask = (source: string, start: TaskStart, by: Author) => Promise<TaskStarted>

export function taskStarter(adapters: ReadonlyMap<string, SourceAdapter>, timeouts: Timeouts): StartTask {
  return async (source, start, by) => {
    const adapter = adapters.get(source)!
    const { cancel_after: seconds } = start.options ?? {}
    const started = await adapter.startTask(start, by)
    const { error } = started.command
    if (typeof seconds === 'number' && seconds > 0 && (!error || error.outcome === 'not-answered'))
      timeouts.set({ source, id: started.id, kind: adapter.kind }, seconds * 1_000)
    return started
  }
}
