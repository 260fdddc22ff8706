import type { Clock } from '#lib/clock.ts'

/** A wait before the next try, which can be ended before its time. */
export class RetryWait {
  readonly #clock: Clock
  #done: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Settles after `ms` (null: never), or with the next `end`. One wait at a time. */
  async wait(ms: number | null): Promise<void> {
    const clock = this.#clock
    await new Promise<void>((resolve) => {
      const timer = ms === null ? undefined : clock.setTimeout(resolve, ms)
      this.#done = () => {
        if (timer !== undefined) clock.clearTimeout(timer)
        resolve()
      }
    })
    this.#done = null
  }

  /** Ends the wait under way; without one nothing happens. */
  end(): void {
    this.#done?.()
  }
}
