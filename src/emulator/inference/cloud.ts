import type { Clock } from '#lib/clock.ts'
import { createRandom } from '#lib/random.ts'
import type { Random } from '#lib/random.ts'
import { Timers } from '../shared/timers.ts'
import { findApp } from './apps/index.ts'
import { Channel } from './channel.ts'
import type { Cut, Framing } from './channel.ts'
import { FileStore } from './file-store.ts'
import { FlowRun } from './flow-run.ts'
import { Gate } from './gate.ts'
import { createId } from './ids.ts'
import { Pool } from './pool.ts'
import { Problem, notFound } from './problem.ts'
import type { Resource } from './resource.ts'
import type { RunRequest } from './run-request.ts'
import { Session } from './session.ts'
import { Task } from './task.ts'
import type { TaskRequest } from './task.ts'
import type { JsonObject, Notice } from './wire.ts'

/** Tasks that are kept; the oldest that are over go first. */
const TASKS_KEPT = 500

export interface CloudOptions {
  readonly seed: number
  readonly clock: Clock
  readonly workers: number
  readonly speed: number
  readonly runsPerMinute: number
  readonly lingerMs: number | undefined
}

/** Everything the service knows: tasks, files, sessions, flow runs, who is connected. */
export class Cloud {
  readonly timers: Timers
  readonly random: Random
  readonly speed: number
  readonly pool: Pool
  readonly files: FileStore
  readonly gate: Gate
  readonly tasks = new Map<string, Task>()
  readonly sessions = new Map<string, Session>()
  readonly flowRuns = new Map<string, FlowRun>()
  /** Apps whose requirements are met. */
  readonly satisfied = new Set<string>()
  readonly channels = new Map<Channel, string>()
  isSilent = false
  readonly #ids: Random
  readonly #lingerMs: number | undefined

  constructor({ seed, clock, workers, speed, runsPerMinute, lingerMs }: CloudOptions) {
    const random = createRandom(seed)
    this.#ids = random.fork()
    this.random = random.fork()
    this.timers = new Timers(clock)
    this.speed = speed
    this.#lingerMs = lingerMs
    this.gate = new Gate(() => clock.now(), runsPerMinute)
    this.files = new FileStore({ now: () => clock.now(), createId: () => this.createId() })
    this.pool = new Pool(
      {
        timers: this.timers,
        speed,
        createId: () => this.createId(),
        addFile: (spec) => this.files.add(spec),
      },
      workers,
    )
  }

  now(): number {
    return this.timers.now()
  }

  createId(): string {
    return createId(this.#ids)
  }

  /** `POST /apps/run`. */
  run({ task: request, session, sessionTimeout }: RunRequest): Task {
    if (session === undefined) return this.start(request, null)
    const now = this.now()
    const existing =
      session === 'new'
        ? new Session(this.createId(), request.app, sessionTimeout, now)
        : this.session(session)
    existing.assertAlive(now)
    if (existing.app !== request.app) throw new Problem(409, 'conflict', 'the session belongs to another app')
    this.sessions.set(existing.id, existing)
    return this.start({ ...request, sessionId: existing.id }, existing)
  }

  start(request: TaskRequest, session: Session | null): Task {
    const task = this.keep(new Task(request, this.now(), () => this.createId()))
    if (session) {
      session.reserve(task.id, this.now())
      const stop = task.subscribe(() => {
        if (!task.isOver) return
        stop()
        session.finish(this.now())
      })
    }
    this.pool.accept(task, session)
    return task
  }

  /** A task of the past, or one that has been running for a while. */
  recall(request: TaskRequest, startedAt: number): Task {
    const task = this.keep(new Task(request, startedAt - 500, () => this.createId()))
    this.pool.recall(task, startedAt)
    return task
  }

  keep(task: Task): Task {
    this.tasks.set(task.id, task)
    if (this.tasks.size > TASKS_KEPT)
      for (const old of this.tasks.values()) {
        if (this.tasks.size <= TASKS_KEPT) break
        if (old.isOver) this.forget(old)
      }
    return task
  }

  forget(task: Task): void {
    this.tasks.delete(task.id)
    this.files.forget(task.id)
  }

  task(id: string): Task {
    const task = this.tasks.get(id)
    if (!task) throw notFound('task not found')
    return task
  }

  session(id: string): Session {
    const session = this.sessions.get(id)
    if (!session) throw notFound('session not found')
    return session
  }

  flowRun(id: string): FlowRun {
    const run = this.flowRuns.get(id)
    if (!run) throw notFound('flow run not found')
    return run
  }

  startFlow(input: JsonObject): FlowRun {
    const run = new FlowRun(input, {
      now: () => this.now(),
      after: (ms, callback) => {
        this.timers.after(ms / this.speed, callback)
      },
      createId: () => this.createId(),
      start: (node, nodeInput, flowRunId) =>
        this.start(
          requestFor(node === 'paint' ? 'weirdemo/landscape' : 'weirdemo/narrator', nodeInput, flowRunId),
          null,
        ),
      cancel: (task) => this.pool.cancel(task, false, undefined),
    })
    this.flowRuns.set(run.id, run)
    return run
  }

  /** Notices that come with a run (inference.sh wire contract §2). */
  notices(): Notice[] {
    const { size, waiting, busy } = this.pool
    if (waiting < 2 * size) return []
    const current = waiting + busy
    return [
      {
        level: 'warning',
        code: 'concurrency_near_limit',
        message: `${current} tasks wait or run, ${size} at a time`,
        meta: { resource: 'concurrency', limit: size, current },
      },
    ]
  }

  /** A connection to the changes of what `about` names. */
  openChannel(framing: Framing, base: string, key: string, about: string): Channel {
    const channel = new Channel({
      framing,
      base,
      key,
      timers: this.timers,
      lingerMs: this.#lingerMs,
      isSilent: () => this.isSilent,
      onClose: (closed) => this.channels.delete(closed),
    })
    this.channels.set(channel, about)
    return channel
  }

  cutChannels(mode: Cut, which: (channel: Channel, about: string) => boolean = () => true): void {
    for (const [channel, about] of this.channels) if (which(channel, about)) channel.cut(mode)
  }

  /** Resolves when it is over. */
  ended(resource: Resource, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason as Error)
      if (signal.aborted) abort()
      if (resource.isOver) resolve()
      signal.addEventListener('abort', abort, { once: true })
      const stop = resource.subscribe(() => {
        if (!resource.isOver) return
        stop()
        signal.removeEventListener('abort', abort)
        resolve()
      })
    })
  }

  die(): void {
    this.timers.die()
    this.cutChannels('reset')
  }
}

/** A run as the service itself asks for it. */
export function requestFor(
  reference: string,
  input: JsonObject,
  flowRunId: string | null = null,
): TaskRequest {
  const found = findApp(reference)
  if (!found) throw notFound(`app not found: ${reference}`)
  return {
    app: found.app,
    fn: found.fn || 'run',
    input,
    setup: null,
    infra: 'cloud',
    workers: [],
    webhook: null,
    runAt: null,
    sessionId: null,
    flowRunId,
  }
}
