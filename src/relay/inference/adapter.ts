import { sleep } from '#lib/clock.ts'
import type { Fetch } from '#lib/fetch.ts'
import type { Command, CommandError } from '#model/command.ts'
import { USUAL_RECONNECT, type ReconnectSettings, type Source } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { InferenceClient, type RunRequest } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { TaskMeta } from '#protocols/inference/changes.ts'
import { functionsOf, type AppBody, type TaskBody } from '#protocols/inference/schemas.ts'
import type { RawItem, TaskSchemas } from '#protocols/weir/api.ts'
import { Turns } from '#lib/turns.ts'
import {
  SourceError,
  type SourceAdapter,
  type SourceContext,
  type TaskStart,
  type TaskStarted,
} from '../source-adapter.ts'
import { fetchFile } from './files.ts'
import { proxy, type ProxyOptions } from './proxy.ts'
import { InferenceUpstream } from './task-upstream.ts'

/** How often the newest tasks are listed. */
const LIST_MS = { watched: 3_000, unwatched: 30_000 }
const LISTED = 50
const READS_AT_ONCE = 4
/** Starts of batches sent at once, and how often one is sent anew because there were too many. */
const STARTS_AT_ONCE = 8
const MOST_STARTS = 10
/** Streams held at once; tasks beyond wait until one has ended. */
const MOST_STREAMS = 200
const BACKOFF_MS = { first: 1_000, most: 30_000 }
/** While the limit on starts is waited for, it is looked so often whether the start is still wanted. */
const LOOK_MS = 5_000
/** Tasks that have ended are kept readable for this many. */
const KEPT_ENDED = 200
const NO_SCHEMAS: TaskSchemas = { input: null, output: null }
/** Versions of apps whose schemas are kept. */
const KEPT_VERSIONS = 100
/** An app may be deployed anew: its schemas are read again after this, ms. */
const APP_KEPT_MS = 60_000

/**
 * Weir's side of one inference.sh workspace: lists the newest tasks, follows each that is not final, runs apps.
 * The key stays here (inference.sh wire contract §1).
 */
export class InferenceAdapter implements SourceAdapter {
  readonly kind = 'inference'
  readonly devices = null
  readonly #client: InferenceClient
  readonly #context: SourceContext
  readonly #way: ProxyOptions
  readonly #upstreams = new Map<string, InferenceUpstream>()
  /** Followed to their end; for their outputs and raw lines. */
  readonly #ended = new Map<string, InferenceUpstream>()
  readonly #reads = new Turns(READS_AT_ONCE)
  readonly #starts = new Turns(STARTS_AT_ONCE)
  readonly #apps = new Map<string, { app: AppBody; at: number }>()
  readonly #versions = new Map<string, Promise<AppBody>>()
  /** Tasks that wait for a stream to become free. */
  readonly #unfollowed = new Set<string>()
  #listing = false
  #listAgain = false
  #reconnect = USUAL_RECONNECT
  #counts = { events: 0, reconnects: 0, gaps: 0 }
  #countedEvents = 0
  #failures = 0
  #poll: unknown
  #second: unknown
  readonly #stop = new AbortController()

  constructor(context: SourceContext, url: string, key: string | null, fetch: Fetch) {
    this.#context = context
    this.#way = { base: url, key, fetch }
    this.#client = new InferenceClient(url, key, fetch, context.clock)
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted
  }

  start(): void {
    this.setReconnect(this.#reconnect)
    void this.#list()
    this.#everySecond()
  }

  stop(): Promise<void> {
    this.#stop.abort()
    this.#context.clock.clearTimeout(this.#poll)
    this.#context.clock.clearTimeout(this.#second)
    for (const upstream of this.#upstreams.values()) upstream.stop()
    return Promise.resolve()
  }

  retry(): void {
    this.#listNow()
    for (const upstream of this.#upstreams.values()) upstream.retry()
  }

  retryStream(id: string): void {
    const upstream = this.#upstreams.get(id)
    if (!upstream?.isResting) upstream?.retry()
    else if (this.#isFull) this.#unfollowed.add(id)
    else upstream.follow(null)
  }

  /** For so long from now on, ms, or to its end. False for a task that has ended or has to wait for its stream. */
  follow(id: string, forMs: number | null): boolean {
    const upstream = this.#upstreams.get(id)
    if (!upstream || (upstream.isResting && this.#isFull)) return false
    upstream.follow(forMs)
    return true
  }

  /** For all streams; how long they are followed for those that begin from now on. */
  setReconnect(settings: ReconnectSettings): void {
    this.#reconnect = settings
    this.#context.report({ reconnect: settings })
  }

  raw(id: string): readonly RawItem[] {
    return this.#followed(id)?.raw ?? []
  }

  async output(id: string, revision?: number): Promise<string> {
    const kept = this.#followed(id)?.events.output(revision)
    if (kept !== null && kept !== undefined) return kept
    if (revision !== undefined)
      throw new SourceError({
        status: 404,
        type: 'NotKept',
        message: 'This earlier output is not kept any more.',
        owner: null,
      })
    try {
      return JSON.stringify((await this.#client.task(id))['output'] ?? null)
    } catch (error) {
      throw new SourceError(commandError(error))
    }
  }

  async startTask(start: TaskStart, by: string): Promise<TaskStarted> {
    const { ledger, clock, name } = this.#context
    const { type, params, batch, options = {} } = start
    const command = ledger.send({ source: name, verb: 'start', target: start.id, text: `run ${type}`, by })
    // Weir's own, not the service's.
    const { cancel_after: _, ...told } = options
    const request: RunRequest = { ...(told as Partial<RunRequest>), app: type, input: params }
    try {
      const answer =
        start.isWanted === undefined
          ? await this.#client.run(request)
          : await this.#starts.run(() => this.#startOfBatch(request, start))
      if (answer === null)
        return {
          id: start.id,
          command: ledger.refuse(command, {
            status: null,
            type: 'NotWanted',
            message: 'not started: its batch was cancelled',
            owner: null,
          }),
        }
      const { run, notices } = answer
      this.#record(run.id, [
        {
          k: 'started',
          at: clock.now(),
          origin: 'command',
          type,
          params,
          status: null,
          ...(batch ? { batch } : {}),
        },
        // For "Run again": the service tells some of it, and names an app without its version.
        { k: 'meta', at: clock.now(), meta: { asked: { app: type, ...options } } },
        ...notices.map((notice): TaskEvent => ({
          k: 'lines',
          at: clock.now(),
          kind: 'note',
          texts: [notice.message],
        })),
      ])
      const accepted = ledger.accept(command, run.id)
      this.#follow(run.id)
      return { id: run.id, command: ledger.effect(accepted, clock.now(), 'the service took the run') }
    } catch (error) {
      return { id: start.id, command: ledger.refuse(command, commandError(error)) }
    }
  }

  /**
   * One start of many, in its turn: null when it is not wanted any more. The service's limit on starts is waited
   * for, and with it all that stand behind.
   */
  async #startOfBatch(request: RunRequest, { isWanted }: TaskStart) {
    const { clock } = this.#context
    const isOff = () => this.#isStopped || isWanted?.() === false
    for (let tries = 0; ; tries++) {
      if (isOff()) return null
      try {
        return await this.#client.run(request)
      } catch (error) {
        if (!(error instanceof InferenceError) || error.kind !== 'rate' || tries >= MOST_STARTS) throw error
        const wait = error.retryAfterMs ?? Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** tries)
        const due = clock.monotonic() + wait
        for (let left = wait; left > 0 && !isOff(); left = due - clock.monotonic())
          await sleep(clock, Math.min(left, LOOK_MS), this.#stop.signal).catch(() => undefined)
      }
    }
  }

  async steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: string): Promise<Command> {
    const { ledger, name } = this.#context
    const command = ledger.send({ source: name, verb, target: id, text: verb, by })
    if (verb !== 'cancel') return ledger.refuse(command, unsupported(`inference.sh cannot ${verb} a run`))
    try {
      this.#upstreams.get(id)?.cancelAsked()
      await this.#client.cancelTask(id)
      return ledger.accept(command)
    } catch (error) {
      return ledger.refuse(command, commandError(error))
    }
  }

  setParameter(id: string, key: string, _value: unknown, by: string): Promise<Command> {
    const { ledger, name } = this.#context
    const command = ledger.send({ source: name, verb: 'parameter', target: id, text: `set ${key}`, by })
    return Promise.resolve(
      ledger.refuse(command, unsupported('inference.sh cannot change the input of a run')),
    )
  }

  /** Apps whose name or words match; all of the workspace without a term. Throws SourceError. */
  async apps(term: string): Promise<AppBody[]> {
    try {
      const page = term ? await this.#client.searchApps(term) : await this.#client.apps({ limit: 100 })
      return page.items
    } catch (error) {
      throw new SourceError(commandError(error))
    }
  }

  /** An app with its schemas, kept once read. Throws SourceError. */
  async app(ref: string): Promise<AppBody> {
    const now = this.#context.clock.now()
    const kept = this.#apps.get(ref)
    if (kept && now - kept.at < APP_KEPT_MS) return kept.app
    try {
      const app = await this.#client.app(ref)
      this.#apps.set(ref, { app, at: now })
      return app
    } catch (error) {
      throw new SourceError(commandError(error))
    }
  }

  /** What the app of a task takes and makes, in the version and of the function that ran. Throws SourceError. */
  async schemas(id: string): Promise<TaskSchemas> {
    const task = this.#context.book.get(this.#context.name, id)
    const { appId, appVersionId, function: name } = (task?.detail.meta ?? {}) as Partial<TaskMeta>
    if (!task || task.type === null) return NO_SCHEMAS
    try {
      const app =
        appId && appVersionId
          ? await this.#appVersion(appId, appVersionId, task.type)
          : await this.app(task.type)
      const functions = functionsOf(app)
      const own = functions.find((each) => each.name === name) ?? functions[0]
      return { input: own?.inputSchema ?? null, output: own?.outputSchema ?? null }
    } catch (error) {
      // An app that is gone, or another workspace's, has none to show.
      if (error instanceof SourceError && (error.error.status === 404 || error.error.status === 403))
        return NO_SCHEMAS
      throw error
    }
  }

  /** A version never changes: it is read once. One that is gone is taken for the newest. */
  #appVersion(appId: string, versionId: string, ref: string): Promise<AppBody> {
    let version = this.#versions.get(versionId)
    if (!version) {
      version = this.#client.appVersion(appId, versionId).catch(() => this.app(ref))
      this.#versions.set(versionId, version)
      if (this.#versions.size > KEPT_VERSIONS) this.#versions.delete(this.#versions.keys().next().value!)
      version.catch(() => this.#versions.delete(versionId))
    }
    return version
  }

  /** The card shows by the app's schema what the output's own form leaves open. */
  async #describe(id: string, { events }: InferenceUpstream): Promise<void> {
    if (events.schema !== null) return
    // Once per run: without a schema the value is shown by what it looks like.
    const { output } = await this.schemas(id).catch(() => NO_SCHEMAS)
    const event = events.describe(output ?? {})
    if (event && !this.#isStopped) this.#record(id, [event])
  }

  /** What the service has of a task beside its stream. Throws SourceError. */
  async extra(id: string, what: 'telemetry' | 'timings'): Promise<unknown> {
    try {
      return await (what === 'telemetry' ? this.#client.taskTelemetry(id) : this.#client.taskTimings(id))
    } catch (error) {
      throw new SourceError(commandError(error))
    }
  }

  /** Uploads a file for an app's input; returns its URI. Throws SourceError. */
  async upload(filename: string, type: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    try {
      const [file] = await this.#client.createFiles([{ filename, content_type: type, size: bytes.length }])
      if (!file?.upload_url || !file.uri)
        throw new InferenceError('foreign', 'the service named no place for the upload')
      await this.#client.upload(file.upload_url, bytes, type)
      return file.uri
    } catch (error) {
      throw new SourceError(commandError(error))
    }
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

  proxy(request: Request): Promise<Response> {
    return proxy(request, this.#way)
  }

  #followed(id: string): InferenceUpstream | undefined {
    return this.#upstreams.get(id) ?? this.#ended.get(id)
  }

  #record(id: string, events: readonly TaskEvent[]): void {
    const { book, name, ledger } = this.#context
    for (const event of events) {
      if (event.k === 'gap') this.#counts.gaps += 1
      if (event.k !== 'stream' && event.k !== 'command') this.#counts.events += 1
    }
    const task = book.record(name, 'inference', id, events)
    if (!isTerminal(task.status)) return
    for (const command of task.detail.commands)
      if (command.verb === 'cancel' && command.acceptedAt !== null && command.effectiveAt === null)
        ledger.effect(command, task.endedAt, `ended: ${task.status}`)
  }

  /** Lists at once, or again as soon as the list under way is read. */
  #listNow(): void {
    if (this.#listing) {
      this.#listAgain = true
      return
    }
    this.#context.clock.clearTimeout(this.#poll)
    void this.#list()
  }

  async #list(): Promise<void> {
    this.#listing = true
    this.#listAgain = false
    const { clock, report, isWatched } = this.#context
    const askedAt = clock.now()
    let wait: number
    try {
      const { items } = await this.#client.tasks({
        limit: LISTED,
        sort: [{ field: 'created_at', dir: 'desc' }],
      })
      if (this.#isStopped) return
      // What gave up while the service was not itself may go on.
      if (this.#failures > 0)
        for (const upstream of this.#upstreams.values()) if (upstream.state === 'failed') upstream.retry()
      this.#failures = 0
      const now = clock.now()
      report({ state: 'ok', detail: 'Connected', latencyMs: now - askedAt, tasksReadAt: now })
      // Oldest first: the order of the list is the order of first appearance.
      for (const row of items.toReversed()) this.#listed(row)
      wait = LIST_MS[isWatched('tasks') ? 'watched' : 'unwatched']
    } catch (error) {
      if (this.#isStopped) return
      wait = this.#failed(error)
    }
    this.#listing = false
    if (this.#listAgain) void this.#list()
    else this.#poll = clock.setTimeout(() => void this.#list(), wait)
  }

  #listed(row: TaskBody): void {
    const { book, clock, name } = this.#context
    // An id that is no text could not be named in an address.
    if (this.#followed(row.id) || encodingFails(row.id)) return
    const known = book.get(name, row.id)
    if (known && isTerminal(known.status)) return
    if (!known)
      this.#record(row.id, [
        { k: 'started', at: clock.now(), origin: 'poll', type: typeOf(row), status: null },
      ])
    this.#follow(row.id)
  }

  get #isFull(): boolean {
    let streams = 0
    for (const { isResting } of this.#upstreams.values()) if (!isResting) streams += 1
    return streams >= MOST_STREAMS
  }

  #follow(id: string): void {
    if (this.#isStopped || this.#upstreams.has(id)) return
    if (this.#isFull) {
      this.#unfollowed.add(id)
      return
    }
    this.#unfollowed.delete(id)
    const { clock, random } = this.#context
    const upstream = new InferenceUpstream({
      id,
      client: this.#client,
      readTask: () => this.#reads.run(() => this.#client.task(id)),
      clock,
      random,
      reconnect: () => this.#reconnect,
      record: (events) => {
        this.#record(id, events)
        if (events.some(({ k }) => k === 'output') && upstream.events.isUnsure)
          void this.#describe(id, upstream)
      },
      onDone: () => {
        this.#upstreams.delete(id)
        this.#unfollowed.delete(id)
        this.#ended.set(id, upstream)
        if (this.#ended.size > KEPT_ENDED) this.#ended.delete(this.#ended.keys().next().value!)
        this.#followNext()
      },
      onRest: () => {
        this.#followNext()
      },
      onReconnect: () => {
        this.#counts.reconnects += 1
      },
    })
    this.#upstreams.set(id, upstream)
    upstream.start()
  }

  #followNext(): void {
    const [next] = this.#unfollowed
    if (next === undefined) return
    const resting = this.#upstreams.get(next)
    if (!resting) this.#follow(next)
    else {
      this.#unfollowed.delete(next)
      resting.follow(null)
    }
  }

  /** Says what is wrong; returns how long to wait before the next try, ms. */
  #failed(error: unknown): number {
    const { clock, report } = this.#context
    if (!(error instanceof InferenceError)) {
      // A fault of Weir's own must not end the watch.
      console.error(error)
      return BACKOFF_MS.most
    }
    const state: Source['state'] =
      error.kind === 'unreachable'
        ? 'unreachable'
        : error.kind === 'foreign'
          ? 'wrong'
          : error.passing
            ? 'not_answering'
            : 'refused'
    report({
      state,
      detail: `${sentence(error.message)} ${error.advice}`,
      lastError: { at: clock.now(), text: error.message },
    })
    const wait = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.#failures++)
    return error.retryAfterMs ?? (error.passing ? wait : BACKOFF_MS.most)
  }

  readonly #everySecond = (): void => {
    if (this.#isStopped) return
    const { clock, report } = this.#context
    let openStreams = 0
    for (const { state } of this.#upstreams.values()) if (state === 'open') openStreams += 1
    report({
      eventsPerSecond: this.#counts.events - this.#countedEvents,
      events: this.#counts.events,
      gaps: this.#counts.gaps,
      reconnects: this.#counts.reconnects,
      openStreams,
    })
    this.#countedEvents = this.#counts.events
    this.#second = clock.setTimeout(this.#everySecond, 1_000)
  }
}

function commandError(error: unknown): CommandError {
  if (!(error instanceof InferenceError))
    return { status: null, type: 'InternalError', message: String(error), owner: null }
  const needs = error.requirements.map(({ message }) => message).join('; ')
  return {
    status: error.status,
    type: error.code ?? error.kind,
    message: `${sentence(needs || error.message)} ${adviceFor(error)}`,
    owner: null,
    ...(error.requirements.length > 0 ? { requirements: error.requirements } : {}),
  }
}

/** What a person can do who asked: no command is sent again by itself. */
function adviceFor(error: InferenceError): string {
  const wait = error.retryAfterMs === null ? '' : ` in ${Math.ceil(error.retryAfterMs / 1_000)} s`
  if (error.kind === 'rate') return `Too many requests: ask again${wait || ' a little later'}.`
  if (error.kind === 'server')
    return `The fault is on the side of inference.sh: ask again${wait || ' later'}.`
  if (error.kind === 'unreachable') return 'Check the network and the address of the source, then ask again.'
  return error.advice
}

function unsupported(message: string): CommandError {
  return { status: 501, type: 'NotSupported', message, owner: null }
}

function typeOf(row: TaskBody): string | null {
  const app = row['app'] as { namespace?: unknown; name?: unknown; id?: unknown } | null | undefined
  if (typeof app?.name !== 'string') return null
  return typeof app.namespace === 'string' ? `${app.namespace}/${app.name}` : app.name
}

function encodingFails(id: string): boolean {
  try {
    encodeURIComponent(id)
    return false
  } catch {
    return true
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
