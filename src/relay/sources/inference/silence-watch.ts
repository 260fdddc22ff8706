import type { Clock } from '#lib/clock.ts'

/**
 * How long without a sign of life, ms of the monotonic clock, until its age is said, until it counts as stalled and as
 * dead: heartbeats are due every 10 s.
 */
export const QUIET_MS = 3_000
export const STALLED_MS = 12_000
export const DEAD_MS = 45_000

export interface SilenceListener {
  /** Nothing came for STALLED_MS. */
  stalled(): void
  /** A sign of life after that. */
  alive(): void
  /** Nothing came for DEAD_MS; nothing more is told. */
  dead(): void
}

/** Watches one connection for signs of life. A sign costs a comparison, not a timer. */
export class SilenceWatch {
  readonly #clock: Clock
  readonly #listener: SilenceListener
  #heardAt: number
  #stalled = false
  #timer: unknown

  constructor(clock: Clock, listener: SilenceListener) {
    this.#clock = clock
    this.#listener = listener
    this.#heardAt = clock.monotonic()
    this.#wait(STALLED_MS)
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic()
    if (!this.#stalled) return
    this.#stalled = false
    this.#clock.clearTimeout(this.#timer)
    this.#wait(STALLED_MS)
    this.#listener.alive()
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
  }

  #wait(ms: number): void {
    this.#timer = this.#clock.setTimeout(this.#look, ms)
  }

  readonly #look = (): void => {
    const silent = this.#clock.monotonic() - this.#heardAt
    if (silent >= DEAD_MS) {
      this.#listener.dead()
      return
    }
    if (silent >= STALLED_MS && !this.#stalled) {
      this.#stalled = true
      this.#listener.stalled()
    }
    this.#wait((this.#stalled ? DEAD_MS : STALLED_MS) - silent)
  }
}
