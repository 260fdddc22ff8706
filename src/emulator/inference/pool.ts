import type { App } from './app.ts'
import { Run } from './run.ts'
import type { RunHost } from './run.ts'
import type { Session } from './session.ts'
import type { Task } from './task.ts'
import { STATUS } from './wire.ts'

/** A worker does one thing at a time, and the next run of the same app finds it warm. */
interface Worker {
  readonly id: string
  readonly index: number
  app: App | null
  /** Whose memory it holds. */
  session: Session | null
  run: Run | null
}

interface Waiting {
  readonly task: Task
  readonly session: Session | null
}

export interface PoolHost extends RunHost {
  createId(): string
}

/** Queue and workers: what finds none free stays QUEUED (inference.sh wire contract §2, §7). */
export class Pool {
  readonly engineId: string
  readonly #host: PoolHost
  readonly #workers: readonly Worker[]
  readonly #queue: Waiting[] = []
  readonly #runs = new Map<string, Run>()
  readonly #built = new Set<App>()

  constructor(host: PoolHost, size: number) {
    this.#host = host
    this.engineId = host.createId()
    this.#workers = Array.from({ length: size }, (_, index) => ({
      id: host.createId(),
      index,
      app: null,
      session: null,
      run: null,
    }))
  }

  get size(): number {
    return this.#workers.length
  }

  get waiting(): number {
    return this.#queue.length
  }

  get busy(): number {
    return this.#workers.filter(({ run }) => run !== null).length
  }

  /** A task was received: it is queued, and dispatched when its time and a worker have come. */
  accept(task: Task, session: Session | null): void {
    const { timers, speed } = this.#host
    timers.after(80 / speed, () => {
      if (task.isOver || task.status !== STATUS.received) return
      task.enter(STATUS.queued, timers.now())
      this.#enqueue(task, session, 350 / speed)
    })
  }

  /** A run that began some time ago: on a worker if it is still going on, in the past if it is over. */
  recall(task: Task, startedAt: number): void {
    const worker = this.#workers.find(({ run }) => run === null)
    task.enter(STATUS.queued, startedAt - 400)
    if (worker) this.#start(task, null, worker, startedAt, true)
  }

  cancel(task: Task, force: boolean, timeoutMs: number | undefined): void {
    if (task.isOver) return
    const run = this.#runs.get(task.id)
    if (run) {
      run.cancel(force, timeoutMs)
      return
    }
    if (task.status === STATUS.cancelling) return
    const { timers, speed } = this.#host
    this.#forget(task)
    task.enter(STATUS.cancelling, timers.now())
    timers.after(200 / speed, () => task.cancelled(timers.now()))
  }

  /** The worker of a task dies: the task is queued again, first in line. */
  loseWorker(task: Task): void {
    const run = this.#runs.get(task.id)
    const worker = this.#workers.find((each) => each.run === run)
    if (!run || !worker) return
    run.abandon()
    this.#release(worker, task)
    worker.app = null
    task.requeue(this.#host.timers.now())
    this.#queue.unshift({ task, session: null })
    this.#host.timers.after(1_000 / this.#host.speed, () => this.#assign())
  }

  #enqueue(task: Task, session: Session | null, wait: number): void {
    const { timers } = this.#host
    const due = Math.max(wait, (task.request.runAt ?? 0) - timers.now())
    timers.after(due, () => {
      if (task.status !== STATUS.queued) return
      this.#queue.push({ task, session })
      this.#assign()
    })
  }

  #assign(): void {
    for (const waiting of this.#queue.slice()) {
      const { task, session } = waiting
      const free = this.#workers.filter(({ run }) => run === null)
      if (free.length === 0) return
      const worker = this.#choose(free, task, session)
      if (!worker) continue
      this.#forget(task)
      this.#start(task, session, worker, this.#host.timers.now(), false)
    }
  }

  /** A session's own worker or none; otherwise a warm one, and one that a session holds last. */
  #choose(free: readonly Worker[], task: Task, session: Session | null): Worker | undefined {
    if (session?.workerId) return free.find(({ id }) => id === session.workerId)
    const now = this.#host.timers.now()
    const open = free.filter((worker) => worker.session?.status(now) !== 'active')
    const { app } = task.request
    return open.find((worker) => worker.app === app) ?? open[0] ?? free[0]
  }

  #start(task: Task, session: Session | null, worker: Worker, startedAt: number, isOld: boolean): void {
    const { app } = task.request
    const isWarm = worker.app === app || app.container === undefined
    const isFirst = !this.#built.has(app)
    this.#built.add(app)
    worker.app = app
    worker.session = session
    const calls = session?.begin(worker.id, startedAt) ?? 0
    let isOver = false
    const run = new Run(task, this.#host, {
      isWarm: isWarm && !isOld,
      isFirst,
      workerIndex: worker.index,
      engineId: this.engineId,
      workerId: worker.id,
      calls,
      startedAt,
      onEnd: () => {
        isOver = true
        this.#release(worker, task)
        this.#host.timers.after(0, () => this.#assign())
      },
    })
    if (isOver) return
    worker.run = run
    this.#runs.set(task.id, run)
  }

  #release(worker: Worker, task: Task): void {
    worker.run = null
    this.#runs.delete(task.id)
  }

  #forget(task: Task): void {
    const at = this.#queue.findIndex((each) => each.task === task)
    if (at >= 0) this.#queue.splice(at, 1)
  }
}
