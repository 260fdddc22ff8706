import type { Fetch } from '#lib/fetch.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import { USUAL_RECONNECT, type ReconnectSettings } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { InferenceClient } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { AppBody, TaskBody } from '#protocols/inference/schemas.ts'
import { whyUnaddressable } from '#protocols/inference/values.ts'
import type { RawItem, TaskSchemas } from '#protocols/weir/api.ts'
import {
  SourceError,
  type SourceAdapter,
  type SourceContext,
  type TaskStart,
  type TaskStarted,
} from '../source-adapter.ts'
import { ItemFaults } from '../item-faults.ts'
import { SourceClock, timed } from '../source-clock.ts'
import { Apps, NO_SCHEMAS } from './apps.ts'
import { commandError, unsupported } from './command-error.ts'
import { Condition } from './condition.ts'
import { fetchFile } from './files.ts'
import { Follows } from './follows.ts'
import { proxy, type ProxyOptions } from './proxy.ts'
import { RequestLimit } from './request-limit.ts'
import { RunLists } from './run-lists.ts'
import { Starts } from './starts.ts'
import { UnaskedRuns } from './unasked-runs.ts'

/**
 * Weir's side of one inference.sh workspace: lists its runs, follows each that is not final, runs apps.
 * The key stays here (inference.sh wire contract §1).
 */
export class InferenceAdapter implements SourceAdapter {
  readonly kind = 'inference'
  readonly devices = null
  readonly #client: InferenceClient
  readonly #context: SourceContext
  readonly #way: Omit<ProxyOptions, 'allows'>
  readonly #faults: ItemFaults
  readonly #sourceClock: SourceClock
  readonly #unasked: UnaskedRuns
  readonly #limit: RequestLimit
  readonly #apps: Apps
  readonly #starts: Starts
  readonly #condition: Condition
  readonly #lists: RunLists
  readonly #follows: Follows
  readonly #stop = new AbortController()
  #reconnect = USUAL_RECONNECT
  #counts = { events: 0, gaps: 0 }
  #countedEvents = 0
  #second: unknown

  constructor(context: SourceContext, url: string, key: string | null, fetch: Fetch) {
    this.#context = context
    this.#way = { base: url, key, fetch }
    const now = () => context.clock.now()
    this.#sourceClock = new SourceClock(now, (aheadMs) => {
      context.report({ clockAheadMs: Math.round(aheadMs) })
      this.#follows.retimed()
    })
    this.#faults = new ItemFaults((faults) => {
      context.report({ faults })
    })
    this.#unasked = new UnaskedRuns(context.clock, this.#sourceClock, (id, events) => {
      this.#record(id, events)
    })
    const way = timed(fetch, url, this.#sourceClock, now)
    const client = new InferenceClient(url, key, way, context.clock, context.secrets)
    const limit = new RequestLimit(context.clock, context.random)
    this.#limit = limit
    this.#client = client
    this.#apps = new Apps(client, context.clock)
    this.#starts = new Starts(context, client, this.#sourceClock, this.#stop.signal)
    this.#condition = new Condition(context, limit)
    this.#follows = new Follows({
      context,
      client,
      sourceClock: this.#sourceClock,
      limit,
      reconnect: () => this.#reconnect,
      record: (id, events) => {
        this.#record(id, events)
      },
      isListed: (id) => this.#lists.names(id),
      schemas: (id) => this.#schemas(id),
      onHeard: () => {
        this.#condition.heard()
      },
      onInterrupted: () => {
        this.#lists.now()
      },
    })
    this.#lists = new RunLists({
      context,
      client,
      limit,
      isKnown: (id) => context.book.get(context.name, id) !== undefined,
      onRows: (rows, unread) => {
        const faults = this.#faults.list('task', unread)
        for (const row of rows)
          faults.of(row.id, () => {
            this.#listed(row)
          })
        faults.tell()
      },
      onAnswered: (latencyMs) => {
        if (this.#condition.answered(latencyMs)) this.#follows.retryFailed()
      },
      onFailed: (error) => {
        this.#sourceClock.lost()
        this.#condition.failed(error)
      },
    })
  }

  start(): void {
    this.setReconnect(this.#reconnect)
    this.#context.onWatched((topic) => {
      if (topic === 'tasks') this.#lists.watched()
    })
    this.#lists.start()
    this.#everySecond()
  }

  stop(): Promise<void> {
    this.#stop.abort()
    this.#context.clock.clearTimeout(this.#second)
    this.#lists.stop()
    this.#follows.stop()
    return Promise.resolve()
  }

  retry(): void {
    this.#lists.now()
    this.#follows.retryAll()
  }

  retryStream(id: string): void {
    this.#follows.retry(id)
  }

  /** For so long from now on, ms, or to its end. False for a task that has ended or has to wait for its stream. */
  follow(id: string, forMs: number | null): boolean {
    return this.#follows.followFor(id, forMs)
  }

  /** For all streams; how long they are followed for those that begin from now on. */
  setReconnect(settings: ReconnectSettings): void {
    this.#reconnect = settings
    this.#context.report({ reconnect: settings })
  }

  raw(id: string): readonly RawItem[] {
    return this.#follows.get(id)?.raw ?? []
  }

  async find(id: string): Promise<void> {
    const why = whyUnaddressable(id)
    if (why !== null)
      throw new SourceError({
        outcome: 'not-sent',
        status: 404,
        type: 'NotAddressable',
        message: `no list has it, and ${why}`,
        owner: null,
      })
    const row = await this.#asked(() => this.#limit.run(() => this.#client.task(id)))
    if (!this.#stop.signal.aborted) this.#listed({ ...row, id })
  }

  async output(id: string, revision?: number): Promise<string> {
    const kept = this.#follows.get(id)?.events.output(revision)
    if (kept !== null && kept !== undefined) return kept
    if (revision !== undefined)
      throw new SourceError({
        outcome: 'not-sent',
        status: 404,
        type: 'NotKept',
        message: 'This earlier output is not kept any more.',
        owner: null,
      })
    return this.#asked(async () => stringifyExact((await this.#client.task(id))['output'] ?? null))
  }

  async startTask(start: TaskStart, by: Author): Promise<TaskStarted> {
    const started = await this.#starts.start(start, by, (id, events) => {
      this.#record(id, events)
    })
    if (started.command.acceptedAt !== null && !this.#stop.signal.aborted) this.#follows.follow(started.id)
    return started
  }

  async steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    const { ledger, name } = this.#context
    const command = ledger.send({ source: name, verb, target: id, text: verb, by })
    if (verb !== 'cancel') return ledger.fail(command, unsupported(`inference.sh cannot ${verb} a run`))
    const upstream = this.#follows.get(id)
    try {
      upstream?.cancelAsked()
      await this.#client.cancelTask(id)
      const accepted = ledger.accept(command)
      // The service knows it after all, and has more to say of it.
      if (upstream?.isLost) this.#follows.follow(id)
      return accepted
    } catch (error) {
      return ledger.fail(command, commandError(error))
    }
  }

  setParameter(id: string, key: string, _value: unknown, by: Author): Promise<Command> {
    const { ledger, name } = this.#context
    const command = ledger.send({ source: name, verb: 'parameter', target: id, text: `set ${key}`, by })
    return Promise.resolve(ledger.fail(command, unsupported('inference.sh cannot change the input of a run')))
  }

  /** Apps whose name or words match; all of the workspace without a term. Throws SourceError. */
  apps(term: string): Promise<AppBody[]> {
    return this.#asked(() => this.#apps.find(term))
  }

  /** An app with its schemas. Throws SourceError. */
  app(ref: string): Promise<AppBody> {
    return this.#asked(() => this.#apps.app(ref))
  }

  /** What the app of a task takes and makes, in the version and of the function that ran. Throws SourceError. */
  schemas(id: string): Promise<TaskSchemas> {
    return this.#asked(() => this.#schemas(id))
  }

  /** What the service has of a task beside its stream. Throws SourceError. */
  extra(id: string, what: 'telemetry' | 'timings'): Promise<unknown> {
    return this.#asked<unknown>(() =>
      what === 'telemetry' ? this.#client.taskTelemetry(id) : this.#client.taskTimings(id),
    )
  }

  /** Uploads a file for an app's input; returns its URI. Throws SourceError. */
  upload(
    filename: string,
    type: string,
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    size: number,
  ): Promise<string> {
    return this.#asked(async () => {
      const [file] = await this.#client.createFiles([{ filename, content_type: type, size }])
      if (!file?.upload_url || !file.uri)
        throw new InferenceError('foreign', 'the service named no place for the upload')
      await this.#client.upload(file.upload_url, body, size, type)
      return file.uri
    })
  }

  /** True when the address is the source's own. */
  owns(url: string): boolean {
    return url.startsWith(`${new URL(this.#way.base).origin}/`)
  }

  file(
    url: string,
    how: { method: 'GET' | 'HEAD'; range: string | null },
    signal: AbortSignal,
  ): Promise<Response> {
    return fetchFile(url, how, this.#way.base, this.#way.fetch, signal)
  }

  proxy(request: Request, allows: ProxyOptions['allows']): Promise<Response> {
    return proxy(request, { ...this.#way, allows })
  }

  #schemas(id: string): Promise<TaskSchemas> {
    const task = this.#context.book.get(this.#context.name, id)
    return task ? this.#apps.schemasOf(task) : Promise.resolve(NO_SCHEMAS)
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      throw new SourceError(commandError(error))
    }
  }

  #record(id: string, events: readonly TaskEvent[]): void {
    const { book, name, ledger } = this.#context
    for (const event of events) {
      if (event.k === 'gap') this.#counts.gaps += 1
      if (event.k !== 'stream' && event.k !== 'command') this.#counts.events += 1
    }
    const task = book.record(name, 'inference', id, events)
    if (!isTerminal(task.status) || task.status === 'lost') return
    for (const command of task.detail.commands)
      if (command.verb === 'cancel' && command.acceptedAt !== null && command.effectiveAt === null)
        ledger.effect(command, task.endedAt, `ended: ${task.status}`)
  }

  #listed(row: TaskBody): void {
    const why = whyUnaddressable(row.id)
    if (why === null) this.#follows.listed(row)
    else this.#unasked.listed(row, why)
  }

  readonly #everySecond = (): void => {
    if (this.#stop.signal.aborted) return
    const { clock, report } = this.#context
    this.#second = clock.setTimeout(this.#everySecond, 1_000)
    const { open, reconnects } = this.#follows
    report({
      eventsPerSecond: this.#counts.events - this.#countedEvents,
      events: this.#counts.events,
      gaps: this.#counts.gaps,
      reconnects,
      openStreams: open,
    })
    this.#countedEvents = this.#counts.events
    this.#condition.everySecond(open, this.#lists.pendingMs)
  }
}
