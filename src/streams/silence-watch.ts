import type { Clock } from '#lib/clock.ts'

/** Without a sign of life for so long it is stalled, ms; heartbeats come every second. */
export const STALLED_MS = 3_000
/** And for so long, dead. */
export const DEAD_MS = 10_000

const CHECK_MS = 500
/** A check that comes this late means that the thread was busy, or slept. */
const LATE_MS = 1_500
/** By so much the wall clock must be ahead for a sleep. */
const SLEPT_MS = 5_000
/** For messages that wait when a thread wakes, and for the next heartbeat. */
const GRACE_MS = 1_200

/**
 * Watches for signs of life. Its judgement is fair to itself: who was frozen, throttled or asleep finds
 * messages waiting, and hears them before it says that the other side was silent.
 */
export class SilenceWatch {
  readonly #clock: Clock
  readonly #judge: (silentMs: number) => void
  /** By the monotonic clock. */
  #heardAt: number
  #due = 0
  #dueWall = 0
  #wokeLate = false
  #timer: unknown

  /** @param judge called twice a second with how long nothing was heard, ms */
  constructor(clock: Clock, judge: (silentMs: number) => void) {
    this.#clock = clock
    this.#judge = judge
    this.#heardAt = clock.monotonic()
  }

  start(): void {
    this.heard()
    if (this.#timer === undefined) this.#checkIn(CHECK_MS)
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  heard(): void {
    this.#heardAt = this.#clock.monotonic()
  }

  readonly #check = (): void => {
    const now = this.#clock.monotonic()
    const slept = this.#clock.now() - this.#dueWall > SLEPT_MS
    // Some monotonic clocks stand still in sleep: nobody knows how long it was, so the next heartbeat tells.
    if (slept) this.#heardAt = Math.min(this.#heardAt, now - DEAD_MS / 2)
    // Timers of hidden pages are always late: every other check judges.
    this.#wokeLate = !this.#wokeLate && (slept || now - this.#due > LATE_MS)
    this.#checkIn(this.#wokeLate ? GRACE_MS : CHECK_MS)
    if (!this.#wokeLate) this.#judge(now - this.#heardAt)
  }

  #checkIn(ms: number): void {
    this.#due = this.#clock.monotonic() + ms
    this.#dueWall = this.#clock.now() + ms
    this.#timer = this.#clock.setTimeout(this.#check, ms)
  }
}
