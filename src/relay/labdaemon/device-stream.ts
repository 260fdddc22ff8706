import { sleep, type Clock } from '#lib/clock.ts'
import { bounded } from '#lib/detached.ts'
import type { StreamState, StreamStateName } from '#model/stream-state.ts'
import type { LabDaemonClient } from '#protocols/labdaemon/client.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import { streamErrorBody, type DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { LiveStreams } from './live-streams.ts'
import type { ServerState } from './server-state.ts'
import { readSse, type SseMessage } from './sse.ts'
import type { StreamQueue, Turn } from './stream-queue.ts'

/** How long the queue waits for a stream's first sign of life: LabDaemon wire contract §5.1. */
const FIRST_SIGN_MS = 1_200
/** No data and no ping: §5.12. */
const STALLED_MS = 3_000
/** A stalled stream of a server that answers again is given up after this: §5.12. */
const GIVE_UP_MS = 35_000
/** After the server ended a stream on our request, before it may be opened again: §5.3. */
const SETTLE_MS = 100
const STOP_WAIT_MS = 2_000
/** After another client's stream was stopped: its response ends within the second, and would end ours (§5.3). */
const TAKE_OVER_MS = 1_200
/** A refused stream is tried again no sooner: §5.2. */
const REFUSED_RETRY_MS = 30_000
/** How often to look whether the server has let go of a lost connection. */
const HELD_RECHECK_MS = 3_000
const STOPPED = 'stopped by someone else, again and again'
const RECEIVING = 'receiving'
const CLOSE = (): Turn => ({ class: 'close' })
const BACKOFF_MS = { first: 500, most: 15_000 }

/** What may be done about a stream, told from its device as it is just before. */
export type Leave =
  | { do: 'open' }
  /** The stream of another client is stopped first. */
  | { do: 'take-over' }
  /** It streams for someone: look again later. */
  | { do: 'wait' }
  /** Not any more: the stream is over, and this is why. */
  | { do: 'end'; reason: string }

/** What differs between the streams of tasks and those of devices. */
export interface StreamPolicy {
  /** The place of its opening among all that the source's queue holds. */
  turn(): Turn
  /** When the server has no such device: look again (a task may make it late), or that is the end. */
  missing: 'wait' | 'end'
  /** Who may have the stream when the server refuses it, in words. */
  heldBy: string
  /** A stop that somebody else asked the server for is not undone. */
  respectsStops: boolean
  /** How often a minute it is opened again after it fell silent because its device was stopped (§5.3). */
  stoppedPerMinute: number
  /**
   * Asked before every open with what the server says of the device just then.
   * @param tookOver the stream of another client was stopped for it just before
   */
  mayOpen(device: DeviceBody, tookOver: boolean): Leave
  /** A task that owns the device is not to lose its data by a stop that nobody agreed to (§5.5). */
  sparesOwners: boolean
}

export interface DeviceStreamOptions {
  deviceId: string
  client: LabDaemonClient
  queue: StreamQueue
  policy: StreamPolicy
  clock: Clock
  random: () => number
  /** The messages of one network chunk. */
  onMessages(messages: SseMessage[]): void
  onState(state: StreamState): void
  /** The stream was lost or had to be opened again, and why; `cut`: inside a message. */
  onInterrupted(cut: boolean, why: string): void
  server: ServerState
  /** All of the server, of which this is one from its start to its end. */
  streams: LiveStreams
}

interface StreamRefusal {
  type: string
  message: string
}

type Ending =
  { how: 'ended'; cut: boolean } | { how: 'lost'; why: string } | ({ how: 'refused' } & StreamRefusal)

interface Connection {
  abort: AbortController
  /** Settles when the body has ended, however it did. */
  ended: Promise<Ending>
  isOver: boolean
  /** What Weir itself did about it, and why. */
  leaving: 'silenced' | 'stalled' | 'finished' | null
}

/** `ended`: it is over; `missing`: no such device; `held`: it streams for someone. */
type Opened = Connection | 'ended' | 'missing' | 'held'

/**
 * The one connection to a device's stream: opened when its policy allows, held until it is left, closed by
 * stop-and-wait. Never two requests at a time (the queue), no blind retry of a refusal.
 */
export class DeviceStream {
  readonly #options: DeviceStreamOptions
  readonly #stop = new AbortController()
  #state: StreamState
  #connection: Connection | null = null
  #running: Promise<void> = Promise.resolve()
  #wake: (() => void) | null = null
  // By the clock that nobody sets.
  #heardAt = 0
  #dataAt = 0
  #checkedAt = -Infinity
  #checkEvery = STALLED_MS
  #stoppedAt: number[] = []
  #missingSince: number | null = null
  #tries = 0
  #finished = false
  #finishing: Promise<string | null> | null = null
  /** The task that may lose its data when what is just opening is closed again. */
  #agreed: string | null = null
  /** What is said while it is open and data come. */
  #receiving = RECEIVING
  /** When someone else was seen to stop it, ms since epoch; until it is open again. */
  #stoppedByOthers: number | null = null
  #lost = false
  #started = false
  #exists = false
  /** The server was asked for the device. */
  #looked = false
  #refusal: StreamRefusal | null = null

  constructor(options: DeviceStreamOptions) {
    this.#options = options
    this.#state = { name: 'none', reason: 'no stream yet', since: options.clock.now(), retryAt: null }
  }

  get state(): StreamStateName {
    return this.#state.name
  }

  /** True once the server was seen to have the device, whether or not its stream could be opened. */
  get exists(): boolean {
    return this.#exists
  }

  /** Asks whether the device exists, if its turn to be opened never came. */
  async look(): Promise<void> {
    if (this.#looked) return
    this.#looked = true
    await this.#options.client.device(this.#options.deviceId).then(
      () => (this.#exists = true),
      () => undefined,
    )
  }

  /** The words of the server, or of the device, that refused to stream; null when none did. */
  get refusal(): Readonly<StreamRefusal> | null {
    return this.#refusal
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    this.#options.streams.add(this)
    this.#running = this.#run()
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) this.#set('failed', `internal error: ${String(error)}`)
      })
      .finally(() => {
        this.#options.streams.delete(this)
      })
  }

  /** Tries at once what waits for its time. */
  retry(): void {
    this.#tries = 0
    this.#wake?.()
  }

  /**
   * Leaves the stream the server's way.
   * @param agreed the task that may lose its data by that
   * @returns null when that is done; else the task that owns the device, and the stream is kept
   */
  finish(reason: string, agreed: string | null = null): Promise<string | null> {
    this.#finishing ??= this.#finish(reason, agreed).finally(() => (this.#finishing = null))
    return this.#finishing
  }

  async #finish(reason: string, agreed: string | null): Promise<string | null> {
    if (!this.#finished) {
      this.#finished = true
      const connection = this.#connection
      const owner = connection && (await this.#close(connection, 'finished', agreed))
      if (owner !== null) {
        this.#finished = false
        return owner
      }
    }
    this.#agreed = agreed
    this.#stop.abort()
    this.#wake?.()
    // It may have been opening just now: then it is closed there.
    await this.#running
    if (this.#looked && !this.#exists) this.#set('none', 'the task had no stream')
    else if (this.#state.name !== 'failed' && this.#state.name !== 'closed') this.#set('closed', reason)
    return null
  }

  /** Hangs up at once: for a server that is going down, or gone. */
  drop(reason: string): void {
    this.#finished = true
    this.#stop.abort()
    this.#connection?.abort.abort()
    this.#wake?.()
    if (this.#state.name !== 'failed') this.#set('closed', reason)
  }

  /** Lets go of the connection only; the stream is opened again when the server answers. */
  hangUp(): void {
    this.#connection?.abort.abort()
  }

  /**
   * Once a second: signs of life (§5.3, §5.12).
   * @param expectData whether messages are due: the task runs and was not paused
   */
  async watch(expectData: boolean): Promise<void> {
    const connection = this.#connection
    const { clock, client, deviceId } = this.#options
    const now = clock.monotonic()
    if (!connection || connection.leaving || !['open', 'stalled', 'silenced'].includes(this.#state.name))
      return
    const silence = now - this.#heardAt
    if (silence > STALLED_MS) {
      if (this.#state.name !== 'stalled') this.#set('stalled', 'connected, but no sign of life')
      if (silence > GIVE_UP_MS && this.#options.server.isOk) {
        connection.leaving = 'stalled'
        connection.abort.abort()
      }
      return
    }
    if (!expectData || !this.#options.server.isOk) return
    if (now - this.#dataAt < STALLED_MS || now - this.#checkedAt < this.#checkEvery) return
    this.#checkedAt = now
    this.#checkEvery = Math.min(30_000, this.#checkEvery * 2)
    const device = await client.device(deviceId).catch(() => null)
    // Data may have come meanwhile.
    const isSilent = this.#connection === connection && !connection.leaving && this.#dataAt < this.#checkedAt
    if (device && isSilent) await this.#silent(connection, device)
  }

  /** Only pings come: the device was stopped, or its data go to somebody else. */
  async #silent(connection: Connection, device: DeviceBody): Promise<void> {
    const { policy } = this.#options
    const owner = policy.sparesOwners ? device.owned_by : null
    // Its end is to be seen soon.
    if (owner !== null) this.#checkEvery = STALLED_MS
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

  /** Notes that someone else stopped the stream; true when that is to be respected. */
  #isStoppedTooOften(): boolean {
    const { clock, policy } = this.#options
    const now = clock.monotonic()
    this.#stoppedAt = [...this.#stoppedAt.filter((at) => now - at < 60_000), now]
    return this.#stoppedAt.length > policy.stoppedPerMinute
  }

  async #run(): Promise<void> {
    const { queue, policy } = this.#options
    const { signal } = this.#stop
    if (policy.missing === 'end' || queue.isBusy) this.#set('connecting', 'waiting for its turn')
    while (!signal.aborted) {
      let opened: Opened
      // The server is away: that is why the stream had ended.
      if (!this.#options.server.isOk) this.#stoppedByOthers = null
      // The queue may be held for long: the next try is when it is its turn.
      if (this.#state.name === 'reconnecting') this.#set('reconnecting', this.#state.reason)
      try {
        opened = await queue.add(policy.turn, () => this.#open(), signal)
      } catch (error) {
        if (signal.aborted) return
        if (!(error instanceof LabDaemonError)) throw error
        this.#stoppedByOthers = null
        await this.#backOff(error.message)
        continue
      }
      if (opened === 'ended') return
      if (opened === 'missing') await this.#missing()
      else if (opened === 'held') await (this.#lost ? this.#heldByLostConnection() : this.#refused())
      else {
        if (signal.aborted) {
          if ((await this.#close(opened, 'finished', this.#agreed)) !== null) opened.abort.abort()
          return
        }
        const ending = await opened.ended
        this.#connection = null
        if (this.#finished) return
        await this.#afterwards(opened, ending)
      }
    }
  }

  /** Looks at the device and opens its stream if that may be: one job of the queue, so that nothing comes between. */
  async #open(): Promise<Opened> {
    const { client, deviceId, policy } = this.#options
    if (this.#stop.signal.aborted) return 'ended'
    try {
      const device = await client.device(deviceId)
      this.#looked = this.#exists = true
      this.#missingSince = null
      if (this.#stop.signal.aborted) return 'ended'
      let leave = policy.mayOpen(device, false)
      if (leave.do === 'take-over') leave = await this.#takeOver()
      switch (leave.do) {
        case 'wait':
        case 'take-over':
          return 'held'
        case 'end':
          this.#finished = true
          this.#set('closed', leave.reason)
          return 'ended'
        default:
          leave.do satisfies 'open'
          return await this.#connect()
      }
    } catch (error) {
      if (!(error instanceof LabDaemonError) || error.status !== 404) throw error
      this.#looked = true
      if (policy.missing === 'wait') return 'missing'
      this.#finished = true
      this.#set('failed', 'the device is gone')
      return 'ended'
    }
  }

  /** Stops the stream of another client, as the person asked. @returns what may be done then */
  async #takeOver(): Promise<Leave> {
    const { client, clock, deviceId, policy } = this.#options
    this.#set('connecting', 'asking the server to stop the stream of the other client')
    await client.stopStream(deviceId)
    await sleep(clock, TAKE_OVER_MS, this.#stop.signal)
    return policy.mayOpen(await client.device(deviceId), true)
  }

  /** A task may make its device late (§5.10). */
  async #missing(): Promise<void> {
    const now = this.#options.clock.monotonic()
    this.#missingSince ??= now
    const since = now - this.#missingSince
    if (since > 3_000) this.#set('none', 'no stream yet: the task has not made one')
    await this.#wait(Math.min(5_000, Math.max(250, since / 2)))
  }

  async #connect(): Promise<Connection> {
    const { client, deviceId, clock } = this.#options
    this.#set('connecting', 'opening the stream')
    const abort = new AbortController()
    const hangUp = () => {
      abort.abort()
    }
    const patience = clock.setTimeout(hangUp, GIVE_UP_MS)
    let response: Response
    try {
      response = await client.stream(deviceId, abort.signal)
    } finally {
      clock.clearTimeout(patience)
    }
    let firstSign!: () => void
    const sign = new Promise<void>((resolve) => (firstSign = resolve))
    const ended = this.#read(response, firstSign)
    const connection: Connection = { abort, leaving: null, isOver: false, ended }
    void ended.then(() => (connection.isOver = true))
    this.#connection = connection
    this.#heardAt = this.#dataAt = clock.monotonic()
    this.#checkEvery = STALLED_MS
    // A refusal must be over before the next request may be made.
    const refused = connection.ended.then(() => undefined)
    const timer = new AbortController()
    await Promise.race([sign, refused, sleep(clock, FIRST_SIGN_MS, timer.signal).catch(() => undefined)])
    timer.abort()
    return connection
  }

  async #read(response: Response, firstSign: () => void): Promise<Ending> {
    const { clock, onMessages } = this.#options
    let refusal: Ending | null = null
    if (!response.body) return { how: 'ended', cut: false }
    try {
      const cut = await readSse(response.body, (messages) => {
        const now = clock.monotonic()
        this.#heardAt = now
        let hasData = false
        for (const message of messages)
          if (message.event === 'stream_error') refusal = refusalOf(message.data)
          else if (message.event !== 'ping') hasData = true
        if (refusal) return
        if (hasData) this.#dataAt = now
        if (this.#state.name === 'connecting') this.#opened()
        else if (this.#state.name === 'stalled' || (hasData && this.#isAttached))
          this.#set('open', this.#receiving)
        if (messages.length > 0) {
          firstSign()
          onMessages(messages)
        }
      })
      return refusal ?? { how: 'ended', cut }
    } catch (error) {
      return refusal ?? { how: 'lost', why: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Connected, and to stay so. */
  get #isAttached(): boolean {
    const { name } = this.#state
    return this.#connection?.leaving === null && (name === 'open' || name === 'silenced')
  }

  #opened(): void {
    this.#tries = 0
    this.#lost = false
    this.#receiving =
      this.#stoppedByOthers === null
        ? RECEIVING
        : `${RECEIVING}; opened again after someone else stopped it at ${timeOfDay(this.#stoppedByOthers)} UTC`
    this.#stoppedByOthers = null
    this.#set('open', this.#receiving)
  }

  async #afterwards(connection: Connection, ending: Ending): Promise<void> {
    if (ending.how === 'refused') {
      if (/already streaming/.test(ending.message)) {
        await this.#refused()
        return
      }
      this.#refusal = { type: ending.type, message: ending.message }
      this.#set('failed', `${ending.type}: ${ending.message}`)
      await this.#wait(null)
      return
    }
    const { leaving } = connection
    const { policy } = this.#options
    const why =
      leaving === 'silenced'
        ? 'its device was stopped by someone else'
        : ending.how === 'lost'
          ? 'the connection was lost'
          : ending.cut
            ? 'the stream was cut inside a message'
            : 'the server ended the stream, as it does when someone else stops it'
    this.#options.onInterrupted(ending.how === 'ended' && ending.cut, why)
    // So it ends when someone asks the server to stop it (§5.3), or when the server goes down.
    const isByOthers = leaving === null && ending.how === 'ended' && !ending.cut
    if (isByOthers && policy.respectsStops && (await this.#isStopped())) {
      if (this.#finished) return
      this.#finished = true
      this.#stop.abort()
      this.#set('closed', `stopped by someone else at ${timeOfDay(this.#options.clock.now())} UTC`)
      return
    }
    if (leaving === 'silenced' || (ending.how === 'ended' && !ending.cut)) {
      this.#stoppedByOthers = this.#options.clock.now()
      if (this.#isStoppedTooOften()) {
        this.#finished = true
        this.#stop.abort()
        this.#set('closed', STOPPED)
        return
      }
      if (leaving === 'silenced') return
    }
    this.#lost = true
    await this.#backOff(why)
  }

  /** True when the server answers and says that the device does not stream: somebody wanted it so. */
  async #isStopped(): Promise<boolean> {
    const { client, deviceId } = this.#options
    return client.device(deviceId).then(
      ({ streaming }) => !streaming,
      () => false,
    )
  }

  /**
   * Stop-and-wait (§5.3): asks the server to stop, reads to the end, lets it settle. The device is looked at in
   * the same job of the queue: the turn may have come late.
   * @param agreed the task that may lose its data by that
   * @returns null when the connection is over; else the task that owns the device, and it goes on
   */
  async #close(
    connection: Connection,
    leaving: 'silenced' | 'finished',
    agreed: string | null,
  ): Promise<string | null> {
    connection.leaving = leaving
    return this.#options.queue.add(CLOSE, async () => {
      const owner = await this.#stopAndWait(connection, agreed)
      if (owner === null) return null
      connection.leaving = null
      if (leaving === 'silenced') this.#spare(owner)
      return owner
    })
  }

  async #stopAndWait(connection: Connection, agreed: string | null): Promise<string | null> {
    const { client, clock, deviceId, policy } = this.#options
    // It has ended by itself: a stop would be of somebody else's stream.
    if (connection.isOver) return null
    try {
      if (policy.sparesOwners) {
        const { owned_by: owner } = await client.device(deviceId)
        if (owner !== null && owner !== agreed) return owner
      }
      await client.stopStream(deviceId)
      const timer = new AbortController()
      await Promise.race([connection.ended, sleep(clock, STOP_WAIT_MS, timer.signal).catch(() => undefined)])
      timer.abort()
    } catch {
      // The server refuses or is gone: hanging up is all that is left.
    }
    connection.abort.abort()
    await sleep(clock, SETTLE_MS)
    return null
  }

  async #refused(): Promise<void> {
    const wait = REFUSED_RETRY_MS * (1 + this.#options.random() * 0.5)
    const retryAt = this.#options.clock.now() + wait
    this.#set('in_use', this.#options.policy.heldBy, retryAt)
    await this.#wait(wait)
  }

  /** The server notices a lost client late (§5.3). Asking about the device is no stream request. */
  async #heldByLostConnection(): Promise<void> {
    const retryAt = this.#options.clock.now() + HELD_RECHECK_MS
    this.#set('reconnecting', 'the server still holds the lost connection', retryAt)
    await this.#wait(HELD_RECHECK_MS)
  }

  async #backOff(reason: string): Promise<void> {
    const ceiling = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.#tries++)
    const wait = Math.max(100, this.#options.random() * ceiling)
    this.#set('reconnecting', reason, this.#options.clock.now() + wait)
    await this.#wait(wait)
  }

  /** Waits, null for ever; `retry` and the end cut it short. */
  async #wait(ms: number | null): Promise<void> {
    if (this.#stop.signal.aborted) return
    const { clock } = this.#options
    await new Promise<void>((resolve) => {
      const timer = ms === null ? undefined : clock.setTimeout(done, ms)
      function done() {
        if (timer !== undefined) clock.clearTimeout(timer)
        resolve()
      }
      this.#wake = done
    })
    this.#wake = null
  }

  #set(name: StreamStateName, reason: string, retryAt: number | null = null): void {
    const before = this.#state
    if (before.name === name && before.reason === reason && before.retryAt === retryAt) return
    const since = before.name === name ? before.since : this.#options.clock.now()
    this.#state = { name, reason, since, retryAt }
    this.#options.onState(this.#state)
  }
}

function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}

function refusalOf(data: string): Ending {
  try {
    const body = streamErrorBody.safeParse(JSON.parse(data))
    if (body.success) return { how: 'refused', ...body.data.error }
  } catch {
    // Falls through: the words are all there is.
  }
  return { how: 'refused', type: 'StreamError', message: bounded(data, 500) }
}
