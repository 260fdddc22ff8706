import { LOG_LINE_KINDS, type LogLineKind } from '#model/log-buffer.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { SourceContext } from '../../source-adapter.ts'
import { KnownRun, type KnownLines } from './known-run.ts'

/** Lines read at a time. */
const AT_ONCE = { lines: 50_000, chars: 32_000_000 }

/** What was known of the unfinished runs of a service when Weir ended. */
export class KnownRuns {
  readonly #context: SourceContext
  readonly #runs = new Map<string, KnownRun>()

  constructor(context: SourceContext) {
    this.#context = context
  }

  /** Runs that were read back and have not ended. */
  get unfinished(): Task[] {
    const { book, name } = this.#context
    return book.tasksOf(name).filter(({ status }) => !isTerminal(status) || status === 'lost')
  }

  /** Reads what their logs have; to be done before any of them is followed. Rejects with a StoreError. */
  async read(): Promise<void> {
    for (const task of this.unfinished) this.#runs.set(task.id, new KnownRun(task, await this.#linesOf(task)))
  }

  /** What was known of a run, for whoever follows it first; null for one that is new. */
  take(id: string): KnownRun | null {
    const run = this.#runs.get(id) ?? null
    this.#runs.delete(id)
    return run
  }

  async #linesOf({ source, id, log }: Task): Promise<Map<LogLineKind, KnownLines>> {
    const { book } = this.#context
    const known = new Map<LogLineKind, KnownLines>()
    for (let next = log.first; next < log.total;) {
      const { first, kinds, texts } = await book.lines(source, id, next, log.total, AT_ONCE)
      if (texts.length === 0) break
      for (const [k, text] of texts.entries()) {
        const kind = LOG_LINE_KINDS[kinds[k]!]!
        known.set(kind, { count: (known.get(kind)?.count ?? 0) + 1, last: text })
      }
      next = first + texts.length
    }
    // What Weir says itself is not told again by the service.
    for (const kind of ['gap', 'note', 'error'] as const) known.delete(kind)
    return known
  }
}
