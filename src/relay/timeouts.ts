import type { Clock } from '#lib/clock.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import type { SourceAdapter } from './source-adapter.ts'
import type { TaskBook } from './task-book.ts'

/** Longest wait of one timer; longer ones are taken in several. */
const MOST_MS = 2 ** 31 - 1

/** "Cancel after": kept here, so that it holds whether or not a page is open. */
export class Timeouts {
  readonly #clock: Clock
  readonly #book: TaskBook
  readonly #adapters: ReadonlyMap<string, SourceAdapter>
  readonly #timers = new Map<string, unknown>()

  constructor(clock: Clock, book: TaskBook, adapters: ReadonlyMap<string, SourceAdapter>) {
    this.#clock = clock
    this.#book = book
    this.#adapters = adapters
  }

  /** @param afterMs from now; null takes it back */
  set(task: Pick<TaskSummary, 'source' | 'id' | 'kind'>, afterMs: number | null): void {
    const { source, id, kind } = task
    this.#clear(`${source}/${id}`)
    const cancelAt = afterMs === null ? null : this.#clock.now() + afterMs
    this.#book.record(source, kind, id, [{ k: 'meta', at: this.#clock.now(), meta: { cancelAt } }])
    if (cancelAt !== null) this.#wait(source, id, cancelAt)
  }

  taskEnded(task: Pick<TaskSummary, 'source' | 'id'>): void {
    this.#clear(`${task.source}/${task.id}`)
  }

  stop(): void {
    for (const key of this.#timers.keys()) this.#clear(key)
  }

  #wait(source: string, id: string, cancelAt: number): void {
    const left = Math.min(MOST_MS, Math.max(0, cancelAt - this.#clock.now()))
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(`${source}/${id}`)
      if (this.#clock.now() < cancelAt) {
        this.#wait(source, id, cancelAt)
        return
      }
      const task = this.#book.get(source, id)
      if (task && !isTerminal(task.status))
        void this.#adapters.get(source)?.steerTask(id, 'cancel', 'timeout')
    }, left)
    this.#timers.set(`${source}/${id}`, timer)
  }

  #clear(key: string): void {
    const timer = this.#timers.get(key)
    if (timer === undefined) return
    this.#clock.clearTimeout(timer)
    this.#timers.delete(key)
  }
}
