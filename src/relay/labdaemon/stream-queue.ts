/** Opens before closes, and streams of running tasks before all others. */
export type QueueClass = 'open-task' | 'open-device' | 'close'

const ORDER: readonly QueueClass[] = ['open-task', 'open-device', 'close']

interface Job {
  class: QueueClass
  run: () => Promise<void>
  done: (error?: unknown) => void
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

  /** Runs `run` when its turn comes; settles as it does. A job whose signal is aborted before never runs. */
  add(jobClass: QueueClass, run: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        class: jobClass,
        run,
        done: (error) => {
          signal?.removeEventListener('abort', abort)
          if (error === undefined) resolve()
          else reject(error as Error)
        },
      }
      const abort = () => {
        const index = this.#jobs.indexOf(job)
        if (index < 0) return
        this.#jobs.splice(index, 1)
        job.done(signal?.reason)
      }
      if (signal?.aborted) {
        reject(signal.reason as Error)
        return
      }
      signal?.addEventListener('abort', abort)
      this.#jobs.push(job)
      void this.#next()
    })
  }

  async #next(): Promise<void> {
    if (this.#busy) return
    const job = this.#take()
    if (!job) return
    this.#busy = true
    try {
      await job.run()
      job.done()
    } catch (error) {
      job.done(error ?? new Error('stream job failed'))
    } finally {
      this.#busy = false
      void this.#next()
    }
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
