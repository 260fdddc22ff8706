import { backOffMs } from '#lib/backoff.ts'
import type { Clock } from '#lib/clock.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'

/** A 429 without `Retry-After`: the first wait and the longest, ms. */
const WAIT_MS = { first: 1_000, most: 30_000 }
/** Between requests that waited: a key has about 1,000 reads a minute (inference.sh wire contract §2). */
const SPACING_MS = 60

/**
 * The limit on requests belongs to the key, so whatever asks with it shares this: one 429 makes all wait for as long
 * as the service said. Then one asks first, and only after its answer the others follow, spaced.
 */
export class RequestLimit {
  readonly #clock: Clock
  readonly #random: () => number
  /** Monotonic, ms. */
  #openAt = -Infinity
  #askedMs = 0
  /** Refusals in a row. */
  #hits = 0
  #waiting: (() => void)[] = []
  #timer: unknown
  /** The one that asks first is under way. */
  #trying = false

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** How long until the first may ask again, ms; 0 while nobody has to wait. */
  get waitMs(): number {
    return Math.max(0, this.#openAt - this.#clock.monotonic())
  }

  /** How long the last wait was when it began, ms. */
  get askedMs(): number {
    return this.#askedMs
  }

  /**
   * Asks when it may. What is refused by the limit is not asked again: whoever wanted it decides.
   * @param signal gives up waiting for the turn, and rejects with its reason
   */
  async run<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const waits = this.#hits > 0
    if (waits) await this.#turn(signal)
    const isFirst = waits && this.#trying
    try {
      const answer = await ask()
      this.#passed()
      return answer
    } catch (error) {
      if (error instanceof InferenceError)
        if (error.kind === 'rate') this.#hit(error.retryAfterMs)
        // It was refused for another reason: the limit let it through.
        else if (error.status !== null) this.#passed()
      throw error
    } finally {
      if (isFirst) this.#trying = false
      this.#schedule(this.#hits > 0 ? this.waitMs : SPACING_MS)
    }
  }

  /** An answer to what was asked before the refusal says nothing of what comes after. */
  #passed(): void {
    if (this.waitMs === 0) this.#hits = 0
  }

  #hit(retryAfterMs: number | null): void {
    const ceiling = backOffMs(WAIT_MS, this.#hits++)
    const wait = retryAfterMs ?? ceiling / 2 + (this.#random() * ceiling) / 2
    const openAt = this.#clock.monotonic() + wait
    if (openAt <= this.#openAt) return
    this.#openAt = openAt
    this.#askedMs = wait
  }

  async #turn(signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((each) => each !== go)
        reject(signal?.reason as Error)
      }
      const go = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      if (signal?.aborted) {
        leave()
        return
      }
      signal?.addEventListener('abort', leave, { once: true })
      this.#waiting.push(go)
      this.#schedule(this.waitMs)
    })
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#trying || this.#waiting.length === 0) return
    this.#timer = this.#clock.setTimeout(this.#next, ms)
  }

  readonly #next = (): void => {
    this.#timer = undefined
    if (this.waitMs > 0) {
      this.#schedule(this.waitMs)
      return
    }
    this.#trying = this.#hits > 0 && this.#waiting.length > 0
    this.#waiting.shift()?.()
    this.#schedule(SPACING_MS)
  }
}
