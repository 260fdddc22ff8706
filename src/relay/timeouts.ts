import type { Clock } from '#lib/clock.ts'
import { inBackground } from '#lib/isolate.ts'
import { isTerminal } from '#model/status.ts'
import { mayRun, type TaskSummary } from '#model/task.ts'
import type { SourceAdapter } from './source-adapter.ts'
import { justEnded, type Tasks } from './record/doors.ts'
import type { Topic } from './record/kind-table.ts'
import type { RecordObserver } from './record/record.ts'

/** Longest wait of one timer; longer ones are taken in several. */
const MOST_MS = 2 ** 31 - 1
/** A limit that passed while Weir was away still holds for so long. */
const LATE_MS = 5 * 60_000
/** After a refused cancel, before the next. */
const RETRY_MS = 15_000

interface Limit {
  /** ms since epoch. */
  cancelAt: number
  /** As it was set, ms. */
  afterMs: number
}

/** "Cancel after": kept here, so that it holds whether or not a page is open. */
export class Timeouts implements RecordObserver {
  readonly #clock: Clock
  readonly #book: Tasks
  readonly #adapters: ReadonlyMap<string, SourceAdapter>
  readonly #timers = new Map<string, unknown>()
  /** The limit of each task; stands while its cancel is under way. */
  readonly #due = new Map<string, Limit>()

  constructor(clock: Clock, book: Tasks, adapters: ReadonlyMap<string, SourceAdapter>) {
    this.#clock = clock
    this.#book = book
    this.#adapters = adapters
  }

  /**
   * Goes on with the limits of tasks that were read back. One that passed long ago is no longer carried out: a
   * person decides, who may have gone on without Weir.
   */
  begin(): void {
    for (const { source, id } of this.#book.all()) {
      const task = this.#book.get(source, id)!
      const { cancelAt, cancelAfterMs } = task.detail.meta
      if (!mayRun(task) || typeof cancelAt !== 'number' || typeof cancelAfterMs !== 'number') continue
      if (this.#clock.now() - cancelAt <= LATE_MS)
        this.#wait(source, id, { cancelAt, afterMs: cancelAfterMs })
      else this.#enter(task, null, cancelAt)
    }
  }

  /**
   * A task that has ended needs none: what stood for it goes.
   * @param afterMs from now; null takes it back
   */
  set(task: Pick<TaskSummary, 'source' | 'id' | 'kind'>, afterMs: number | null): void {
    const { source, id } = task
    this.#clear(`${source}/${id}`)
    const known = this.#book.get(source, id)
    if (known && !mayRun(known)) return
    const limit = afterMs === null ? null : { cancelAt: this.#clock.now() + afterMs, afterMs }
    this.#enter(task, limit, null)
    if (limit) this.#wait(source, id, limit)
  }

  /** One that was lost may go on, and its time holds. */
  entered(topic: Topic, before: unknown): void {
    const task = justEnded(topic, before)
    if (task && !mayRun(task)) this.#clear(`${task.source}/${task.id}`)
  }

  stop(): void {
    for (const key of this.#due.keys()) this.#clear(key)
  }

  /** @param missed when a limit passed that is not carried out, ms since epoch */
  #enter(
    { source, id, kind }: Pick<TaskSummary, 'source' | 'id' | 'kind'>,
    limit: Limit | null,
    missed: number | null,
  ): void {
    const at = this.#clock.now()
    const meta = { cancelAt: limit?.cancelAt ?? null, cancelAfterMs: limit?.afterMs ?? null }
    const isNews = missed !== null || typeof this.#book.get(source, id)?.limitMissedAt === 'number'
    this.#book.record(source, kind, id, [
      { k: 'meta', at, meta },
      ...(isNews ? [{ k: 'limit-missed', at, limitAt: missed } as const] : []),
    ])
  }

  #wait(source: string, id: string, limit: Limit): void {
    const key = `${source}/${id}`
    this.#due.set(key, limit)
    const left = Math.min(MOST_MS, Math.max(0, limit.cancelAt - this.#clock.now()))
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(key)
      if (this.#clock.now() < limit.cancelAt) {
        this.#wait(source, id, limit)
        return
      }
      inBackground(this.#cancel(source, id, limit))
    }, left)
    this.#timers.set(key, timer)
  }

  /** Asks again after a refusal, as long as the task runs and nobody changed its time. */
  async #cancel(source: string, id: string, limit: Limit): Promise<void> {
    const key = `${source}/${id}`
    const task = () => this.#book.get(source, id)
    const runs = () => !isTerminal(task()?.status ?? 'lost')
    const known = task()
    const by = { kind: 'weir', reason: 'time-limit', afterMs: limit.afterMs } as const
    const command =
      known && mayRun(known) ? await this.#adapters.get(source)?.steerTask(id, 'cancel', by) : undefined
    if (this.#due.get(key) !== limit) return
    if (command && command.failedAt !== null && runs())
      this.#wait(source, id, { ...limit, cancelAt: this.#clock.now() + RETRY_MS })
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
