import type { Clock } from '#lib/clock.ts'
import { formatRoughly } from '#lib/format.ts'
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
import type { RawItem } from '#protocols/weir/api.ts'
import { HELD_MS } from './channel-lines.ts'
import { TaskEvents } from './to-events.ts'

/** Silence of this length means that the connection is dead: heartbeats come every 10 s. */
const SILENCE_MS = 45_000
/** Tokens arrive faster than anybody reads: their sum is shown at most this often. */
const DELTAS_MS = 200
/** While a task is not followed, its status is read this often: its end must not be missed. */
const REST_MS = 30_000
const RAW = { items: 100, chars: 16 * 1024 }

export interface InferenceUpstreamOptions {
  id: string
  client: InferenceClient
  /** Reads the task in its turn: a page of a list may name many at once. */
  readTask(): Promise<unknown>
  clock: Clock
  random: () => number
  reconnect: () => ReconnectSettings
  record(events: readonly TaskEvent[]): void
  /** The task has ended, or is not followed any more. */
  onDone(): void
  onReconnect(): void
  /** It is not followed for now; `follow` goes on. */
  onRest(): void
}

/**
 * Follows one task to its end. On every (re)connect the task is read first, so that only pieces of streamed text
 * can be missing; an end that no terminal status announced is never believed.
 */
export class InferenceUpstream {
  readonly events = new TaskEvents()
  readonly #options: InferenceUpstreamOptions
  readonly #reader: TaskReader
  readonly #stop = new AbortController()
  #connection: AbortController | null = null
  #state: StreamStateName = 'none'
  #wake: (() => void) | null = null
  #tries = 0
  #raw: RawItem[] = []
  #deltaTimer: unknown
  #heldTimer: unknown
  /** When following ends though the task goes on, ms since epoch, and how long that is in all. */
  #limit: { at: number; ms: number } | null = null
  #limitTimer: unknown
  #resting = false

  constructor(options: InferenceUpstreamOptions) {
    this.#options = options
    this.#reader = new TaskReader(options.id)
  }

  get state(): StreamStateName {
    return this.#state
  }

  get raw(): readonly RawItem[] {
    return this.#raw
  }

  /** A person's limit was reached: the stream is closed, the status is read now and then. */
  get isResting(): boolean {
    return this.#resting
  }

  start(): void {
    const { followMs } = this.#options.reconnect()
    if (followMs !== null) this.follow(followMs)
    void this.#run().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#set('failed', `internal error: ${String(error)}`)
    })
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
    const now = clock.now()
    clock.clearTimeout(this.#limitTimer)
    this.#limit = forMs === null ? null : { at: now + forMs, ms: forMs }
    record([{ k: 'meta', at: now, meta: { followUntil: this.#limit?.at ?? null } }])
    if (forMs !== null)
      this.#limitTimer = clock.setTimeout(() => {
        this.#connection?.abort()
        this.#wake?.()
      }, forMs)
    this.retry()
  }

  stop(): void {
    for (const timer of [this.#limitTimer, this.#heldTimer]) this.#options.clock.clearTimeout(timer)
    this.#stop.abort()
    this.#connection?.abort()
    this.#options.clock.clearTimeout(this.#deltaTimer)
    this.#wake?.()
  }

  async #run(): Promise<void> {
    const { clock, readTask } = this.#options
    while (!this.#stop.signal.aborted) {
      let why: string
      let retryAfter: number | null = null
      try {
        this.#set('connecting', 'reading the task')
        this.#record(this.#reader.read(await readTask(), clock.now()))
        if (this.#isOver()) break
        if (!this.#isDue()) await this.#follow()
        if (this.#isOver()) break
        why = 'the stream ended before the task did'
      } catch (error) {
        if (this.#stop.signal.aborted) return
        if (!(error instanceof InferenceError)) throw error
        if (error.status === 404) {
          this.#lost()
          return
        }
        if (!error.passing) {
          this.#set('failed', `${error.message} ${error.advice}`)
          await this.#wait(null)
          continue
        }
        why = error.message
        retryAfter = error.retryAfterMs
      }
      this.#reader.cut()
      if (this.#isDue()) {
        await this.#rest()
        continue
      }
      this.#options.onReconnect()
      if (!(await this.#backOff(why, retryAfter))) return
    }
    if (!this.#stop.signal.aborted) await this.#finish()
  }

  #isDue(): boolean {
    return this.#limit !== null && this.#options.clock.now() >= this.#limit.at
  }

  /** Until it is to be followed again, or has ended. */
  async #rest(): Promise<void> {
    const { client, clock, id, record, onRest } = this.#options
    const { ms } = this.#limit!
    this.#resting = true
    record([{ k: 'meta', at: clock.now(), meta: { followUntil: null } }])
    this.#set('closed', `followed for ${formatRoughly(ms)} as asked; its status is still read now and then`)
    onRest()
    while (!this.#stop.signal.aborted && this.#isDue()) {
      await this.#wait(REST_MS)
      if (this.#stop.signal.aborted || !this.#isDue()) break
      try {
        const said = await client.taskStatus(id)
        const status = statusOf(said.status)
        // Its end is read with all that belongs to it.
        if (status !== null && isTerminal(status)) break
        this.#record(this.#reader.read(said, clock.now()))
      } catch (error) {
        if (!(error instanceof InferenceError)) throw error
        if (!error.passing) break
      }
    }
    this.#resting = false
  }

  /** Reads the stream until the task is over or the stream is. */
  async #follow(): Promise<void> {
    const { client, clock, id } = this.#options
    const connection = new AbortController()
    this.#connection = connection
    let silence: unknown
    const heard = () => {
      clock.clearTimeout(silence)
      silence = clock.setTimeout(() => {
        connection.abort(new InferenceError('timeout', `nothing came for ${SILENCE_MS / 1_000} s`))
      }, SILENCE_MS)
    }
    try {
      heard()
      const lines = await client.stream(id, connection.signal, heard)
      this.#set('open', 'receiving')
      for await (const line of lines) {
        this.#tries = 0
        this.#take(line)
        if (this.#isOver()) return
      }
    } finally {
      clock.clearTimeout(silence)
      connection.abort()
      this.#connection = null
    }
  }

  #take(line: WireLine): void {
    const now = this.#options.clock.now()
    const changes = this.#reader.line(line, now)
    if (line.shape !== 'heartbeat') this.#keepRaw(line, now)
    this.#record(changes)
    if (changes.some((change) => change.k === 'delta'))
      this.#deltaTimer ??= this.#options.clock.setTimeout(() => {
        this.#deltaTimer = undefined
        if (this.#isOver() || this.#stop.signal.aborted) return
        const value = this.#reader.deltas
        this.#options.record([this.events.fromDeltas(value, Object.keys(value), this.#options.clock.now())])
      }, DELTAS_MS)
  }

  /** The logs have the last word (inference.sh wire contract §8). */
  async #finish(): Promise<void> {
    const { client, clock, id, onDone } = this.#options
    clock.clearTimeout(this.#deltaTimer)
    clock.clearTimeout(this.#limitTimer)
    try {
      this.#record(this.#reader.readLogs(await client.taskLogs(id)))
    } catch {
      // What was streamed stands.
    }
    this.#set('closed', 'the task ended')
    this.#reader.release()
    this.events.trim()
    this.#raw = this.#raw.slice(-RAW.items)
    onDone()
  }

  #lost(): void {
    const now = this.#options.clock.now()
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
    this.#set('closed', 'the service does not know the task any more')
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

  #keepRaw(line: WireLine, at: number): void {
    const text = JSON.stringify(line)
    this.#raw.push({ at, event: line.shape, body: text.slice(0, RAW.chars), length: text.length })
    if (this.#raw.length >= RAW.items * 2) this.#raw = this.#raw.slice(-RAW.items)
  }

  /** False when there were enough tries. */
  async #backOff(reason: string, retryAfterMs: number | null): Promise<boolean> {
    const { clock, random, reconnect } = this.#options
    const { retries, delayMs, mostMs } = reconnect()
    if (retries !== null && this.#tries >= retries) {
      this.#set('failed', `${reason}; gave up after ${retries} tries. Retry starts anew.`)
      await this.#wait(null)
      return !this.#stop.signal.aborted
    }
    const ceiling = Math.min(mostMs, delayMs * 2 ** this.#tries++)
    const wait = retryAfterMs ?? Math.max(100, ceiling / 2 + random() * (ceiling / 2))
    this.#set('reconnecting', reason, clock.now() + wait)
    await this.#wait(wait)
    return !this.#stop.signal.aborted
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
