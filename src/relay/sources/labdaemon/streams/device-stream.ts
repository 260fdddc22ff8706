import { backOffMs } from '#lib/backoff.ts'
import { sleep } from '#lib/clock.ts'
import { formatUtcTime } from '#lib/format.ts'
import type { StreamState, StreamStateName } from '#model/stream-state.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import { RetryWait } from '../../../retry-wait.ts'
import type { Lab } from '../lab.ts'
import { isOpen } from './live-streams.ts'
import type { SseMessage } from '../../../read-sse.ts'
import { stopAndWait } from './stop-and-wait.ts'
import {
  StreamConnection,
  type ConnectionReader,
  type Ending,
  type StreamRefusal,
} from './stream-connection.ts'
import type { Permission, StreamOwner } from './stream-owner.ts'
import { StreamPast, whyEnded } from './stream-past.ts'
import { CLOSE } from './stream-queue.ts'

/** No data and no ping: LabDaemon wire contract §5.12. */
const STALLED_MS = 3_000
/** A stalled stream of a server that answers again is given up after this: §5.12. */
const GIVE_UP_MS = 35_000
/** How often a device is asked for whose stream brings pings alone: the first pause, doubled up to the longest. */
const CHECK_MS = { first: STALLED_MS, most: 30_000 }
/** After another client's stream was stopped: its response ends within the second, and would end ours (§5.3). */
const TAKE_OVER_MS = 1_200
/** A refused stream is tried again no sooner: §5.2. */
const REFUSED_RETRY_MS = 30_000
/** How often to look whether the server has let go of a lost connection. */
const HELD_RECHECK_MS = 3_000
const STOPPED = 'stopped by someone else, again and again'
const RECEIVING = 'receiving'
const BACKOFF_MS = { first: 500, most: 15_000 }

/**
 * What Weir means to do with the stream:
 * - `idle`: it was not begun;
 * - `held`: it is opened, and opened again, until it is left;
 * - `leaving`: it is being left the server's way; back to `held` when a task owns its device;
 * - `over`: it is not opened any more.
 */
type Course = 'idle' | 'held' | 'leaving' | 'over'

/** `over`: it must not be opened; `missing`: no such device; `held`: it streams for someone. */
type Opened = StreamConnection | 'over' | 'missing' | 'held'

/**
 * The one connection to a device's stream: opened when its owner allows, held until it is left, closed by
 * stop-and-wait. Never two requests at a time (the queue), no blind retry of a refusal.
 */
export class DeviceStream implements ConnectionReader {
  readonly #lab: Lab
  readonly #deviceId: string
  readonly #owner: StreamOwner
  readonly #stop = new AbortController()
  readonly #retry: RetryWait
  readonly #past: StreamPast
  #state: StreamState
  #course: Course = 'idle'
  /** Whether the server has the device: it was not asked, it had none, it had it once. */
  #device: 'unasked' | 'missing' | 'there' = 'unasked'
  #connection: StreamConnection | null = null
  #running: Promise<void> = Promise.resolve()
  /** Settles when the leaving under way has come to its end. */
  #left: Promise<string | null> | null = null
  /** The task that may lose its data when what is just opening is closed again. */
  #agreed: string | null = null
  /** When the device was last asked for, since only pings come, ms of the monotonic clock; and when to ask again. */
  #check = { at: -Infinity, pauseMs: CHECK_MS.first }
  /** What is said while it is open and data come. */
  #receiving = RECEIVING
  #tries = 0
  #refusal: StreamRefusal | null = null

  constructor(lab: Lab, deviceId: string, owner: StreamOwner) {
    this.#lab = lab
    this.#deviceId = deviceId
    this.#owner = owner
    const { clock } = lab.context
    this.#retry = new RetryWait(clock)
    this.#past = new StreamPast(clock)
    this.#state = { name: 'none', reason: 'no stream yet', since: clock.now(), retryAt: null }
  }

  get state(): StreamStateName {
    return this.#state.name
  }

  /** True once the server was seen to have the device, whether or not its stream could be opened. */
  get exists(): boolean {
    return this.#device === 'there'
  }

  /** The words of the server, or of the device, that refused to stream; null when none did. */
  get refusal(): Readonly<StreamRefusal> | null {
    return this.#refusal
  }

  start(): void {
    if (this.#course !== 'idle') return
    this.#course = 'held'
    this.#lab.streams.add(this)
    this.#running = this.#run()
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#set('failed', `internal error: ${String(error)}`)
      })
      .finally(() => {
        this.#lab.streams.delete(this)
      })
  }

  /** Tries at once what waits for its time. */
  retry(): void {
    this.#tries = 0
    this.#retry.end()
  }

  /** Asks whether the device exists, if its turn to be opened never came. */
  async look(): Promise<void> {
    if (this.#device !== 'unasked') return
    this.#device = 'missing'
    await this.#lab.client.device(this.#deviceId).then(
      () => (this.#device = 'there'),
      () => undefined,
    )
  }

  /**
   * Leaves the stream the server's way.
   * @param agreed the task that may lose its data by that
   * @returns null when that is done; else the task that owns the device, and the stream is kept
   */
  finish(reason: string, agreed: string | null = null): Promise<string | null> {
    this.#left ??= this.#finish(reason, agreed).finally(() => (this.#left = null))
    return this.#left
  }

  async #finish(reason: string, agreed: string | null): Promise<string | null> {
    if (this.#course !== 'over') {
      this.#course = 'leaving'
      const owner = this.#connection && (await this.#close(this.#connection, 'finished', agreed))
      if (owner !== null) {
        this.#goOn()
        return owner
      }
    }
    this.#agreed = agreed
    this.#end()
    // It may have been opening just now: then it is closed there.
    await this.#running
    if (this.#device === 'missing') this.#set('none', 'the task had no stream')
    else if (this.#state.name !== 'failed' && this.#state.name !== 'closed') this.#set('closed', reason)
    return null
  }

  /** It is not left after all; it may have been dropped meanwhile. */
  #goOn(): void {
    if (this.#course === 'leaving') this.#course = 'held'
  }

  /** Hangs up at once: for a server that is going down, or gone. */
  drop(reason: string): void {
    this.#end()
    this.#connection?.hangUp()
    if (this.#state.name !== 'failed') this.#set('closed', reason)
  }

  /** Lets go of the connection only; the stream is opened again when the server answers. */
  hangUp(): void {
    this.#connection?.hangUp()
  }

  /**
   * Once a second: signs of life (§5.3, §5.12).
   * @param expectData whether messages are due: the task runs and was not paused
   */
  async watch(expectData: boolean): Promise<void> {
    const connection = this.#connection
    const { client, context, server } = this.#lab
    const now = context.clock.monotonic()
    if (!connection || connection.leaving || !isOpen(this.#state.name)) return
    const silence = now - connection.heardAt
    if (silence > STALLED_MS) {
      if (this.#state.name !== 'stalled') this.#set('stalled', 'connected, but no sign of life')
      if (silence > GIVE_UP_MS && server.isOk) {
        connection.leaving = 'stalled'
        connection.hangUp()
      }
      return
    }
    if (!expectData || !server.isOk) return
    const { at, pauseMs } = this.#check
    if (now - connection.dataAt < STALLED_MS || now - at < pauseMs) return
    this.#check = { at: now, pauseMs: Math.min(CHECK_MS.most, pauseMs * 2) }
    const device = await client.device(this.#deviceId).catch(() => null)
    // Data may have come meanwhile.
    const isSilent = this.#connection === connection && !connection.leaving && connection.dataAt < now
    if (device && isSilent) await this.#silent(connection, device)
  }

  /** Only pings come: the device was stopped, or its data go to somebody else. */
  async #silent(connection: StreamConnection, device: DeviceBody): Promise<void> {
    const owner = this.#owner.rules.sparesOwners ? device.owned_by : null
    // Its end is to be seen soon.
    if (owner !== null) this.#check.pauseMs = CHECK_MS.first
    if (!device.streaming) {
      if (owner === null) {
        this.#set('silenced', 'its device was stopped by someone else; opening it again')
        await this.#close(connection, 'silenced', null)
      } else this.#spare(owner)
    } else if (owner !== null) this.#set('open', `open, but nothing comes: task ${owner} has the data`)
    else this.#set('open', this.#receiving)
  }

  /** To open it again, the device would be stopped: that waits for the end of the task which owns it now. */
  #spare(owner: string): void {
    this.#set(
      'silenced',
      `its device was stopped, and task ${owner} owns it: opened again when that has ended`,
    )
  }

  async #run(): Promise<void> {
    const { queue, server } = this.#lab
    const { signal } = this.#stop
    if (this.#owner.rules.missing === 'end' || queue.isBusy) this.#set('connecting', 'waiting for its turn')
    let missingSince: number | null = null
    while (!signal.aborted) {
      let opened: Opened
      if (!server.isOk) this.#past.serverAway()
      // The queue may be held for long: the next try is when it is its turn.
      if (this.#state.name === 'reconnecting') this.#set('reconnecting', this.#state.reason)
      try {
        opened = await queue.add(this.#owner, () => this.#open(), signal)
      } catch (error) {
        if (signal.aborted) return
        if (!(error instanceof LabDaemonError)) throw error
        this.#past.serverAway()
        await this.#backOff(error.message)
        continue
      }
      if (opened === 'over') return
      if (opened === 'missing') {
        missingSince ??= this.#lab.context.clock.monotonic()
        await this.#missing(missingSince)
        continue
      }
      missingSince = null
      if (opened === 'held') await (this.#past.mayBeHeld ? this.#heldByLostConnection() : this.#refused())
      else {
        if (signal.aborted) {
          if ((await this.#close(opened, 'finished', this.#agreed)) !== null) opened.hangUp()
          return
        }
        const ending = await opened.ended
        this.#connection = null
        if (this.#course !== 'held') return
        await this.#afterwards(opened, ending)
      }
    }
  }

  /** Looks at the device and opens its stream if that may be: one job of the queue, so that nothing comes between. */
  async #open(): Promise<Opened> {
    const { client } = this.#lab
    if (this.#stop.signal.aborted) return 'over'
    try {
      const device = await client.device(this.#deviceId)
      this.#device = 'there'
      if (this.#stop.signal.aborted) return 'over'
      let permission = this.#owner.mayOpen(device, false)
      if (permission.do === 'take-over') permission = await this.#takeOver()
      switch (permission.do) {
        case 'wait':
        case 'take-over':
          return 'held'
        case 'end':
          this.#course = 'over'
          this.#set('closed', permission.reason)
          return 'over'
        default:
          permission.do satisfies 'open'
          return await this.#connect()
      }
    } catch (error) {
      if (!(error instanceof LabDaemonError) || error.status !== 404) throw error
      if (this.#device === 'unasked') this.#device = 'missing'
      if (this.#owner.rules.missing === 'wait') return 'missing'
      this.#course = 'over'
      this.#set('failed', 'the device is gone')
      return 'over'
    }
  }

  /** Stops the stream of another client, as the person asked. @returns what may be done then */
  async #takeOver(): Promise<Permission> {
    const { client, context } = this.#lab
    this.#set('connecting', 'asking the server to stop the stream of the other client')
    await client.stopStream(this.#deviceId)
    await sleep(context.clock, TAKE_OVER_MS, this.#stop.signal)
    return this.#owner.mayOpen(await client.device(this.#deviceId), true)
  }

  async #connect(): Promise<StreamConnection> {
    this.#set('connecting', 'opening the stream')
    const connection = await StreamConnection.open(this.#lab, this.#deviceId, this)
    this.#connection = connection
    this.#check.pauseMs = CHECK_MS.first
    await connection.firstSign()
    return connection
  }

  /** What the connection brings; for it alone. */
  heard(connection: StreamConnection, messages: readonly SseMessage[], hasData: boolean): void {
    const { name } = this.#state
    const isAttached = connection.leaving === null && (name === 'open' || name === 'silenced')
    if (name === 'connecting') this.#opened()
    else if (name === 'stalled' || (hasData && isAttached)) this.#set('open', this.#receiving)
    if (messages.length > 0) this.#owner.received(messages)
  }

  #opened(): void {
    this.#tries = 0
    const stoppedAt = this.#past.opened()
    this.#receiving =
      stoppedAt === null
        ? RECEIVING
        : `${RECEIVING}; opened again after someone else stopped it at ${formatUtcTime(stoppedAt)} UTC`
    this.#set('open', this.#receiving)
  }

  /** A connection has ended though the stream was to be held. */
  async #afterwards({ leaving }: StreamConnection, ending: Ending): Promise<void> {
    if (ending.how === 'taken') {
      await this.#refused()
      return
    }
    if (ending.how === 'refused') {
      this.#refusal = { type: ending.type, message: ending.message }
      this.#set('failed', `${ending.type}: ${ending.message}`)
      await this.#wait(null)
      return
    }
    const why = whyEnded(leaving, ending)
    this.#owner.interrupted(ending.how === 'ended' && ending.cut, why)
    const wasEnded = ending.how === 'ended' && !ending.cut
    // So it ends when someone asks the server to stop it (§5.3), or when the server goes down.
    if (leaving === null && wasEnded && this.#owner.rules.respectsStops && (await this.#isStopped())) {
      if (this.#course !== 'held') return
      this.#endAs(`stopped by someone else at ${formatUtcTime(this.#lab.context.clock.now())} UTC`)
      return
    }
    if (leaving === 'silenced' || wasEnded) {
      this.#past.stopped()
      if (this.#past.stopsPerMinute > this.#owner.rules.stoppedPerMinute) {
        this.#endAs(STOPPED)
        return
      }
      if (leaving === 'silenced') return
    }
    this.#past.lost()
    await this.#backOff(why)
  }

  /** True when the server answers and says that the device does not stream: somebody wanted it so. */
  async #isStopped(): Promise<boolean> {
    return this.#lab.client.device(this.#deviceId).then(
      ({ streaming }) => !streaming,
      () => false,
    )
  }

  /**
   * Closes a connection the server's way, in its turn.
   * @param agreed the task that may lose its data by that
   * @returns null when the connection is over; else the task that owns the device, and it goes on
   */
  async #close(
    connection: StreamConnection,
    leaving: 'silenced' | 'finished',
    agreed: string | null,
  ): Promise<string | null> {
    connection.leaving = leaving
    const spares = this.#owner.rules.sparesOwners
    return this.#lab.queue.add(CLOSE, async () => {
      const owner = await stopAndWait(this.#lab, this.#deviceId, connection, { spares, agreed })
      if (owner === null) return null
      connection.leaving = null
      if (leaving === 'silenced') this.#spare(owner)
      return owner
    })
  }

  /** A task may make its device late (§5.10). @param since when it was first missing, ms of the monotonic clock */
  async #missing(since: number): Promise<void> {
    const age = this.#lab.context.clock.monotonic() - since
    if (age > 3_000) this.#set('none', 'no stream yet: the task has not made one')
    await this.#wait(Math.min(5_000, Math.max(250, age / 2)))
  }

  async #refused(): Promise<void> {
    const { clock, random } = this.#lab.context
    const wait = REFUSED_RETRY_MS * (1 + random() * 0.5)
    this.#set('in_use', this.#owner.rules.heldBy, clock.now() + wait)
    await this.#wait(wait)
  }

  /** The server notices a lost client late (§5.3). Asking about the device is no stream request. */
  async #heldByLostConnection(): Promise<void> {
    const retryAt = this.#lab.context.clock.now() + HELD_RECHECK_MS
    this.#set('reconnecting', 'the server still holds the lost connection', retryAt)
    await this.#wait(HELD_RECHECK_MS)
  }

  async #backOff(reason: string): Promise<void> {
    const { clock, random } = this.#lab.context
    const ceiling = backOffMs(BACKOFF_MS, this.#tries++)
    const wait = Math.max(100, random() * ceiling)
    this.#set('reconnecting', reason, clock.now() + wait)
    await this.#wait(wait)
  }

  /** Waits, null for ever; `retry` and the end cut it short. */
  async #wait(ms: number | null): Promise<void> {
    if (!this.#stop.signal.aborted) await this.#retry.wait(ms)
  }

  /** It is not opened any more, whatever it waits for. */
  #end(): void {
    this.#course = 'over'
    this.#stop.abort()
    this.#retry.end()
  }

  #endAs(reason: string): void {
    this.#end()
    this.#set('closed', reason)
  }

  #set(name: StreamStateName, reason: string, retryAt: number | null = null): void {
    const before = this.#state
    if (before.name === name && before.reason === reason && before.retryAt === retryAt) return
    const since = before.name === name ? before.since : this.#lab.context.clock.now()
    this.#state = { name, reason, since, retryAt }
    this.#owner.streamChanged(this.#state)
  }
}
