import type { Clock } from '#lib/clock.ts'
import { inBackground, report } from '#lib/isolate.ts'
import { formatRoughly } from '#lib/format.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { ReconnectSettings } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskChange } from '#protocols/inference/changes.ts'
import type { InferenceClient } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { WireLine } from '#protocols/inference/lines.ts'
import { statusOf } from '#protocols/inference/status.ts'
import { TaskReader } from '#protocols/inference/task-reader.ts'
import { own, timeOf } from '#protocols/inference/values.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import { RawMessages } from '../raw-messages.ts'
import type { SourceClock } from '../source-clock.ts'
import { HELD_MS } from './channel-lines.ts'
import type { RequestLimit } from './request-limit.ts'
import { DEAD_MS, SilenceWatch, STALLED_MS } from './silence-watch.ts'
import { TaskEvents } from './to-events.ts'

/** Tokens arrive faster than anybody reads: their sum is shown at most this often. */
const DELTAS_MS = 200
/** While a task is not followed, its status is read this often: its end must not be missed. */
const REST_MS = 30_000
/** Characters of raw lines kept of a task that has ended. */
const ENDED_RAW_CHARS = 64 * 1024
/** What comes again with every connection, or is about the connection alone. */
const NO_NEWS: ReadonlySet<TaskChange['k']> = new Set(['heartbeat', 'done', 'malformed'])

export interface InferenceUpstreamOptions {
  id: string
  client: InferenceClient
  clock: Clock
  /** The reader sees the service's clock, what is recorded is by Weir's. */
  sourceClock: SourceClock
  random: () => number
  limit: RequestLimit
  reconnect: () => ReconnectSettings
  /** Reads the task in its turn: a page of a list may name many at once. */
  readTask(): Promise<unknown>
  /** Whether the service's lists name it among what goes on, asked anew; null when they cannot be read. */
  isListed(): Promise<boolean | null>
  record(events: readonly TaskEvent[]): void
  /** Whatever came over the stream: the service lives. */
  onHeard(): void
  /** The task has ended, or was lost: then `goOn` takes it up again. */
  onDone(): void
  onReconnect(): void
  /** It is not followed for now; `follow` goes on. */
  onRest(): void
}

/** Why a connection has to be opened again. */
interface Trouble {
  why: string
  /** How long the service asked to wait, ms. */
  retryAfterMs: number | null
  /** The limit of the key: no fault of this stream, and no try of it. */
  isLimit: boolean
}

/**
 * Follows one task to its end. On every (re)connect the task is read first, so that only pieces of streamed text
 * can be missing; an end that no terminal status announced is never believed, and an answer that the task does not
 * exist only when the service's lists lack it too.
 */
export class InferenceUpstream {
  readonly events: TaskEvents
  readonly #options: InferenceUpstreamOptions
  readonly #reader: TaskReader
  readonly #raw = new RawMessages()
  readonly #stop = new AbortController()
  #connection: AbortController | null = null
  #state: StreamStateName = 'none'
  #wake: (() => void) | null = null
  /** Connections since the last news. */
  #tries = 0
  #deltaTimer: unknown
  #heldTimer: unknown
  /** When following ends though the task goes on, monotonic ms, and how long that is in all. */
  #limit: { at: number; ms: number } | null = null
  #limitTimer: unknown
  #resting = false
  #lost = false
  #running = false

  constructor(options: InferenceUpstreamOptions) {
    this.#options = options
    this.events = new TaskEvents(options.sourceClock)
    this.#reader = new TaskReader(options.id)
  }

  get state(): StreamStateName {
    return this.#state
  }

  get raw(): readonly RawItem[] {
    return this.#raw.items
  }

  /** A person's limit was reached: the stream is closed, the status is read now and then. */
  get isResting(): boolean {
    return this.#resting
  }

  /** The service was found not to know it. */
  get isLost(): boolean {
    return this.#lost
  }

  start(): void {
    const { followMs } = this.#options.reconnect()
    if (followMs !== null) this.follow(followMs)
    this.#begin()
  }

  /**
   * Takes up again what was lost: with what a list says of it, or by asking the service.
   * @param row the task as a list has it, if that is why
   */
  goOn(row?: unknown): void {
    if (this.#running || this.#stop.signal.aborted) return
    this.#tries = 0
    if (row !== undefined) this.#take(row)
    if (this.#isOver()) inBackground(this.#finish())
    else this.#begin()
  }

  /** A list names it: where nothing is known from its own answers, what the row says is the truth. */
  listed(row: unknown): void {
    if (this.#state !== 'failed' || this.#stop.signal.aborted) return
    this.#take(row)
    if (this.#isOver()) this.#wake?.()
  }

  /** The service's clock was measured anew. */
  retimed(): void {
    const event = this.events.retimed(this.#options.clock.now())
    if (event) this.#options.record([event])
  }

  cancelAsked(): void {
    this.#reader.cancelAsked()
  }

  retry(): void {
    this.#tries = 0
    this.#wake?.()
  }

  /** Follows for so long from now on, ms, or to the end; also one that rests. */
  follow(forMs: number | null): void {
    const { clock, record } = this.#options
    clock.clearTimeout(this.#limitTimer)
    this.#limit = forMs === null ? null : { at: clock.monotonic() + forMs, ms: forMs }
    const followUntil = forMs === null ? null : clock.now() + forMs
    record([{ k: 'meta', at: clock.now(), meta: { followUntil } }])
    if (forMs !== null)
      this.#limitTimer = clock.setTimeout(() => {
        this.#connection?.abort()
        this.#wake?.()
      }, forMs)
    this.retry()
  }

  stop(): void {
    for (const timer of [this.#limitTimer, this.#heldTimer, this.#deltaTimer])
      this.#options.clock.clearTimeout(timer)
    this.#stop.abort()
    this.#connection?.abort()
    this.#wake?.()
  }

  #begin(): void {
    this.#running = true
    this.#run()
      .catch((error: unknown) => {
        report(error)
        this.#set('failed', `internal error: ${String(error)}`)
      })
      .finally(() => {
        this.#running = false
      })
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const trouble = await this.#connect()
      if (this.#stop.signal.aborted) return
      if (this.#isOver()) {
        await this.#finish()
        return
      }
      if (this.#lost) return
      this.#reader.cut()
      if (this.#isDue()) await this.#rest()
      else if (trouble) {
        this.#options.onReconnect()
        await this.#backOff(trouble)
      }
    }
  }

  /** Reads the task and its stream, until either ends. Null when a person's "Retry" was waited for. */
  async #connect(): Promise<Trouble | null> {
    const { readTask, limit, clock } = this.#options
    const wait = limit.waitMs
    if (wait > 0) this.#set('reconnecting', LIMIT_REASON, clock.now() + wait)
    else this.#set(this.#tries > 0 ? 'reconnecting' : 'connecting', 'reading the task')
    try {
      this.#take(await readTask())
      if (!this.#isOver() && !this.#isDue()) await this.#follow()
      return { why: 'the stream ended before the task did', retryAfterMs: null, isLimit: false }
    } catch (error) {
      if (this.#stop.signal.aborted) return null
      if (!(error instanceof InferenceError)) report(error)
      else if (error.kind === 'missing') return await this.#missing()
      // What made no sense may make some the next time.
      else if (error.passing || error.kind === 'foreign')
        return { why: error.message, retryAfterMs: error.retryAfterMs, isLimit: error.kind === 'rate' }
      this.#set(
        'failed',
        error instanceof InferenceError
          ? `${error.message} ${error.advice}`
          : `internal error: ${String(error)}. Retry starts anew.`,
      )
      await this.#wait(null)
      return null
    }
  }

  /** The service says that there is no such task: that may be a fault of the moment, and the task costs money. */
  async #missing(): Promise<Trouble | null> {
    const listed = await this.#options.isListed()
    if (this.#stop.signal.aborted) return null
    if (listed === false) {
      this.#lose()
      return null
    }
    const why = listed
      ? 'the service says that it does not know the task, though its list names it'
      : 'the service says that it does not know the task, and its list cannot be read'
    return { why, retryAfterMs: null, isLimit: false }
  }

  #isDue(): boolean {
    return this.#limit !== null && this.#options.clock.monotonic() >= this.#limit.at
  }

  /** Until it is to be followed again, or has ended. */
  async #rest(): Promise<void> {
    const { client, clock, sourceClock, id, limit, record, onRest } = this.#options
    const { ms } = this.#limit!
    this.#resting = true
    record([{ k: 'meta', at: clock.now(), meta: { followUntil: null } }])
    this.#set('closed', `followed for ${formatRoughly(ms)} as asked; its status is still read now and then`)
    onRest()
    while (!this.#stop.signal.aborted && this.#isDue()) {
      await this.#wait(REST_MS)
      if (this.#stop.signal.aborted || !this.#isDue()) break
      try {
        const said = await limit.run(() => client.taskStatus(id), this.#stop.signal)
        const status = statusOf(said.status)
        // Its end is read with all that belongs to it.
        if (status !== null && isTerminal(status)) break
        this.#record(this.#reader.read(said, sourceClock.sourceNow()))
      } catch (error) {
        if (this.#stop.signal.aborted) break
        if (!(error instanceof InferenceError)) throw error
        if (!error.passing) break
      }
    }
    this.#resting = false
  }

  /** Reads the stream until the task is over or the stream is. */
  async #follow(): Promise<void> {
    const { client, id, limit, sourceClock, onHeard } = this.#options
    const connection = new AbortController()
    this.#connection = connection
    let watch: SilenceWatch | undefined
    const heard = () => {
      watch?.heard()
      onHeard()
    }
    try {
      const lines = await limit.run(() => {
        watch = this.#watch(connection)
        return client.stream(id, connection.signal, heard)
      }, connection.signal)
      const timed = sourceClock.stream()
      this.#set('open', 'receiving')
      for await (const line of lines) {
        timed(madeAt(line))
        this.#line(line)
        if (this.#isOver()) return
      }
    } catch (error) {
      // Left while it waited for its turn.
      if (!connection.signal.aborted || error instanceof InferenceError) throw error
    } finally {
      watch?.stop()
      connection.abort()
      this.#connection = null
    }
  }

  #watch(connection: AbortController): SilenceWatch {
    return new SilenceWatch(this.#options.clock, {
      stalled: () => {
        if (this.#state === 'open')
          this.#set('stalled', `nothing received for ${STALLED_MS / 1_000} s; a heartbeat is due every 10 s`)
      },
      alive: () => {
        if (this.#state === 'stalled') this.#set('open', 'receiving')
      },
      dead: () => {
        connection.abort(new InferenceError('timeout', `nothing came for ${DEAD_MS / 1_000} s`))
      },
    })
  }

  /** A line that Weir itself cannot take is said, and does not end the following. */
  #line(line: WireLine): void {
    const now = this.#options.clock.now()
    try {
      if (line.shape !== 'heartbeat' && line.shape !== 'nothing')
        this.#raw.keep(now, line.shape, stringifyExact(line))
      const changes = this.#reader.line(line, this.#options.sourceClock.sourceNow())
      if (changes.some(({ k }) => !NO_NEWS.has(k))) this.#tries = 0
      this.#record(changes)
      if (changes.some(({ k }) => k === 'delta'))
        this.#deltaTimer ??= this.#options.clock.setTimeout(this.#tellDeltas, DELTAS_MS)
    } catch (error) {
      report(error)
      const text = `internal error at a line of the stream: ${String(error)}`
      this.#options.record([{ k: 'lines', at: now, kind: 'error', texts: [text] }])
    }
  }

  readonly #tellDeltas = (): void => {
    this.#deltaTimer = undefined
    if (this.#isOver() || this.#stop.signal.aborted) return
    const { clock, record } = this.#options
    const changed = Object.keys(this.#reader.deltas)
    record([this.events.fromDeltas(this.#reader.shown, changed, clock.now())])
  }

  /** Takes a full read or a row of a list. */
  #take(task: unknown): void {
    const { clock, sourceClock, record } = this.#options
    const now = clock.now()
    const events = this.events.from(this.#reader.read(task, sourceClock.sourceNow()), now)
    const status = this.#reader.status
    if (this.#lost && status !== null) {
      this.#lost = false
      const note = 'the service knows it after all'
      const first = events.find((event) => event.k === 'status')
      if (first) first.note ??= note
      else if (!isTerminal(status)) events.push({ k: 'status', at: now, status, origin: 'poll', note })
    }
    if (events.length > 0) record(events)
  }

  /** The logs have the last word (inference.sh wire contract §8). */
  async #finish(): Promise<void> {
    const { client, clock, id, limit, onDone } = this.#options
    clock.clearTimeout(this.#deltaTimer)
    clock.clearTimeout(this.#limitTimer)
    try {
      this.#record(this.#reader.readLogs(await limit.run(() => client.taskLogs(id), this.#stop.signal)))
    } catch {
      // What was streamed stands.
    }
    if (this.#stop.signal.aborted) return
    this.#set('closed', 'the task ended')
    this.#reader.release()
    this.#raw.trim(ENDED_RAW_CHARS)
    const trimmed = this.events.trim()
    if (trimmed) this.#options.record([trimmed])
    onDone()
  }

  #lose(): void {
    const now = this.#options.clock.now()
    if (!this.#lost)
      this.#options.record([
        {
          k: 'outcome',
          at: now,
          status: 'lost',
          origin: 'inferred',
          note: 'the service does not know it any more',
          endedAt: now,
          endedOrigin: 'inferred',
          result: null,
          error: null,
        },
      ])
    this.#lost = true
    this.#set('closed', 'the service does not know the task any more, and its list does not name it')
    this.#options.onDone()
  }

  #isOver(): boolean {
    return this.#reader.status !== null && isTerminal(this.#reader.status)
  }

  #record(changes: readonly TaskChange[]): void {
    const { clock, record } = this.#options
    const events = this.events.from(changes, clock.now())
    if (events.length > 0) record(events)
    if (this.events.isHolding)
      this.#heldTimer ??= clock.setTimeout(() => {
        this.#heldTimer = undefined
        const held = this.events.flush(clock.now())
        if (held.length > 0) record(held)
      }, HELD_MS)
  }

  /** Waits before the next try; for a person, when there were enough. */
  async #backOff({ why, retryAfterMs, isLimit }: Trouble): Promise<void> {
    const { clock, random, reconnect, limit } = this.#options
    if (isLimit) {
      this.#set('reconnecting', LIMIT_REASON, clock.now() + limit.waitMs)
      await this.#wait(limit.waitMs)
      return
    }
    const { retries, delayMs, mostMs } = reconnect()
    if (retries !== null && this.#tries >= retries) {
      this.#set('failed', `${why}; gave up after ${retries} tries. Retry starts anew.`)
      await this.#wait(null)
      return
    }
    const ceiling = Math.min(mostMs, delayMs * 2 ** this.#tries++)
    const wait = retryAfterMs ?? Math.max(100, ceiling / 2 + random() * (ceiling / 2))
    this.#set('reconnecting', why, clock.now() + wait)
    await this.#wait(wait)
  }

  async #wait(ms: number | null): Promise<void> {
    const { clock } = this.#options
    if (this.#stop.signal.aborted) return
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
    if (this.#stop.signal.aborted) return
    const since = this.#options.clock.now()
    this.#state = name
    this.#options.record([{ k: 'stream', at: since, state: { name, reason, since, retryAt } }])
  }
}

const LIMIT_REASON = 'the limit on requests of the key is reached: all that ask with it wait'

/** When a line was made, by the service's clock, ms since epoch. */
function madeAt(line: WireLine): number | null {
  return line.shape === 'snapshot' || line.shape === 'partial' ? timeOf(own(line.data, 'updated_at')) : null
}
