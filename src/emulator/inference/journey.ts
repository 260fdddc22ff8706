import type { Timers, Cancel } from '../shared/timers.ts'

/** How a journey ended. */
export type Outcome<T> =
  { readonly kind: 'returned'; readonly value: T } | { readonly kind: 'threw'; readonly error: unknown }

/**
 * Runs a generator that yields waits in milliseconds. It may have begun in the past: then it catches up at
 * once, each step at its own time, and goes on from there. Nothing here is asynchronous but the waits.
 */
export class Journey<T> {
  readonly #timers: Timers
  readonly #speed: number
  readonly #onEnd: (outcome: Outcome<T>, now: number) => void
  #steps: Generator<number, T> | undefined
  #now: number
  #pending: Cancel | undefined
  #over = false

  constructor(
    timers: Timers,
    speed: number,
    startedAt: number,
    onEnd: (outcome: Outcome<T>, now: number) => void,
  ) {
    this.#timers = timers
    this.#speed = speed
    this.#now = startedAt
    this.#onEnd = onEnd
  }

  /** The time on the way, which lies in the past while it catches up. */
  get now(): number {
    return this.#now
  }

  get isOver(): boolean {
    return this.#over
  }

  start(steps: Generator<number, T>): void {
    this.#steps = steps
    this.#go(() => steps.next())
  }

  /** Makes the wait under way throw; the generator may catch it and go on. */
  interrupt(error: Error): void {
    const steps = this.#steps
    if (this.#over || !steps) return
    this.#pending?.()
    this.#now = this.#timers.now()
    this.#go(() => steps.throw(error))
  }

  /** Leaves it where it is; `onEnd` is not called. */
  abandon(): void {
    this.#over = true
    this.#pending?.()
  }

  #go(step: () => IteratorResult<number, T>): void {
    let next = step
    for (;;) {
      let result: IteratorResult<number, T>
      try {
        result = next()
      } catch (error) {
        this.#finish({ kind: 'threw', error })
        return
      }
      if (this.#over) return
      if (result.done === true) {
        this.#finish({ kind: 'returned', value: result.value })
        return
      }
      const steps = this.#steps
      if (!steps) return
      const due = this.#now + result.value / this.#speed
      next = () => steps.next()
      const wait = due - this.#timers.now()
      if (wait > 0) {
        this.#pending = this.#timers.after(wait, () => {
          this.#now = this.#timers.now()
          this.#go(next)
        })
        return
      }
      // In the past, or a wait of nothing: at its own time, now.
      this.#now = due
    }
  }

  #finish(outcome: Outcome<T>): void {
    this.#over = true
    this.#onEnd(outcome, Math.round(this.#now))
  }
}
