import type { Fetch } from '#lib/fetch.ts'
import { inBackground } from '#lib/isolate.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import type { ReconnectSettings } from '#model/source.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { CallTable } from '#protocols/inference/proxy-calls.ts'
import type { AppBody } from '#protocols/inference/schemas.ts'
import { whyUnaddressable } from '#protocols/inference/values.ts'
import type { RawItem, TaskSchemas } from '#protocols/weir/api.ts'
import type { Asked } from '../../commands/source-commands.ts'
import {
  SourceError,
  type SourceAdapter,
  type SourceContext,
  type TaskStart,
  type TaskStarted,
} from '../../source-adapter.ts'
import { createCloud, type Cloud } from './cloud.ts'
import { commandError, unsupported } from './command-error.ts'
import { fetchFile } from './files.ts'
import { Follows } from './follows.ts'
import { ListedRuns } from './listed-runs.ts'
import { proxy, type ProxyOptions } from './proxy.ts'
import { RunLists } from './run-lists.ts'
import { schemasOfRun } from './run-schemas.ts'
import { Starts } from './starts.ts'

/**
 * Weir's side of one inference.sh workspace: lists its runs, follows each that is not final, runs apps.
 * The key stays here (inference.sh wire contract §1).
 */
export class InferenceAdapter implements SourceAdapter {
  readonly kind = 'inference'
  readonly devices = null
  readonly #cloud: Cloud
  /** For what passes through as it is: files, and calls of the SDK. */
  readonly #way: Omit<ProxyOptions, 'calls'>
  readonly #starts: Starts
  readonly #lists: RunLists
  readonly #follows: Follows
  readonly #runs: ListedRuns
  #second: unknown

  constructor(context: SourceContext, url: string, key: string | null, fetch: Fetch) {
    this.#way = { base: url, key, fetch }
    const cloud = createCloud(context, url, key, fetch)
    this.#cloud = cloud
    this.#starts = new Starts(cloud)
    this.#lists = new RunLists(cloud)
    this.#follows = new Follows(cloud, this.#lists)
    this.#runs = new ListedRuns(cloud, this.#follows)
  }

  start(): void {
    this.setReconnect(this.#cloud.reconnect)
    this.#cloud.context.onWatched((topic) => {
      if (topic === 'tasks') this.#lists.watched()
    })
    if (this.#cloud.knownRuns.unfinished.length > 0) inBackground(this.#resume())
    else this.#lists.start(this.#runs)
    this.#everySecond()
  }

  /** Follows what had not ended when Weir did, from where the record is. */
  async #resume(): Promise<void> {
    const { knownRuns, stop } = this.#cloud
    const runs = knownRuns.unfinished
    try {
      await knownRuns.read()
    } finally {
      if (!stop.signal.aborted) {
        for (const { id, status } of runs) if (status !== 'lost') this.#follows.follow(id)
        this.#lists.start(this.#runs)
      }
    }
  }

  stop(): Promise<void> {
    this.#cloud.stop.abort()
    this.#cloud.context.clock.clearTimeout(this.#second)
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
    this.#cloud.reconnect = settings
    this.#cloud.context.report({ reconnect: settings })
  }

  raw(id: string): readonly RawItem[] {
    return this.#follows.get(id)?.readings.raw ?? []
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
    const { client, limit, stop } = this.#cloud
    const row = await this.#asked(() => limit.run(() => client.task(id)))
    if (!stop.signal.aborted) this.#runs.found({ ...row, id })
  }

  async output(id: string, revision?: number): Promise<string> {
    const kept = this.#follows.get(id)?.readings.events.output(revision)
    if (kept !== null && kept !== undefined) return kept
    if (revision !== undefined)
      throw new SourceError({
        outcome: 'not-sent',
        status: 404,
        type: 'NotKept',
        message: 'This earlier output is not kept any more.',
        owner: null,
      })
    return this.#asked(async () => stringifyExact((await this.#cloud.client.task(id))['output'] ?? null))
  }

  async startTask(start: TaskStart, by: Author): Promise<TaskStarted> {
    const started = await this.#starts.start(start, by)
    if (started.command.acceptedAt !== null && !this.#cloud.stop.signal.aborted)
      this.#follows.follow(started.id)
    return started
  }

  async steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    const { client, commands } = this.#cloud
    const asked: Asked = { verb, target: id, text: verb, by }
    if (verb !== 'cancel') return commands.refuse(asked, unsupported(`inference.sh cannot ${verb} a run`))
    const upstream = this.#follows.get(id)
    const { command } = await commands.carryOut(asked, async () => {
      upstream?.readings.cancelAsked()
      await client.cancelTask(id)
    })
    // The service knows it after all, and has more to say of it.
    if (command.acceptedAt !== null && upstream?.isLost) this.#follows.follow(id)
    return command
  }

  setParameter(id: string, key: string, _value: unknown, by: Author): Promise<Command> {
    const asked: Asked = { verb: 'parameter', target: id, text: `set ${key}`, by }
    const error = unsupported('inference.sh cannot change the input of a run')
    return Promise.resolve(this.#cloud.commands.refuse(asked, error))
  }

  /** Apps whose name or words match; all of the workspace without a term. Throws SourceError. */
  apps(term: string): Promise<AppBody[]> {
    return this.#asked(() => this.#cloud.apps.find(term))
  }

  /** An app with its schemas. Throws SourceError. */
  app(ref: string): Promise<AppBody> {
    return this.#asked(() => this.#cloud.apps.app(ref))
  }

  /** What the app of a task takes and makes, in the version and of the function that ran. Throws SourceError. */
  schemas(id: string): Promise<TaskSchemas> {
    return this.#asked(() => schemasOfRun(this.#cloud, id))
  }

  /** What the service has of a task beside its stream. Throws SourceError. */
  extra(id: string, what: 'telemetry' | 'timings'): Promise<unknown> {
    return this.#asked<unknown>(() =>
      what === 'telemetry' ? this.#cloud.client.taskTelemetry(id) : this.#cloud.client.taskTimings(id),
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
      const [file] = await this.#cloud.client.createFiles([{ filename, content_type: type, size }])
      if (!file?.upload_url || !file.uri)
        throw new InferenceError('foreign', 'the service named no place for the upload')
      await this.#cloud.client.upload(file.upload_url, body, size, type)
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

  proxy(request: Request, calls: CallTable): Promise<Response> {
    return proxy(request, { ...this.#way, calls })
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      throw new SourceError(commandError(error))
    }
  }

  readonly #everySecond = (): void => {
    const { condition, context, stop, traffic } = this.#cloud
    if (stop.signal.aborted) return
    this.#second = context.clock.setTimeout(this.#everySecond, 1_000)
    const { open } = this.#follows
    traffic.report(context, open)
    condition.everySecond(open, this.#lists.pendingMs)
  }
}
