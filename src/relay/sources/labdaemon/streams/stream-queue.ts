import { inBackground } from '#lib/isolate.ts'

/**
 * Opens before closes: of what was just started (the newest first, since its steps are lost until then), of what
 * somebody watches, of running tasks, of devices.
 */
export type QueueClass = 'open-new' | 'open-watched' | 'open-task' | 'open-device' | 'close'

const ORDER: readonly QueueClass[] = ['open-new', 'open-watched', 'open-task', 'open-device', 'close']

/** A job's place in the queue. */
export interface Turn {
  class: QueueClass
  /** Of what was just started: when, in ms of the monotonic clock. */
  since?: number
}

/** Whose job waits in the queue. */
export interface Waiter {
  /** Asked when a job is chosen: what is watched changes while it waits. */
  turn(): Turn
}

/** For closes, whosever they are. */
export const CLOSE: Waiter = { turn: () => ({ class: 'close' }) }

interface Job {
  waiter: Waiter
  /** Settles the promise of `add`; never rejects. */
  run: () => Promise<void>
}

/**
 * The one queue of a LabDaemon source: stream opens and closes go through it one by one. Two stream requests
 * under way at one moment, one of them refused, hang the server for good (LabDaemon wire contract §5.1).
 */
export class StreamQueue {
  readonly #jobs: Job[] = []
  #busy = false
  #held = false

  /** While held (the server does not answer), nothing is opened; closes go on. */
  hold(held: boolean): void {
    this.#held = held
    if (!held) inBackground(this.#next())
  }

  /** True when what is added now would wait. */
  get isBusy(): boolean {
    return this.#busy || this.#held
  }

  /** Runs `work` when its turn comes; settles as it does. A job whose signal is aborted before never runs. */
  add<T>(waiter: Waiter, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        waiter,
        run: async () => {
          signal?.removeEventListener('abort', abort)
          try {
            resolve(await work())
          } catch (error) {
            reject(error as Error)
          }
        },
      }
      const abort = () => {
        const index = this.#jobs.indexOf(job)
        if (index < 0) return
        this.#jobs.splice(index, 1)
        reject(signal?.reason as Error)
      }
      if (signal?.aborted) {
        reject(signal.reason as Error)
        return
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.#jobs.push(job)
      inBackground(this.#next())
    })
  }

  async #next(): Promise<void> {
    if (this.#busy) return
    const job = this.#take()
    if (!job) return
    this.#busy = true
    await job.run()
    this.#busy = false
    inBackground(this.#next())
  }

  #take(): Job | undefined {
    let first: { job: Job; rank: number; since: number } | undefined
    for (const job of this.#jobs) {
      const { class: jobClass, since = 0 } = job.waiter.turn()
      if (this.#held && jobClass !== 'close') continue
      const rank = ORDER.indexOf(jobClass)
      if (!first || rank < first.rank || (rank === first.rank && since > first.since))
        first = { job, rank, since }
    }
    if (first) this.#jobs.splice(this.#jobs.indexOf(first.job), 1)
    return first?.job
  }
}
