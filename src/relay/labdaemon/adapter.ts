import type { Fetch } from '#lib/fetch.ts'
import { inBackground, isolate } from '#lib/isolate.ts'
import type { Author } from '#model/author.ts'
import { streamDeviceOf } from '#model/device.ts'
import type { Command } from '#model/command.ts'
import type { Source } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import { hasEnded, mayRun, type Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { LabDaemonClient, type Listed } from '#protocols/labdaemon/client.ts'
import type { TaskRow } from '#protocols/labdaemon/schemas.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import {
  SourceError,
  type SourceAdapter,
  type SourceContext,
  type TaskStart,
  type TaskStarted,
} from '../source-adapter.ts'
import { ownRefusal, readError } from './command-error.ts'
import { LabDaemonDevices } from './devices.ts'
import { ItemFaults } from '../item-faults.ts'
import { SourceClock, timed } from '../source-clock.ts'
import { Poller } from './poller.ts'
import { isAnotherServer, Restarts } from './restarts.ts'
import { StreamQueue } from './stream-queue.ts'
import { TaskCommands } from './task-commands.ts'
import { TaskOutcomes } from './task-outcomes.ts'
import { TaskUpstream } from './task-upstream.ts'

/** How long leaving may take; what is still open then is hung up on. */
const LEAVE_MS = 15_000
/** A second that comes so late was slept through: what streams sent meanwhile is still to be read. */
const SLEPT_MS = 5_000
/** A task seen so lately was just started. */
const NEW_MS = 5_000
/** Types that are suggested: how many, and how long. */
const MOST_TYPES = 500
const LONGEST_TYPE = 200
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
  readonly #faults: ItemFaults
  readonly #restarts = new Restarts()
  readonly #sourceClock: SourceClock
  /** Its own clock was asked for, on this connection. */
  #clockAsked = false
  /** A list was read: tasks that appear in later ones were started since. */
  #hasListed = false
  /** When the newest list was asked for, ms since epoch. */
  #listAskedAt = -Infinity
  /** When the list was asked for that last had each task running, ms since epoch. */
  readonly #ranAt = new Map<string, number>()
  #types = new Set<string>()
  #counts = { events: 0, reconnects: 0, gaps: 0 }
  #countedEvents = 0
  #second: unknown
  /** When the last second was, by the clock that nobody sets. */
  #secondAt: number | null = null
  /** Connections refused in a row. */
  #refusals = 0
  /** When the server was last cut off or away, ms since epoch: it may have been another one since. */
  #awayAt = -Infinity
  /** It was seen to shut down, and has not answered since. */
  #shutDown = false
  #stopped = false

  constructor(context: SourceContext, url: string, fetch: Fetch) {
    this.#context = context
    const now = () => context.clock.now()
    this.#sourceClock = new SourceClock(now, (aheadMs) => {
      context.report({ clockAheadMs: Math.round(aheadMs) })
    })
    const way = timed(fetch, url, this.#sourceClock, now)
    this.#client = new LabDaemonClient(url, way, context.clock, context.secrets)
    this.#faults = new ItemFaults((faults) => {
      context.report({ faults })
    })
    const taskOf = (id: string) => this.#task(id)
    const record = (id: string, events: readonly TaskEvent[]) => {
      this.#record(id, events)
    }
    const runs = (id: string) => {
      this.#runs(id)
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
      sourceClock: this.#sourceClock,
      ranAt: (id) => this.#ranAt.get(id),
      taskOf,
      record,
      end: (id, outcome) => {
        this.#end(id, outcome)
      },
      beforeEnd: async (id) => {
        await this.#upstreams.get(id)?.look()
      },
      runs,
      found: (id, running) => {
        this.#commands.found(id, running)
      },
      giveUp: (id) => this.#commands.giveUp(id),
      fault: (id, words) => {
        this.#faults.read('task', id, words)
      },
    })
    this.devices = new LabDaemonDevices({
      context,
      sourceClock: this.#sourceClock,
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
      login: () => loginWords(context.login),
      onTasks: (listed, askedAt) => {
        this.#onTasks(listed, askedAt)
      },
      onDevices: ({ rows, unread }, askedAt) => {
        const faults = this.#faults.list('device', unread)
        this.devices.onList(rows, askedAt, faults.of)
        faults.tell()
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
    const task = this.#task(id)
    if (task && mayRun(task) && !this.#upstreams.has(id)) inBackground(this.#outcomes.read(id))
    this.#upstreams.get(id)?.retry()
  }

  raw(id: string): readonly RawItem[] {
    return this.#upstreams.get(id)?.raw ?? this.#endedRaw.get(id) ?? []
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
    const why = this.#client.whyNoTask(id)
    if (why !== null) throw new SourceError(ownRefusal(404, 'NotAddressable', `no list has it, and ${why}`))
    const askedAt = this.#context.clock.now()
    try {
      const { task } = await this.#client.task(id)
      const { clock } = this.#context
      const here = { since: clock.monotonic(), wasDown: false, isAnother: false }
      this.#onTask({ ...task, task_id: id }, clock.now(), askedAt, here)
    } catch (error) {
      throw new SourceError(readError(error))
    }
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
  #onTasks({ rows, unread }: Listed<TaskRow>, askedAt: number): void {
    const at = this.#context.clock.now()
    const faults = this.#faults.list('task', unread)
    // Of what could not be read nobody knows that it has gone.
    const listed = new Set([...unread.map(({ item }) => item), ...rows.map(({ task_id: id }) => id)])
    const away = this.#restarts.listed(this.#context.clock.monotonic())
    const gone = this.#gone(listed, askedAt)
    const running = rows.filter((row) => row.running).length
    const ended = { before: this.#kept(isTerminal), now: rows.length + unread.length - running }
    // One that was lost, or perhaps never begun, was not in the list before.
    const missed = gone.filter(({ id, status }) => status !== 'lost' && !this.#commands.isUnsure(id))
    const isAnother = isAnotherServer(missed.length, ended)
    if (isAnother) this.#restarted(away.since)
    for (const row of rows)
      faults.of(row.task_id, () => {
        this.#onTask(row, at, askedAt, { ...away, isAnother })
      })
    for (const { id, status } of gone)
      faults.of(id, () => {
        if (isTerminal(status)) this.#record(id, [{ k: 'forgotten', at }])
        else inBackground(this.#outcomes.read(id))
      })
    faults.tell()
    this.#hasListed = true
    this.#listAskedAt = askedAt
    this.#context.report({
      taskTypes: [...this.#types]
        .filter((type) => type.length <= LONGEST_TYPE)
        .sort()
        .slice(0, MOST_TYPES),
      tasksReadAt: at,
    })
  }

  #onTask(
    { task_id: id, task_type: type, running }: TaskRow,
    at: number,
    askedAt: number,
    away: { since: number; wasDown: boolean; isAnother: boolean },
  ): void {
    this.#types.add(type)
    if (running) this.#ranAt.set(id, askedAt)
    this.#commands.found(id, running)
    const task = this.#task(id)
    if (!task) {
      this.#record(id, [{ k: 'started', at, origin: 'poll', type, ...(running ? {} : { status: null }) }])
      if (running) this.#attach(id)
      else inBackground(this.#outcomes.read(id))
    } else if (running) {
      if (isTerminal(task.status)) {
        if ((task.endedAt ?? 0) < askedAt && !this.#isSameRun(task))
          this.#record(id, [{ k: 'started', at, origin: 'poll', type }])
      } else if (away.isAnother || away.wasDown) this.#doubt(task, away.since, away.isAnother)
      this.#runs(id)
    } else if (!isTerminal(task.status)) inBackground(this.#outcomes.read(id))
  }

  /** Tasks the list no longer has: ended ones were forgotten, running ones were lost with their server. */
  #gone(listed: ReadonlySet<string>, askedAt: number): Task[] {
    const { book, name } = this.#context
    return book
      .tasksOf(name)
      .filter(
        (task) => task.onServer && !listed.has(task.id) && (task.startedAt ?? task.firstSeenAt) < askedAt,
      )
  }

  /** How many tasks the server had, as far as is known, whose status is so. A lost one it had not any more. */
  #kept(is: (status: Task['status']) => boolean): number {
    const { book, name } = this.#context
    return book.tasksOf(name).filter(({ onServer, status }) => onServer && status !== 'lost' && is(status))
      .length
  }

  /**
   * The server was away, and has a running task of an id that ran before: another run, unless its stream was not
   * lost, or its steps tell that it goes on (LabDaemon wire contract §5.19).
   * @param since when the server was lost, ms of the monotonic clock
   * @param isAnother it is known to be another server
   */
  #doubt(task: Task, since: number, isAnother: boolean): void {
    const upstream = this.#upstreams.get(task.id)
    if (upstream?.survived(since) || (task.startedAt ?? task.firstSeenAt) >= this.#listAskedAt) return
    if (!isAnother && upstream?.hasSteps) upstream.doubt()
    else this.#beginAnew(task.id, 'the run before', since)
  }

  /** Another run under the same id: the one before was lost with its server. */
  #beginAnew(id: string, before: string, since: number): void {
    const { clock } = this.#context
    const at = clock.now()
    const task = this.#task(id)
    if (!task) return
    this.#restarted(since)
    this.#settle(id, {
      k: 'outcome',
      at,
      status: 'lost',
      origin: 'inferred',
      note: 'its server restarted before an outcome was seen',
      endedAt: task.eventAt ?? task.statusAt,
      endedOrigin: 'inferred',
      result: null,
      error: null,
    })
    const text = `the server restarted and runs this id again: ${before} was lost with it`
    const hole = { at, cause: 'restarted', text, missed: null } as const
    this.#record(id, [
      { k: 'started', at, origin: 'poll', type: task.type },
      { k: 'gap', ...hole },
    ])
    this.#context.deviceBook.gap(this.#context.name, streamDeviceOf(id), hole)
    this.#upstreams.get(id)?.beginAnew()
  }

  #restarted(since: number): void {
    this.#restarts.note(this.#context.clock.monotonic(), since)
    this.#context.report({ restarts: this.#restarts.count })
  }

  #end(id: string, outcome: Extract<TaskEvent, { k: 'outcome' }>): void {
    const hole = this.#upstreams.get(id)?.gapAtEnd(outcome.at, outcome.status === 'completed')
    if (hole) this.#record(id, [{ k: 'gap', ...hole }])
    this.#ranAt.delete(id)
    const task = this.#settle(id, outcome)
    const upstream = this.#upstreams.get(id)
    if (!upstream) return
    this.#upstreams.delete(id)
    this.#endedRaw.delete(id)
    this.#endedRaw.set(id, upstream.raw.slice(-ENDED_RAW.items))
    for (const oldest of this.#endedRaw.keys()) {
      if (this.#endedRaw.size <= ENDED_RAW.tasks) break
      this.#endedRaw.delete(oldest)
    }
    // A server that was never away may still hold the stream: it is left in good order.
    if (outcome.status === 'lost' && !this.#isSameRun(task)) upstream.drop('lost with its server')
    else inBackground(upstream.finish('the task ended'))
  }

  /** Enters how a run ended, and what that means for the commands it was given. */
  #settle(id: string, outcome: Extract<TaskEvent, { k: 'outcome' }>): Task {
    const task = this.#record(id, [outcome])
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
    return task
  }

  /** A server uses an id once: one that was never away means the run of which an end was only inferred. */
  #isSameRun(task: Task): boolean {
    return !hasEnded(task) && this.#awayAt < (task.endedAt ?? task.statusAt)
  }

  /** The server says that the task runs: an end that was only inferred is taken back. */
  #runs(id: string): void {
    const task = this.#task(id)
    if (task && hasEnded(task)) return
    if (task && isTerminal(task.status))
      this.#record(id, [
        {
          k: 'status',
          at: this.#context.clock.now(),
          status: task.cancelAskedAt === null ? 'running' : 'cancelling',
          origin: 'poll',
          note: 'the server says that it runs',
        },
      ])
    this.#attach(id)
  }

  #attach(id: string): void {
    if (this.#stopped || this.#upstreams.has(id)) return
    const { clock, random } = this.#context
    const why = this.#client.whyNoStream(id)
    if (why !== null) {
      this.#leaveUnfollowed(id, why)
      return
    }
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
      isNew: this.#isNew(id),
      isWatched: () => this.#context.isWatched(taskTopic(this.#context.name, id)),
      onAnotherRun: (before, since) => {
        this.#beginAnew(id, before, since)
      },
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

  /** The task is shown, but cannot be followed: its id is one that LabDaemon cannot be asked for. */
  #leaveUnfollowed(id: string, why: string): void {
    const reason = `it cannot be followed, since LabDaemon cannot be asked for its id: ${why}`
    if (this.#task(id)?.stream.reason === reason) return
    const at = this.#context.clock.now()
    this.#record(id, [
      { k: 'stream', at, state: { name: 'none', reason, since: at, retryAt: null } },
      { k: 'lines', at, kind: 'note', texts: [`Its stream and its outcome are not known: ${reason}.`] },
    ])
  }

  /** True for what was started just now, by whomever. */
  #isNew(id: string): boolean {
    const seenAt = this.#task(id)?.firstSeenAt ?? 0
    const isOurs = this.#task(id)?.startedOrigin === 'command'
    return (this.#hasListed || isOurs) && this.#context.clock.now() - seenAt < NEW_MS
  }

  /** Most often the task has just ended, or its server has. */
  #onInterrupted(): void {
    this.#restarts.broken(this.#context.clock.monotonic())
    this.#awayAt = this.#context.clock.now()
    this.#counts.reconnects += 1
    this.#poller.pollNow()
  }

  #onState(news: Partial<Source>, failure?: string): void {
    if (failure === 'ECONNREFUSED') this.#restarts.refused(this.#context.clock.monotonic())
    if (news.state === 'unreachable') this.#awayAt = this.#context.clock.now()
    if (news.state === 'ok') {
      this.#shutDown = false
      this.devices.answered()
      this.#askClock()
    } else if (news.state) {
      this.#clockAsked = false
      this.#sourceClock.lost()
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

  /** A header may be a gateway's: once per connection the server itself says what time it is. */
  #askClock(): void {
    if (this.#clockAsked) return
    this.#clockAsked = true
    const { clock } = this.#context
    const sentAt = clock.now()
    this.#client.health().then(
      ({ timestamp }) => {
        const told = Date.parse(timestamp)
        if (!Number.isNaN(told)) this.#sourceClock.measure('body', told, 1_000, sentAt)
      },
      // The lists tell what is wrong with the server.
      () => undefined,
    )
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
    this.#second = clock.setTimeout(this.#everySecond, 1_000)
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
    for (const [id, upstream] of this.#upstreams)
      isolate(upstream, () => {
        const task = this.#task(id)
        if (!task) return
        if (!slept) inBackground(upstream.watch(task.pauseAskedAt === null))
        this.#commands.confirm(task)
      })
    this.devices.streams.everySecond(slept)
  }
}

/** What to do to be let in, as half a sentence and its full stop. */
function loginWords(login: SourceContext['login']): string {
  if (login === null) return 'start Weir with a login for it.'
  return login.given
    ? `correct ${login.variable} where Weir runs and start it again: what it holds is not accepted.`
    : `set ${login.variable}="Authorization: Bearer …" where Weir runs and start it again.`
}
