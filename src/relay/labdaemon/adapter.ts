import type { Fetch } from '#lib/fetch.ts'
import { streamDeviceOf } from '#model/device.ts'
import type { Command } from '#model/command.ts'
import type { Source } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { LabDaemonClient } from '#protocols/labdaemon/client.ts'
import type { TaskRow } from '#protocols/labdaemon/schemas.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { SourceAdapter, SourceContext, TaskStart, TaskStarted } from '../source-adapter.ts'
import { LabDaemonDevices } from './devices.ts'
import { Poller } from './poller.ts'
import { StreamQueue } from './stream-queue.ts'
import { TaskCommands } from './task-commands.ts'
import { TaskOutcomes } from './task-outcomes.ts'
import { TaskUpstream } from './task-upstream.ts'

/** How long leaving may take; what is still open then is hung up on. */
const LEAVE_MS = 15_000
/** A second that comes so late was slept through: what streams sent meanwhile is still to be read. */
const SLEPT_MS = 5_000
/** Ended tasks whose raw messages are kept, and how many of each. */
const ENDED_RAW = { tasks: 200, items: 100 }

/**
 * Weir's side of one LabDaemon server: polls its lists, holds the stream of each running task, sends commands,
 * and supplies from the ledger the states the server does not have (LabDaemon wire contract §7).
 */
export class LabDaemonAdapter implements SourceAdapter {
  readonly kind = 'labdaemon'
  readonly devices: LabDaemonDevices
  readonly #context: SourceContext
  readonly #client: LabDaemonClient
  readonly #queue = new StreamQueue()
  readonly #poller: Poller
  readonly #upstreams = new Map<string, TaskUpstream>()
  readonly #commands: TaskCommands
  readonly #outcomes: TaskOutcomes
  readonly #endedRaw = new Map<string, readonly RawItem[]>()
  /** Tasks that ran when the list was seen to lack them. */
  #losing: ReadonlySet<string> = new Set()
  #types = new Set<string>()
  #counts = { events: 0, reconnects: 0, gaps: 0, restarts: 0 }
  #countedEvents = 0
  #second: unknown
  /** When the last second was, by the clock that nobody sets. */
  #secondAt: number | null = null
  /** Connections refused in a row. */
  #refusals = 0
  /** It was seen to shut down, and has not answered since. */
  #shutDown = false
  #stopped = false

  constructor(context: SourceContext, url: string, fetch: Fetch) {
    this.#context = context
    this.#client = new LabDaemonClient(url, fetch, context.clock)
    const taskOf = (id: string) => this.#task(id)
    const record = (id: string, events: readonly TaskEvent[]) => {
      this.#record(id, events)
    }
    const runs = (id: string) => {
      this.#attach(id)
    }
    this.#commands = new TaskCommands({
      context,
      client: this.#client,
      taskOf,
      record,
      runs,
      readOutcome: (id, started) => this.#outcomes.read(id, started),
      known: (type) => {
        this.#types.add(type)
      },
      poll: () => {
        this.#poller.pollNow()
      },
    })
    this.#outcomes = new TaskOutcomes({
      client: this.#client,
      clock: context.clock,
      taskOf,
      record,
      end: (id, outcome) => {
        this.#end(id, outcome)
      },
      runs,
      found: (id, running) => {
        this.#commands.found(id, running)
      },
      giveUp: (id) => this.#commands.giveUp(id),
    })
    this.devices = new LabDaemonDevices({
      context,
      client: this.#client,
      queue: this.#queue,
      isServerOk: () => this.#poller.isOk,
      readList: () => {
        this.#poller.pollDevicesNow()
      },
      onGap: () => {
        this.#counts.gaps += 1
      },
      onInterrupted: () => {
        this.#onInterrupted()
      },
    })
    this.#poller = new Poller({
      client: this.#client,
      clock: context.clock,
      isBusy: () => this.#upstreams.size > 0,
      wantsDevices: () => context.isWatched('devices') || this.devices.streams.count > 0,
      running: () => this.devices.running,
      onTasks: (rows, askedAt) => {
        this.#onTasks(rows, askedAt)
      },
      onDevices: (devices, askedAt) => {
        this.devices.onList(devices, askedAt)
        context.report({ devicesReadAt: context.clock.now() })
      },
      onState: (patch, failure) => {
        this.#onState(patch, failure)
      },
    })
  }

  start(): void {
    this.#poller.start()
    this.#everySecond()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#poller.stop()
    const { clock } = this.#context
    clock.clearTimeout(this.#second)
    const upstreams = [...this.#upstreams.values()]
    if (this.#poller.isOk && !this.#context.embedded) {
      let timer: unknown
      const bound = new Promise<void>((resolve) => (timer = clock.setTimeout(resolve, LEAVE_MS)))
      const left = upstreams.map((upstream) => upstream.finish('Weir stopped'))
      await Promise.race([Promise.all([...left, this.devices.streams.finish('Weir stopped')]), bound])
      clock.clearTimeout(timer)
    }
    for (const upstream of upstreams) upstream.drop('Weir stopped')
    this.devices.streams.drop('Weir stopped')
  }

  retry(): void {
    this.#poller.pollNow()
    for (const upstream of this.#upstreams.values()) upstream.retry()
    this.devices.streams.retry()
  }

  retryStream(id: string): void {
    this.#upstreams.get(id)?.retry()
  }

  raw(id: string): readonly RawItem[] {
    return this.#upstreams.get(id)?.raw ?? this.#endedRaw.get(id) ?? []
  }

  startTask(start: TaskStart, by: string): Promise<TaskStarted> {
    return this.#commands.start(start, by)
  }

  steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: string): Promise<Command> {
    return this.#commands.steer(id, verb, by)
  }

  setParameter(id: string, key: string, value: unknown, by: string): Promise<Command> {
    return this.#commands.setParameter(id, key, value, by)
  }

  output(id: string): Promise<string> {
    return this.#outcomes.output(id)
  }

  #task(id: string): Task | undefined {
    return this.#context.book.get(this.#context.name, id)
  }

  #record(id: string, events: readonly TaskEvent[]): Task {
    const { book, name } = this.#context
    for (const event of events) if (event.k === 'gap') this.#counts.gaps += 1
    return book.record(name, 'labdaemon', id, events)
  }

  /** @param askedAt when the list was asked for: what began later cannot be in it */
  #onTasks(rows: readonly TaskRow[], askedAt: number): void {
    const at = this.#context.clock.now()
    const listed = new Set<string>()
    for (const { task_id: id, task_type: type, running } of rows) {
      listed.add(id)
      this.#types.add(type)
      this.#commands.found(id, running)
      const task = this.#task(id)
      if (!task) {
        this.#record(id, [{ k: 'started', at, origin: 'poll', type, ...(running ? {} : { status: null }) }])
        if (running) this.#attach(id)
        else void this.#outcomes.read(id)
      } else if (running) {
        if (isTerminal(task.status) && (task.endedAt ?? 0) < askedAt)
          this.#record(id, [{ k: 'started', at, origin: 'poll', type }])
        if (!isTerminal(this.#task(id)!.status)) this.#attach(id)
      } else if (!isTerminal(task.status)) void this.#outcomes.read(id)
    }
    this.#forget(listed, askedAt)
    this.#context.report({ taskTypes: [...this.#types].sort(), tasksReadAt: at })
  }

  /** Tasks the list no longer has: ended ones were forgotten, running ones were lost with their server. */
  #forget(listed: ReadonlySet<string>, askedAt: number): void {
    const { book, name, clock } = this.#context
    const at = clock.now()
    const losing = new Set<string>()
    for (const task of book.tasksOf(name)) {
      if (listed.has(task.id) || !task.onServer) continue
      if ((task.startedAt ?? task.firstSeenAt) >= askedAt) continue
      if (!isTerminal(task.status)) {
        void this.#outcomes.read(task.id)
        if (!this.#commands.isUnsure(task.id)) losing.add(task.id)
      } else this.#record(task.id, [{ k: 'forgotten', at }])
    }
    // Their outcomes are read one by one, so later lists may miss the rest of them: still the same restart.
    if (losing.size > 0 && listed.size === 0 && this.#losing.size === 0) {
      this.#counts.restarts += 1
      this.#context.report({ restarts: this.#counts.restarts })
    }
    this.#losing = losing
  }

  #end(id: string, outcome: Extract<TaskEvent, { k: 'outcome' }>): void {
    const hole = this.#upstreams.get(id)?.gapAtEnd(outcome.at)
    const task = this.#record(id, hole ? [{ k: 'gap', ...hole }, outcome] : [outcome])
    for (const command of task.detail.commands)
      if (
        command.acceptedAt !== null &&
        command.effectiveAt === null &&
        (command.verb === 'cancel' || command.effectNote === null)
      )
        this.#context.ledger.effect(
          command,
          command.verb === 'cancel' ? outcome.endedAt : null,
          command.verb === 'cancel' ? `ended: ${outcome.status}` : 'the task ended before an effect was seen',
        )
    const upstream = this.#upstreams.get(id)
    if (!upstream) return
    this.#upstreams.delete(id)
    this.#endedRaw.delete(id)
    this.#endedRaw.set(id, upstream.raw.slice(-ENDED_RAW.items))
    for (const oldest of this.#endedRaw.keys()) {
      if (this.#endedRaw.size <= ENDED_RAW.tasks) break
      this.#endedRaw.delete(oldest)
    }
    if (outcome.status === 'lost') upstream.drop('lost with its server')
    else void upstream.finish('the task ended')
  }

  #attach(id: string): void {
    if (this.#stopped || this.#upstreams.has(id)) return
    const { clock, random } = this.#context
    const upstream = new TaskUpstream({
      deviceId: streamDeviceOf(id),
      client: this.#client,
      queue: this.#queue,
      clock,
      random,
      isServerOk: () => this.#poller.isOk,
      source: this.#context.name,
      readings: this.#context.deviceBook,
      tasks: () => this.#upstreams.size,
      record: (events) => {
        for (const event of events) if (event.k === 'progress') this.#counts.events += 1
        this.#record(id, events)
      },
      onInterrupted: () => {
        this.#onInterrupted()
      },
    })
    this.#upstreams.set(id, upstream)
    upstream.start()
  }

  /** Most often the task has just ended, or its server has. */
  #onInterrupted(): void {
    this.#counts.reconnects += 1
    this.#poller.pollNow()
  }

  #onState(news: Partial<Source>, failure?: string): void {
    if (news.state === 'ok') {
      this.#shutDown = false
      this.devices.answered()
    }
    this.#refusals = failure === 'ECONNREFUSED' ? this.#refusals + 1 : 0
    const patch =
      this.#shutDown && news.state === 'unreachable'
        ? { ...news, detail: 'It was shutting down and has ended. Weir keeps trying until it is back.' }
        : news
    this.#context.report(patch)
    if (!patch.state) return
    this.#queue.hold(patch.state !== 'ok')
    // Connections refused while streams live: the server waits for them to close (LabDaemon wire contract
    // §5.14). Twice, since once may be a full backlog; any other failure may be the network's, and passes.
    if (this.#refusals >= 2 && this.#openStreams() > 0) {
      this.#shutDown = true
      this.#context.report({
        state: 'stopping',
        detail:
          'The server refuses requests while its streams live: it is shutting down. Weir lets go of them.',
      })
      for (const upstream of this.#upstreams.values()) upstream.hangUp()
      this.devices.streams.hangUp()
    }
  }

  #openStreams(): number {
    let open = this.devices.streams.open
    for (const { state } of this.#upstreams.values())
      if (state === 'open' || state === 'stalled' || state === 'silenced') open += 1
    return open
  }

  readonly #everySecond = (): void => {
    if (this.#stopped) return
    const { clock, report } = this.#context
    const now = clock.monotonic()
    const slept = this.#secondAt !== null && now - this.#secondAt > 1_000 + SLEPT_MS
    this.#secondAt = now
    const events = this.#counts.events + this.devices.streams.messages
    const perSecond = events - this.#countedEvents
    this.#countedEvents = events
    report({
      eventsPerSecond: perSecond,
      events,
      gaps: this.#counts.gaps,
      reconnects: this.#counts.reconnects,
      openStreams: this.#openStreams(),
    })
    for (const [id, upstream] of this.#upstreams) {
      const task = this.#task(id)
      if (!task) continue
      if (!slept) void upstream.watch(task.pauseAskedAt === null)
      this.#commands.confirm(task)
    }
    this.devices.streams.everySecond(slept)
    this.#second = clock.setTimeout(this.#everySecond, 1_000)
  }
}
