/** Opens before closes, and streams of running tasks before all others. */
export type QueueClass = 'open-task' | 'open-device' | 'close'

const ORDER: readonly QueueClass[] = ['open-task', 'open-device', 'close']

interface Job {
  class: QueueClass
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
    if (!held) void this.#next()
  }

  /** Runs `work` when its turn comes; settles as it does. A job whose signal is aborted before never runs. */
  add<T>(jobClass: QueueClass, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        class: jobClass,
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
      void this.#next()
    })
  }

  async #next(): Promise<void> {
    if (this.#busy) return
    const job = this.#take()
    if (!job) return
    this.#busy = true
    await job.run()
    this.#busy = false
    void this.#next()
  }

  #take(): Job | undefined {
    for (const jobClass of ORDER) {
      if (this.#held && jobClass !== 'close') continue
      const index = this.#jobs.findIndex((job) => job.class === jobClass)
      if (index >= 0) return this.#jobs.splice(index, 1)[0]
    }
    return undefined
  }
}
