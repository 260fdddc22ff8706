import type { Fetch } from '#lib/fetch.ts'
import { inBackground } from '#lib/isolate.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import { CallTable, PROXY_CALLS } from '#protocols/inference/proxy-calls.ts'
import { whyUnaddressable } from '#protocols/inference/values.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { Asked } from '../../commands/source-commands.ts'
import {
  SourceError,
  type AppCatalogue,
  type ClientProxy,
  type FileAccess,
  type FollowControl,
  type SourceAdapter,
  type SourceContext,
  type TaskFigures,
  type TaskStart,
  type TaskStarted,
} from '../../source-adapter.ts'
import { CloudApps } from './app-catalogue.ts'
import { createCloud, type Cloud } from './cloud.ts'
import { CloudFiles } from './cloud-files.ts'
import { asked, unsupported } from './command-error.ts'
import { Follows } from './follows.ts'
import { ListedRuns } from './listed-runs.ts'
import { SdkProxy } from './proxy.ts'
import { RunLists } from './run-lists.ts'
import { Starts } from './starts.ts'

/**
 * Weir's side of one inference.sh workspace: lists its runs, follows each that is not final, runs apps.
 * The key stays here (inference.sh wire contract §1).
 */
export class InferenceAdapter implements SourceAdapter {
  readonly kind = 'inference'
  readonly devices = null
  readonly apps: AppCatalogue
  readonly files: FileAccess
  readonly follows: FollowControl
  readonly figures: TaskFigures
  readonly proxy: ClientProxy
  readonly queuesStarts = false
  readonly lostMayRun = true
  readonly #cloud: Cloud
  readonly #starts: Starts
  readonly #lists: RunLists
  readonly #follows: Follows
  readonly #runs: ListedRuns
  #second: unknown

  constructor(context: SourceContext, url: string, key: string | null, fetch: Fetch) {
    const cloud = createCloud(context, url, key, fetch)
    this.#cloud = cloud
    this.#starts = new Starts(cloud)
    this.#lists = new RunLists(cloud)
    this.#follows = new Follows(cloud, this.#lists)
    this.#runs = new ListedRuns(cloud, this.#follows)
    this.apps = new CloudApps(cloud)
    this.files = new CloudFiles(cloud, url, fetch)
    this.follows = this.#follows
    this.figures = {
      telemetry: (id) => asked<unknown>(() => cloud.client.taskTelemetry(id)),
      timings: (id) => asked<unknown>(() => cloud.client.taskTimings(id)),
    }
    const calls = new CallTable([...PROXY_CALLS, ...context.allowCalls])
    this.proxy = new SdkProxy({ base: url, key, fetch, calls })
  }

  start(): void {
    this.#follows.setReconnect(this.#cloud.reconnect)
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
    const row = await asked(() => limit.run(() => client.task(id)))
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
    return stringifyExact((await asked(() => this.#cloud.client.task(id)))['output'] ?? null)
  }

  async startTask(start: TaskStart, by: Author): Promise<TaskStarted> {
    const started = await this.#starts.start(start, by)
    if (started.command.acceptedAt !== null && !this.#cloud.stop.signal.aborted)
      this.#follows.follow(started.id)
    return started
  }

  async steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    const { client, commands } = this.#cloud
    const wanted: Asked = { verb, target: id, text: verb, by }
    if (verb !== 'cancel') return commands.refuse(wanted, unsupported(`inference.sh cannot ${verb} a run`))
    const upstream = this.#follows.get(id)
    const { command } = await commands.carryOut(wanted, async () => {
      upstream?.readings.cancelAsked()
      await client.cancelTask(id)
    })
    // The service knows it after all, and has more to say of it.
    if (command.acceptedAt !== null && upstream?.isLost) this.#follows.follow(id)
    return command
  }

  setParameter(id: string, key: string, _value: unknown, by: Author): Promise<Command> {
    const wanted: Asked = { verb: 'parameter', target: id, text: `set ${key}`, by }
    const error = unsupported('inference.sh cannot change the input of a run')
    return Promise.resolve(this.#cloud.commands.refuse(wanted, error))
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
