/** Time as a dependency, so that back-off, staleness and emulated labs are tested without waiting. */
export interface Clock {
  /** ms since epoch. */
  now(): number
  /** ms since some moment: for intervals. People and time servers set the other one, this one only grows. */
  monotonic(): number
  /** How long the machine has slept while `monotonic` stood still, ms; absent where that cannot be told. */
  slept?(): number
  setTimeout(callback: () => void, ms: number): unknown
  clearTimeout(handle: unknown): void
}

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => globalThis.setTimeout(callback, ms),
  clearTimeout: (handle) => {
    globalThis.clearTimeout(handle as number)
  },
}

interface Timer {
  at: number
  order: number
  callback: () => void
}

/** A clock that moves only when told; timers fire in order of their time, then of their creation. */
export class ManualClock implements Clock {
  readonly #start: number
  #now: number
  #order = 0
  readonly #timers = new Set<Timer>()

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#start = now
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now - this.#start
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, callback }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as Timer)
  }

  /** Number of timers that wait. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves on by `ms`, firing what falls due; promises settle between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (;;) {
      let due: Timer | undefined
      for (const timer of this.#timers)
        if (
          timer.at <= end &&
          (!due || timer.at < due.at || (timer.at === due.at && timer.order < due.order))
        )
          due = timer
      if (!due) break
      this.#timers.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.callback()
      await settle()
    }
    this.#now = end
  }
}

/** Lets promise chains and stream reads of some depth run to their end, without time passing. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  await new Promise<void>((resolve) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => {
      channel.port1.close()
      resolve()
    }
    channel.port2.postMessage(null)
  })
}

/** Waits; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error)
      return
    }
    const abort = () => {
      clock.clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
