import type { Fetch } from '#lib/fetch.ts'
import type { Command, CommandVerb } from '#model/command.ts'
import { pauseGrace } from '#model/reduce-task.ts'
import type { Source } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { LabDaemonClient } from '#protocols/labdaemon/client.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import { outcomeOf } from '#protocols/labdaemon/outcome.ts'
import { resultText } from '#protocols/labdaemon/result-text.ts'
import { timeOf, type TaskRow } from '#protocols/labdaemon/schemas.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import {
  SourceError,
  type SourceAdapter,
  type SourceContext,
  type TaskStart,
  type TaskStarted,
} from '../source-adapter.ts'
import { commandError } from './command-error.ts'
import { streamDeviceOf } from '#model/device.ts'
import { LabDaemonDevices } from './devices.ts'
import { Poller } from './poller.ts'
import { StreamQueue } from './stream-queue.ts'
import { TaskUpstream } from './task-upstream.ts'

/** How long leaving may take; what is still open then is hung up on. */
const LEAVE_MS = 15_000
/** Outputs kept in characters, so that the server is asked once (LabDaemon wire contract §5.12). */
const OUTPUT_CACHE = 64 * 1024 * 1024
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
  readonly #outputs = new Map<string, string>()
  readonly #endedRaw = new Map<string, readonly RawItem[]>()
  readonly #reading = new Set<string>()
  /** Starts whose answer did not come: the lists tell whether they took effect. */
  readonly #unsureStarts = new Map<string, Command>()
  /** Tasks that ran when the list was seen to lack them. */
  #losing: ReadonlySet<string> = new Set()
  #lastRead: Promise<void> = Promise.resolve()
  #lastStart: Promise<unknown> = Promise.resolve()
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

  async output(id: string): Promise<string> {
    const kept = this.#outputs.get(id)
    if (kept !== undefined) return kept
    try {
      const { task, text } = await this.#client.task(id)
      return resultText(text, task.result, 'exception')
    } catch (error) {
      throw new SourceError(commandError(error))
    }
  }

  /** Starts go one after another: a LabDaemon is asked one thing of a kind at a time. */
  startTask(start: TaskStart, by: string): Promise<TaskStarted> {
    const started = this.#lastStart.then(() => this.#startTaskNow(start, by))
    this.#lastStart = started
    return started
  }

  async #startTaskNow(start: TaskStart, by: string): Promise<TaskStarted> {
    const { ledger } = this.#context
    const { id, type, params, batch } = start
    const known = this.#task(id) !== undefined
    let command = ledger.send({
      source: this.#context.name,
      verb: 'start',
      target: id,
      text: `start ${type}`,
      by,
    })
    if (start.isWanted?.() === false) {
      const message = 'not started: its batch was cancelled'
      return {
        id,
        command: ledger.refuse(command, { status: null, type: 'NotWanted', message, owner: null }),
      }
    }
    try {
      const answer = await this.#client.start(id, type, params)
      const at = this.#context.clock.now()
      this.#types.add(type)
      this.#record(id, [
        {
          k: 'started',
          at,
          origin: 'command',
          type,
          params,
          deviceIds: answer.device_ids,
          ...(batch ? { batch } : {}),
        },
      ])
      command = ledger.accept(command)
      command = ledger.effect(command, at, `the server says ${answer.status.replaceAll('_', ' ')}`)
      if (answer.status === 'completed_immediately') await this.#readOutcome(id)
      else this.#attach(id)
      return { id, command }
    } catch (error) {
      const refused = this.#refuse(command, error)
      if (refused.error?.unsure && !known) {
        // It may run: it stands in the book, and the next list that is read says what became of it.
        this.#unsureStarts.set(id, refused)
        this.#record(id, [
          {
            k: 'started',
            at: this.#context.clock.now(),
            origin: 'command',
            status: null,
            type,
            params,
            ...(batch ? { batch } : {}),
          },
        ])
        this.#poller.pollNow()
      }
      // A refusal may have made a task all the same, and used its id (LabDaemon wire contract §5.9).
      if (!known && refused.error?.status === 400) await this.#readOutcome(id, { type, params })
      return { id, command: refused }
    }
  }

  /** The server knows a task whose start was not answered. */
  #foundStarted(id: string, running: boolean): void {
    const command = this.#unsureStarts.get(id)
    if (!command) return
    this.#unsureStarts.delete(id)
    const { ledger, clock } = this.#context
    const at = clock.now()
    ledger.effect(ledger.accept(command), at, 'not answered, but found on the server')
    if (running) this.#record(id, [{ k: 'started', at, origin: 'poll', type: null }])
  }

  steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: string): Promise<Command> {
    return this.#command(verb, id, verb, by, async () => {
      await this.#client.steer(id, verb)
    })
  }

  async setParameter(id: string, key: string, value: unknown, by: string): Promise<Command> {
    const command = await this.#command(
      'parameter',
      id,
      `set ${key} = ${JSON.stringify(value)}`,
      by,
      async () => {
        await this.#client.setParameter(id, key, value)
      },
    )
    if (command.acceptedAt === null) return command
    const confirmed = this.#context.ledger.effect(command, command.acceptedAt, 'confirmed by the server')
    this.#record(id, [{ k: 'command', at: command.acceptedAt, command: confirmed, setting: { key, value } }])
    return confirmed
  }

  async #command(
    verb: CommandVerb,
    id: string,
    text: string,
    by: string,
    act: () => Promise<void>,
  ): Promise<Command> {
    const { ledger, name } = this.#context
    const command = ledger.send({ source: name, verb, target: id, text, by })
    try {
      await act()
    } catch (error) {
      return this.#refuse(command, error)
    }
    const accepted = ledger.accept(command)
    if (verb === 'cancel') this.#poller.pollNow()
    return accepted
  }

  #refuse(command: Command, error: unknown): Command {
    return this.#context.ledger.refuse(command, commandError(error))
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
      this.#foundStarted(id, running)
      const task = this.#task(id)
      if (!task) {
        this.#record(id, [{ k: 'started', at, origin: 'poll', type, ...(running ? {} : { status: null }) }])
        if (running) this.#attach(id)
        else void this.#readOutcome(id)
      } else if (running) {
        if (isTerminal(task.status) && (task.endedAt ?? 0) < askedAt)
          this.#record(id, [{ k: 'started', at, origin: 'poll', type }])
        if (!isTerminal(this.#task(id)!.status)) this.#attach(id)
      } else if (!isTerminal(task.status)) void this.#readOutcome(id)
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
        void this.#readOutcome(task.id)
        if (!this.#unsureStarts.has(task.id)) losing.add(task.id)
      } else this.#record(task.id, [{ k: 'forgotten', at }])
    }
    // Their outcomes are read one by one, so later lists may miss the rest of them: still the same restart.
    if (losing.size > 0 && listed.size === 0 && this.#losing.size === 0) {
      this.#counts.restarts += 1
      this.#context.report({ restarts: this.#counts.restarts })
    }
    this.#losing = losing
  }

  /** Reads how a task ended, once, one task at a time; a task that is gone is lost. */
  #readOutcome(id: string, started?: { type: string; params: unknown }): Promise<void> {
    if (this.#reading.has(id)) return Promise.resolve()
    this.#reading.add(id)
    this.#lastRead = this.#lastRead.then(() => this.#readOutcomeNow(id, started))
    return this.#lastRead
  }

  async #readOutcomeNow(id: string, started?: { type: string; params: unknown }): Promise<void> {
    try {
      const { task, text } = await this.#client.task(id)
      if (started)
        this.#record(id, [{ k: 'started', at: this.#context.clock.now(), origin: 'command', ...started }])
      this.#foundStarted(id, task.running)
      if (task.running) {
        this.#attach(id)
        return
      }
      const known = this.#task(id)
      const outcome = outcomeOf(task, text, known?.cancelAskedAt != null, reachedEnd(known))
      const stored = outcome.error ? await this.#client.taskError(id).catch(() => null) : null
      const at = this.#context.clock.now()
      const errorAt = timeOf(stored?.error.timestamp)
      const endedAt =
        errorAt === null || !known
          ? at
          : within(errorAt, known.eventAt ?? known.startedAt ?? known.firstSeenAt, at)
      this.#keepOutput(
        id,
        outcome.result.state === 'available' ? resultText(text, task.result, 'exception') : null,
      )
      this.#end(id, {
        k: 'outcome',
        at,
        status: outcome.status,
        origin: outcome.inferred ? 'inferred' : 'poll',
        ...(outcome.note ? { note: outcome.note } : {}),
        endedAt,
        // Found ended: it was over some time before it was seen.
        endedOrigin: errorAt === null && known?.status === 'unknown' ? 'inferred' : 'poll',
        result: outcome.result,
        error: outcome.error && { ...outcome.error, at: errorAt ?? at },
      })
    } catch (error) {
      this.#outcomeUnreadable(id, error)
    } finally {
      this.#reading.delete(id)
    }
  }

  #outcomeUnreadable(id: string, error: unknown): void {
    if (!(error instanceof LabDaemonError)) {
      console.error(error)
      return
    }
    const task = this.#task(id)
    if (!task || isTerminal(task.status)) return
    const at = this.#context.clock.now()
    if (error.status === 404) {
      const begun = !this.#unsureStarts.delete(id)
      this.#end(id, {
        k: 'outcome',
        at,
        status: 'lost',
        origin: 'inferred',
        note: begun
          ? 'its server restarted or forgot it before an outcome was seen'
          : 'its start was not answered, and the server does not know it',
        // When it was last known to live.
        endedAt: task.eventAt ?? task.statusAt,
        endedOrigin: 'inferred',
        result: null,
        error: null,
      })
    } else if (error.kind === 'crashed')
      this.#end(id, {
        k: 'outcome',
        at,
        status: 'completed',
        origin: 'inferred',
        note: 'finished; its result cannot be read (server error 500)',
        endedAt: at,
        endedOrigin: 'poll',
        result: {
          state: 'unreadable',
          bytes: 0,
          preview: '',
          reason: 'The server fails to encode it (plain 500); NaN, NumPy arrays and bytes do that.',
        },
        error: null,
      })
    // Otherwise the server is away or busy: the next list asks again.
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

  #keepOutput(id: string, json: string | null): void {
    if (json === null) return
    this.#outputs.set(id, json)
    let size = 0
    for (const kept of this.#outputs.values()) size += kept.length
    for (const [oldest, kept] of this.#outputs) {
      if (size <= OUTPUT_CACHE || oldest === id) break
      size -= kept.length
      this.#outputs.delete(oldest)
    }
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
      this.#confirmSteering(task)
    }
    this.devices.streams.everySecond(slept)
    this.#second = clock.setTimeout(this.#everySecond, 1_000)
  }

  /** Pause and resume show only in whether steps come (LabDaemon wire contract §5.8). */
  #confirmSteering(task: Task): void {
    const { ledger, clock } = this.#context
    const now = clock.now()
    for (const command of task.detail.commands) {
      if (command.acceptedAt === null || command.effectNote !== null) continue
      const waited = now - command.acceptedAt
      const eventAt = task.eventAt ?? 0
      if (command.verb === 'pause' && waited > pauseGrace(task)) {
        if (task.eventAt === null) ledger.effect(command, null, 'the server cannot confirm a pause')
        else if (task.status === 'paused')
          ledger.effect(command, Math.max(eventAt, command.acceptedAt), 'no step since')
        else ledger.effect(command, null, 'steps went on: the task did not honour it, or someone resumed it')
      } else if (command.verb === 'resume') {
        if (eventAt > command.acceptedAt) ledger.effect(command, eventAt, 'steps arrive again')
        else if (task.eventAt === null && waited > pauseGrace(task))
          ledger.effect(command, null, 'the server cannot confirm a resume')
      }
    }
  }
}

/** A time of the server's clock as the relay's own: no sooner and no later than can be. */
function within(at: number, first: number, last: number): number {
  return Math.min(last, Math.max(first, at))
}

/** True when the last progress was at the last step (of N steps, the last is often N - 1). */
function reachedEnd(task: Task | undefined): boolean {
  const progress = task?.progress
  if (!progress) return false
  if (progress.step !== null && progress.total !== null) return progress.step >= progress.total - 1
  return (progress.percent ?? 0) >= 99
}
