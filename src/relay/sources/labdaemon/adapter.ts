import type { Fetch } from '#lib/fetch.ts'
import { inBackground, isolate } from '#lib/isolate.ts'
import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import { mayRun } from '#model/task.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import {
  SourceError,
  type SourceAdapter,
  type SourceContext,
  type TaskStart,
  type TaskStarted,
} from '../../source-adapter.ts'
import { ownRefusal, readError } from './command-error.ts'
import { LabDaemonDevices } from './devices/devices.ts'
import { createLab, type Lab } from './lab.ts'
import { Poller } from './poller.ts'
import { LabTasks } from './tasks/lab-tasks.ts'
import { TaskCommands } from './tasks/task-commands.ts'
import { TaskList } from './tasks/task-list.ts'
import { TaskOutcomes } from './tasks/task-outcomes.ts'

/** How long leaving may take; what is still open then is hung up on. */
const LEAVE_MS = 15_000
/** A second that comes so late was slept through: what streams sent meanwhile is still to be read. */
const SLEPT_MS = 5_000

/**
 * Weir's side of one LabDaemon server: polls its lists, holds the stream of each running task, sends commands,
 * and supplies from the ledger the states the server does not have (LabDaemon wire contract §7).
 */
export class LabDaemonAdapter implements SourceAdapter {
  readonly kind = 'labdaemon'
  readonly devices: LabDaemonDevices
  readonly apps = null
  readonly files = null
  readonly follows = null
  readonly figures = null
  readonly proxy = null
  readonly queuesStarts = true
  /** A lost task went with its server. */
  readonly lostMayRun = false
  readonly #lab: Lab
  readonly #tasks: LabTasks
  readonly #outcomes: TaskOutcomes
  readonly #commands: TaskCommands
  readonly #list: TaskList
  readonly #poller: Poller
  #second: unknown
  /** When the last second was, ms of the monotonic clock. */
  #secondAt: number | null = null
  #stopped = false

  constructor(context: SourceContext, url: string, fetch: Fetch) {
    const lab = createLab(context, url, fetch)
    this.#lab = lab
    this.#tasks = new LabTasks(lab)
    this.#outcomes = new TaskOutcomes(lab, this.#tasks)
    this.#commands = new TaskCommands(lab, this.#tasks, this.#outcomes)
    this.#list = new TaskList(lab, this.#tasks, this.#outcomes)
    this.devices = new LabDaemonDevices(lab)
    this.#poller = new Poller(lab, this.#list, this.devices)
  }

  start(): void {
    this.#tasks.begin()
    this.devices.begin()
    this.#poller.start()
    this.#everySecond()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#poller.stop()
    const { context, server } = this.#lab
    const { clock } = context
    clock.clearTimeout(this.#second)
    const reason = 'Weir stopped'
    if (server.isOk && !context.embedded) {
      let timer: unknown
      const bound = new Promise<void>((resolve) => (timer = clock.setTimeout(resolve, LEAVE_MS)))
      const left = Promise.all([this.#tasks.finish(reason), this.devices.held.finish(reason)])
      await Promise.race([left, bound])
      clock.clearTimeout(timer)
    }
    this.#tasks.drop(reason)
    this.devices.held.drop(reason)
  }

  retry(): void {
    this.#lab.polls.now()
    this.#tasks.retry()
    this.devices.held.retry()
  }

  retryStream(id: string): void {
    const task = this.#tasks.records.get(id)
    if (task && mayRun(task) && !this.#tasks.isFollowed(id)) inBackground(this.#outcomes.read(id))
    this.#tasks.retry(id)
  }

  raw(id: string): readonly RawItem[] {
    return this.#tasks.raw(id)
  }

  startTask(start: TaskStart, by: Author): Promise<TaskStarted> {
    return this.#commands.start(start, by)
  }

  steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    return this.#commands.steer(id, verb, by)
  }

  setParameter(id: string, key: string, value: unknown, by: Author): Promise<Command> {
    return this.#commands.setParameter(id, key, value, by)
  }

  async find(id: string): Promise<void> {
    const { client, context } = this.#lab
    const why = client.whyNoTask(id)
    if (why !== null) throw new SourceError(ownRefusal(404, 'NotAddressable', `no list has it, and ${why}`))
    const askedAt = context.clock.now()
    try {
      const { task } = await client.task(id)
      this.#list.found({ ...task, task_id: id }, askedAt)
    } catch (error) {
      throw new SourceError(readError(error))
    }
  }

  output(id: string): Promise<string> {
    return this.#outcomes.output(id)
  }

  readonly #everySecond = (): void => {
    if (this.#stopped) return
    const { context, streams, traffic } = this.#lab
    const { clock } = context
    this.#second = clock.setTimeout(this.#everySecond, 1_000)
    const now = clock.monotonic()
    const slept = this.#secondAt !== null && now - this.#secondAt > 1_000 + SLEPT_MS
    this.#secondAt = now
    traffic.report(context, streams.open)
    for (const task of this.#tasks.everySecond(slept))
      isolate(this.#commands, () => {
        this.#commands.confirm(task)
      })
    this.devices.everySecond(slept)
  }
}
