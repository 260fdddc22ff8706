import type { Timers } from '../shared/timers.ts'

/** uvicorn wakes its event loop this often when nothing else does (LabDaemon wire contract §5.11). */
export const TICK_MS = 100

/**
 * The server's one event loop. Whatever blocks it stops all requests and streams (LabDaemon wire contract
 * §5.12); once hung it never comes back (§5.1). Threads of tasks and devices run on beside it.
 */
export class Loop {
  readonly #timers: Timers
  readonly #waiting: (() => void)[] = []
  #busyUntil = 0
  #hung = false

  constructor(timers: Timers) {
    this.#timers = timers
  }

  get hung(): boolean {
    return this.#hung
  }

  hang(): void {
    this.#hung = true
    this.#waiting.length = 0
  }

  /** Keeps the loop from doing anything else for `ms`, beginning when it has ended what blocks it already. */
  block(ms: number): void {
    if (ms <= 0) return
    this.#busyUntil = Math.max(this.#busyUntil, this.#timers.now()) + ms
    this.#wakeWhenFree()
  }

  #wakeWhenFree(): void {
    this.#timers.after(this.#busyUntil - this.#timers.now(), () => {
      // Timers may fire a little before their time.
      if (this.#isBusy()) this.#wakeWhenFree()
      else this.#resume()
    })
  }

  /** Runs `work` at once, or when the loop is free, or never when it hangs. */
  run(work: () => void): void {
    if (this.#hung) return
    if (this.#isBusy() || this.#waiting.length > 0) this.#waiting.push(work)
    else work()
  }

  /** Resolves when the loop is free. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.run(resolve))
  }

  #isBusy(): boolean {
    return this.#timers.now() < this.#busyUntil
  }

  #resume(): void {
    while (!this.#hung && !this.#isBusy()) {
      const work = this.#waiting.shift()
      if (!work) return
      work()
    }
  }
}
