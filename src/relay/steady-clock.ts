import type { Clock } from '#lib/clock.ts'
import { isolate } from '#lib/isolate.ts'

/** Small differences are time servers at work: they are followed slowly. More was set by somebody. */
const SET_MS = 1_000
/** How far from sure it is how long a machine slept. */
const SLEEP_SURE_MS = 2_000
/** Of each second so much is given to following: nobody sees it in a duration. */
const FOLLOWED = 0.001

/**
 * The clock that stamps what the relay records: the wall clock as it was at the start, driven by the monotonic one.
 * When people or time servers set the wall clock while tasks run, nothing recorded jumps: no event goes back in
 * time, and every duration, pace and limit stays right. It follows what was set once nothing lasts (`catchUp`).
 */
export class SteadyClock implements Clock {
  readonly #clock: Clock
  /** Wall clock minus monotonic clock, as stamps have it. */
  #base: number
  #followedAt: number
  #slept: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#followedAt = clock.monotonic()
    this.#base = clock.now() - this.#followedAt
    this.#slept = clock.slept?.() ?? 0
  }

  now(): number {
    this.#follow()
    return Math.floor(this.#base + this.#clock.monotonic())
  }

  /** How far the wall clock was set away from these stamps, ms: positive when it was set ahead. */
  get setAheadMs(): number {
    this.#follow()
    const off = this.#off()
    return Math.abs(off) > SET_MS ? off : 0
  }

  /** Nothing lasts just now: what was set ahead is followed. Never back, or records would go back in time. */
  catchUp(): void {
    if (this.setAheadMs > 0) this.#base += this.#off()
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  /** What a timer's callback throws is reported and costs that callback alone: in Node it would end the process. */
  setTimeout(callback: () => void, ms: number): unknown {
    return this.#clock.setTimeout(() => {
      isolate(callback, callback)
    }, ms)
  }

  clearTimeout(handle: unknown): void {
    this.#clock.clearTimeout(handle)
  }

  #off(): number {
    return this.#clock.now() - this.#clock.monotonic() - this.#base
  }

  #follow(): void {
    const at = this.#clock.monotonic()
    const most = (at - this.#followedAt) * FOLLOWED
    this.#followedAt = at
    const off = this.#off()
    if (Math.abs(off) <= SET_MS) this.#base += Math.min(most, Math.max(-most, off))
    else if (this.#clock.slept) {
      // In sleep time passed, though the monotonic clock stood still.
      const slept = this.#clock.slept()
      const lately = slept - this.#slept
      this.#slept = slept
      if (lately > SET_MS) this.#base += Math.abs(off - lately) <= SLEEP_SURE_MS ? off : lately
    }
  }
}
