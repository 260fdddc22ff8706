import type { Clock } from '#lib/clock.ts'
import { isTerminal } from '#model/status.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskChange } from '#protocols/inference/changes.ts'
import type { InferenceClient } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { WireLine } from '#protocols/inference/lines.ts'
import { TaskReader } from '#protocols/inference/task-reader.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import { TaskEvents } from './to-events.ts'

/** How a source reconnects; a person may set it (inference.sh wire contract §14). */
export interface ReconnectOptions {
  /** Tries in a row without a line received before giving up; Infinity goes on. */
  retries: number
  /** First delay, and the longest, ms. */
  delayMs: number
  mostMs: number
}

export const DEFAULT_RECONNECT: ReconnectOptions = { retries: Infinity, delayMs: 1_000, mostMs: 30_000 }

/** Silence of this length means that the connection is dead: heartbeats come every 10 s. */
const SILENCE_MS = 45_000
/** Tokens arrive faster than anybody reads: their sum is shown at most this often. */
const DELTAS_MS = 200
const RAW = { items: 100, chars: 16 * 1024 }

export interface InferenceUpstreamOptions {
  id: string
  client: InferenceClient
  /** Reads the task in its turn: a page of a list may name many at once. */
  readTask(): Promise<unknown>
  clock: Clock
  random: () => number
  reconnect: () => ReconnectOptions
  record(events: readonly TaskEvent[]): void
  /** The task has ended, or is not followed any more. */
  onDone(): void
  onReconnect(): void
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

  start(): void {
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

  stop(): void {
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
        await this.#follow()
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
      this.#options.onReconnect()
      if (!(await this.#backOff(why, retryAfter))) return
    }
    if (!this.#stop.signal.aborted) await this.#finish()
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
    const events = this.events.from(changes, this.#options.clock.now())
    if (events.length > 0) this.#options.record(events)
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
    if (this.#tries >= retries) {
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
