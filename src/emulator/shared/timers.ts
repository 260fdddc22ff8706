import type { Clock } from '#lib/clock.ts'

/** Cancels what it was given for; harmless afterwards. */
export type Cancel = () => void

/** Timers of one server process: all die with it. */
export class Timers {
  readonly #clock: Clock
  readonly #handles = new Set<unknown>()
  #dead = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  after(ms: number, callback: () => void): Cancel {
    if (this.#dead) return () => {}
    const handle = this.#clock.setTimeout(() => {
      this.#handles.delete(handle)
      callback()
    }, ms)
    this.#handles.add(handle)
    return () => {
      this.#handles.delete(handle)
      this.#clock.clearTimeout(handle)
    }
  }

  /** Clears every timer and starts no other. */
  die(): void {
    this.#dead = true
    for (const handle of this.#handles) this.#clock.clearTimeout(handle)
    this.#handles.clear()
  }
}
