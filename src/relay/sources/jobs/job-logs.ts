import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { JobsError } from '#protocols/jobs/client.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import type { JobServer } from './job-server.ts'
import { urlOf } from './settings.ts'

/** Reads logs that stand at an address of their own: of jobs that a page shows, and of those that have just ended (§5). */
export class JobLogs {
  readonly #server: JobServer
  /** Jobs that were seen to end. */
  readonly #ended = new Set<string>()

  constructor(server: JobServer) {
    this.#server = server
  }

  ended(id: string): void {
    if (this.#server.settings.log) this.#ended.add(id)
  }

  /** Reads what is due of the jobs that the list has, one after another. */
  async read(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const { context, settings } = this.#server
    if (!settings.log) return
    for (const id of ids) {
      if (signal.aborted) return
      const task = this.#server.get(id)
      const isWanted = this.#ended.delete(id) || context.isWatched(taskTopic(context.name, id))
      if (task && isWanted && !isRead(task))
        await this.#readOne(task, urlOf(settings.log.url, settings.url, id))
    }
  }

  async #readOne(task: Task, url: string): Promise<void> {
    const { client, context, faults } = this.#server
    let text: string
    try {
      text = await client.text(url)
      faults.read('task', task.id, null)
    } catch (error) {
      if (!(error instanceof JobsError)) throw error
      faults.read('task', task.id, `its log cannot be read: ${error.message}`)
      return
    }
    const hasEnded = isTerminal(task.status)
    const lines = text.split(/\r?\n/)
    // Without an end of line it is still being written.
    if (lines.at(-1) === '' || !hasEnded) lines.pop()
    const before = linesOf(task)
    const at = context.clock.now()
    const isAnother = lines.length < before
    const texts = isAnother ? lines : lines.slice(before)
    if (texts.length === 0 && !hasEnded) return
    const events: TaskEvent[] = [{ k: 'meta', at, meta: { logLines: lines.length, logRead: hasEnded } }]
    if (isAnother) events.push({ k: 'lines', at, kind: 'note', texts: ['its log begins anew'] })
    if (texts.length > 0) events.push({ k: 'lines', at, kind: 'out', texts })
    this.#server.add(task.id, events)
  }
}

function linesOf({ detail }: Task): number {
  const { logLines } = detail.meta
  return typeof logLines === 'number' ? logLines : 0
}

/** All of it is there, or comes over a stream. */
function isRead({ detail }: Task): boolean {
  return detail.meta['logRead'] === true || detail.meta['streamed'] === true
}
