import { backOffMs } from '#lib/backoff.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { Fetch } from '#lib/fetch.ts'
import { inBackground, report } from '#lib/isolate.ts'
import { pathSegment } from '#lib/segment.ts'
import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import { isTerminal, type TaskStatus } from '#model/status.ts'
import { JobsError } from '#protocols/jobs/client.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import { ownFault } from '../../own-fault.ts'
import { RetryWait } from '../../retry-wait.ts'
import {
  SourceError,
  type SourceAdapter,
  type SourceContext,
  type TaskStart,
  type TaskStarted,
} from '../../source-adapter.ts'
import { ABSENT } from './absent.ts'
import { conditionOf, notSent } from './condition.ts'
import { JobLogs } from './job-logs.ts'
import { JobServer } from './job-server.ts'
import { JobStream } from './job-stream.ts'
import { readJobs, type Job, type JobList } from './mapping.ts'
import { urlOf, type JobsSettings } from './settings.ts'
import { goneEvents, jobEvents } from './to-events.ts'

const AGAIN_MS = { first: 2_000, most: 30_000 }
const MOST_STREAMS = 100
/** Jobs that say nothing yet. */
const WAITING: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['received', 'queued', 'scheduled'])

/** Weir's side of a server that has a list of jobs: reads the list again and again, and follows what runs. */
export class JobsAdapter implements SourceAdapter {
  readonly kind = 'jobs'
  readonly devices = null
  readonly apps = null
  readonly files = null
  readonly follows = null
  readonly figures = null
  readonly proxy = null
  readonly queuesStarts = false
  /** It only left the list. */
  readonly lostMayRun = true
  readonly #server: JobServer
  readonly #logs: JobLogs
  readonly #streams = new Map<string, JobStream>()
  readonly #wait: RetryWait
  readonly #stop = new AbortController()
  /** As the newest list had them. */
  #jobs: ReadonlyMap<string, Job> = new Map()
  #failures = 0
  #second: unknown

  constructor(context: SourceContext, settings: JobsSettings, fetch: Fetch) {
    this.#server = new JobServer(context, settings, fetch)
    this.#logs = new JobLogs(this.#server)
    this.#wait = new RetryWait(context.clock)
  }

  start(): void {
    const { context, settings } = this.#server
    const tasks = `${pathSegment(context.name)}/tasks/`
    context.onWatched((topic) => {
      if (settings.log && topic.startsWith(tasks)) this.#wait.end()
    })
    inBackground(this.#loop())
    this.#everySecond()
  }

  stop(): Promise<void> {
    this.#stop.abort()
    this.#server.context.clock.clearTimeout(this.#second)
    this.#wait.end()
    for (const stream of this.#streams.values()) stream.close('Weir stopped')
    return Promise.resolve()
  }

  retry(): void {
    this.#wait.end()
    for (const stream of this.#streams.values()) stream.retry()
  }

  retryStream(id: string): void {
    this.#streams.get(id)?.retry()
  }

  raw(id: string): readonly RawItem[] {
    return this.#streams.get(id)?.raw.items ?? []
  }

  startTask({ id, type }: TaskStart, by: Author): Promise<TaskStarted> {
    const asked = { verb: 'start', target: id, text: `start ${type}`, by } as const
    return Promise.resolve({
      id,
      command: this.#server.commands.refuse(asked, notSent('NotSupported', ABSENT.start.absent)),
    })
  }

  async steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    const { client, commands, settings } = this.#server
    const asked = { verb, target: id, text: verb, by }
    const { cancel, url } = settings
    if (verb !== 'cancel' || !cancel)
      return commands.refuse(
        asked,
        notSent('NotSupported', verb === 'cancel' ? ABSENT.cancel.absent : ABSENT.pause.absent),
      )
    const { command } = await commands.carryOut(asked, () =>
      client.send(cancel.method, urlOf(cancel.url, url, id)),
    )
    if (command.acceptedAt !== null) this.#wait.end()
    return command
  }

  setParameter(id: string, key: string, _value: unknown, by: Author): Promise<Command> {
    const asked = { verb: 'parameter', target: id, text: `set ${key}`, by } as const
    return Promise.resolve(
      this.#server.commands.refuse(asked, notSent('NotSupported', ABSENT.setParameter.absent)),
    )
  }

  find(id: string): Promise<void> {
    return Promise.reject(new SourceError(notSent('NotListed', `the list has no job ${id}`)))
  }

  output(id: string): Promise<string> {
    const job = this.#jobs.get(id)
    if (job) return Promise.resolve(stringifyExact(job.result))
    return Promise.reject(new SourceError(notSent('NotKept', 'Its server does not list it any more.')))
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const ok = await this.#poll()
      if (signal.aborted) return
      await this.#wait.wait(ok ? this.#server.settings.everyMs : backOffMs(AGAIN_MS, this.#failures - 1))
    }
  }

  /** @returns false when the list could not be read */
  async #poll(): Promise<boolean> {
    const { client, context, settings } = this.#server
    const { clock } = context
    const begun = clock.monotonic()
    try {
      const list = readJobs(await client.json(settings.url), settings, this.#server.scale)
      if (this.#stop.signal.aborted) return true
      if (!list) throw new JobsError('foreign', 'it answers JSON, but no array stands where the list should')
      this.#failures = 0
      context.report({ state: 'ok', detail: 'Connected', latencyMs: Math.round(clock.monotonic() - begun) })
      this.#take(list)
      await this.#logs.read([...this.#jobs.keys()], this.#stop.signal)
      return true
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#failed(error)
      return false
    }
  }

  #failed(error: unknown): void {
    const { context, sourceClock } = this.#server
    this.#failures += 1
    sourceClock.lost()
    // A fault of Weir's own must not end the watch.
    if (!(error instanceof JobsError)) report(error)
    const text = error instanceof JobsError ? error.message : ownFault(error)
    const said = error instanceof JobsError ? conditionOf(error, context.login) : { detail: text }
    context.report({ ...said, lastError: { at: context.clock.now(), text } })
  }

  /** Enters what a list says: of its jobs, and of those that it has no more. */
  #take({ jobs, unread, isWhole, scale }: JobList): void {
    const { context } = this.#server
    const before = this.#jobs
    const at = context.clock.now()
    this.#server.scale = scale
    this.#jobs = new Map(jobs.map((job) => [job.id, job]))
    const faults = this.#server.faults.list('task', unread)
    for (const job of jobs)
      faults.of(job.id, () => {
        this.#enter(job, before.get(job.id), at)
      })
    if (isWhole)
      for (const task of context.book.tasksOf(context.name))
        if (task.onServer && task.status !== 'lost' && !this.#jobs.has(task.id))
          faults.of(task.id, () => {
            this.#server.add(task.id, goneEvents(task, at))
          })
    faults.tell()
    this.#follow()
    context.report({ tasksReadAt: at })
  }

  #enter(job: Job, before: Job | undefined, at: number): void {
    const { context, settings, sourceClock } = this.#server
    const known = this.#server.get(job.id)
    const hasLog = settings.log !== null || settings.stream !== null
    const events = jobEvents(known, before, job, at, (told) => sourceClock.toLocal(told), hasLog)
    if (events.length === 0) return
    this.#server.add(job.id, events)
    if (!isTerminal(job.status)) return
    if (job.result !== null) context.book.keepOutput(context.name, job.id, stringifyExact(job.result))
    // One that was found ended is read when somebody looks.
    if (known) this.#logs.ended(job.id)
  }

  /** Opens streams of jobs that run, and lets go of those that do no more. */
  #follow(): void {
    for (const [id, stream] of this.#streams) {
      const job = this.#jobs.get(id)
      if (stream.isOver) this.#streams.delete(id)
      else if (!job || isTerminal(job.status)) stream.finish()
    }
    if (!this.#server.settings.stream) return
    for (const { id, status } of this.#jobs.values()) {
      if (this.#streams.size >= MOST_STREAMS) return
      if (isTerminal(status) || WAITING.has(status) || this.#streams.has(id)) continue
      const stream = new JobStream(this.#server, id)
      this.#streams.set(id, stream)
      stream.start()
    }
  }

  readonly #everySecond = (): void => {
    const { context, traffic } = this.#server
    if (this.#stop.signal.aborted) return
    this.#second = context.clock.setTimeout(this.#everySecond, 1_000)
    traffic.report(context, [...this.#streams.values()].filter(({ isOpen }) => isOpen).length)
  }
}
