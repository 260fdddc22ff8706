import type { Clock } from '#lib/clock.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import type { SourceAdapter } from './source-adapter.ts'
import type { TaskBook } from './task-book.ts'

/** Longest wait of one timer; longer ones are taken in several. */
const MOST_MS = 2 ** 31 - 1
/** After a refused cancel, before the next. */
const RETRY_MS = 15_000

/** "Cancel after": kept here, so that it holds whether or not a page is open. */
export class Timeouts {
  readonly #clock: Clock
  readonly #book: TaskBook
  readonly #adapters: ReadonlyMap<string, SourceAdapter>
  readonly #timers = new Map<string, unknown>()
  /** When each task is to be cancelled; stands while its cancel is under way. */
  readonly #due = new Map<string, number>()

  constructor(clock: Clock, book: TaskBook, adapters: ReadonlyMap<string, SourceAdapter>) {
    this.#clock = clock
    this.#book = book
    this.#adapters = adapters
  }

  /**
   * A task that has ended needs none: what stood for it goes.
   * @param afterMs from now; null takes it back
   */
  set(task: Pick<TaskSummary, 'source' | 'id' | 'kind'>, afterMs: number | null): void {
    const { source, id, kind } = task
    this.#clear(`${source}/${id}`)
    const known = this.#book.get(source, id)
    if (known && isTerminal(known.status)) return
    const cancelAt = afterMs === null ? null : this.#clock.now() + afterMs
    this.#book.record(source, kind, id, [{ k: 'meta', at: this.#clock.now(), meta: { cancelAt } }])
    if (cancelAt !== null) this.#wait(source, id, cancelAt)
  }

  taskEnded(task: Pick<TaskSummary, 'source' | 'id'>): void {
    this.#clear(`${task.source}/${task.id}`)
  }

  stop(): void {
    for (const key of this.#due.keys()) this.#clear(key)
  }

  #wait(source: string, id: string, cancelAt: number): void {
    const key = `${source}/${id}`
    this.#due.set(key, cancelAt)
    const left = Math.min(MOST_MS, Math.max(0, cancelAt - this.#clock.now()))
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(key)
      if (this.#clock.now() < cancelAt) {
        this.#wait(source, id, cancelAt)
        return
      }
      void this.#cancel(source, id, cancelAt)
    }, left)
    this.#timers.set(key, timer)
  }

  /** Asks again after a refusal, as long as the task runs and nobody changed its time. */
  async #cancel(source: string, id: string, cancelAt: number): Promise<void> {
    const key = `${source}/${id}`
    const runs = () => {
      const task = this.#book.get(source, id)
      return task !== undefined && !isTerminal(task.status)
    }
    const command = runs() ? await this.#adapters.get(source)?.steerTask(id, 'cancel', 'timeout') : undefined
    if (this.#due.get(key) !== cancelAt) return
    if (command && command.refusedAt !== null && runs()) this.#wait(source, id, this.#clock.now() + RETRY_MS)
    else this.#due.delete(key)
  }

  #clear(key: string): void {
    this.#due.delete(key)
    const timer = this.#timers.get(key)
    if (timer === undefined) return
    this.#clock.clearTimeout(timer)
    this.#timers.delete(key)
  }
}
