import { backOffMs } from '#lib/backoff.ts'
import { formatRoughly } from '#lib/format.ts'
import { inBackground, report } from '#lib/isolate.ts'
import { isTerminal } from '#model/status.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { WireLine } from '#protocols/inference/lines.ts'
import { statusOf } from '#protocols/inference/status.ts'
import { own, timeOf } from '#protocols/inference/values.ts'
import { RetryWait } from '../../retry-wait.ts'
import type { Cloud } from './cloud.ts'
import { RunReadings } from './run-readings.ts'
import { DEAD_MS, SilenceWatch, STALLED_MS, type SilenceListener } from './silence-watch.ts'

/** While a task is not followed, its status is read this often: its end must not be missed. */
const REST_MS = 30_000
const LIMIT_REASON = 'the limit on requests of the key is reached: all that ask with it wait'

/** Who follows the runs of a service, told what one stream alone cannot judge. */
export interface RunFollower {
  /** Reads a run in its turn: a page of a list may name many at once. Rejects with InferenceError. */
  read(id: string): Promise<unknown>
  /** Whether the service's lists name it among what goes on, asked anew; null when they cannot be read. */
  isListed(id: string): Promise<boolean | null>
  /** A stream was cut, or ended before its run. */
  interrupted(): void
  /** The run has ended, or was lost: then `goOn` takes it up again. */
  done(upstream: InferenceUpstream): void
  /** It is not followed for now: another may be. */
  resting(): void
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
export class InferenceUpstream implements SilenceListener {
  readonly id: string
  readonly readings: RunReadings
  readonly #cloud: Cloud
  readonly #follower: RunFollower
  readonly #stop = new AbortController()
  readonly #retry: RetryWait
  #connection: AbortController | null = null
  #state: StreamStateName = 'none'
  /** Connections since the last news. */
  #tries = 0
  /** When following ends though the task goes on, monotonic ms, and how long that is in all. */
  #limit: { at: number; ms: number } | null = null
  #limitTimer: unknown
  #resting = false
  #lost = false
  #running = false

  constructor(cloud: Cloud, follower: RunFollower, id: string) {
    this.#cloud = cloud
    this.#follower = follower
    this.id = id
    this.readings = new RunReadings(cloud, id)
    this.#retry = new RetryWait(cloud.context.clock)
  }

  get state(): StreamStateName {
    return this.#state
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
    const { followMs } = this.#cloud.reconnect
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
    if (this.readings.isOver) inBackground(this.#finish())
    else this.#begin()
  }

  /** A list names it: where nothing is known from its own answers, what the row says is the truth. */
  listed(row: unknown): void {
    if (this.#state !== 'failed' || this.#stop.signal.aborted) return
    this.#take(row)
    if (this.readings.isOver) this.#retry.end()
  }

  retry(): void {
    this.#tries = 0
    this.#retry.end()
  }

  /** Follows for so long from now on, ms, or to the end; also one that rests. */
  follow(forMs: number | null): void {
    const { clock } = this.#cloud.context
    clock.clearTimeout(this.#limitTimer)
    this.#limit = forMs === null ? null : { at: clock.monotonic() + forMs, ms: forMs }
    const followUntil = forMs === null ? null : clock.now() + forMs
    this.readings.tell([{ k: 'meta', at: clock.now(), meta: { followUntil } }])
    if (forMs !== null)
      this.#limitTimer = clock.setTimeout(() => {
        this.#connection?.abort()
        this.#retry.end()
      }, forMs)
    this.retry()
  }

  stop(): void {
    this.#cloud.context.clock.clearTimeout(this.#limitTimer)
    this.readings.stop()
    this.#stop.abort()
    this.#connection?.abort()
    this.#retry.end()
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
      if (this.readings.isOver) {
        await this.#finish()
        return
      }
      if (this.#lost) return
      this.readings.cut()
      if (this.#isDue()) await this.#rest()
      else if (trouble) {
        this.#follower.interrupted()
        await this.#backOff(trouble)
      }
    }
  }

  /** Reads the task and its stream, until either ends. Null when a person's "Retry" was waited for. */
  async #connect(): Promise<Trouble | null> {
    const { context, limit } = this.#cloud
    const { clock } = context
    const wait = limit.waitMs
    if (wait > 0) this.#set('reconnecting', LIMIT_REASON, clock.now() + wait)
    else this.#set(this.#tries > 0 ? 'reconnecting' : 'connecting', 'reading the task')
    try {
      this.#take(await this.#follower.read(this.id))
      if (!this.readings.isOver && !this.#isDue()) await this.#follow()
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
    const listed = await this.#follower.isListed(this.id)
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
    return this.#limit !== null && this.#cloud.context.clock.monotonic() >= this.#limit.at
  }

  /** Until it is to be followed again, or has ended. */
  async #rest(): Promise<void> {
    const { client, context, limit } = this.#cloud
    const { ms } = this.#limit!
    this.#resting = true
    this.readings.tell([{ k: 'meta', at: context.clock.now(), meta: { followUntil: null } }])
    this.#set('closed', `followed for ${formatRoughly(ms)} as asked; its status is still read now and then`)
    this.#follower.resting()
    while (!this.#stop.signal.aborted && this.#isDue()) {
      await this.#wait(REST_MS)
      if (this.#stop.signal.aborted || !this.#isDue()) break
      try {
        const said = await limit.run(() => client.taskStatus(this.id), this.#stop.signal)
        const status = statusOf(said.status)
        // Its end is read with all that belongs to it.
        if (status !== null && isTerminal(status)) break
        this.readings.readStatus(said)
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
    const { client, condition, context, limit, sourceClock } = this.#cloud
    const connection = new AbortController()
    this.#connection = connection
    let watch: SilenceWatch | undefined
    const heard = () => {
      watch?.heard()
      condition.heard()
    }
    try {
      const lines = await limit.run(() => {
        watch = new SilenceWatch(context.clock, this)
        return client.stream(this.id, connection.signal, heard)
      }, connection.signal)
      const timed = sourceClock.stream()
      this.#set('open', 'receiving')
      for await (const line of lines) {
        timed(madeAt(line))
        if (this.readings.line(line)) this.#tries = 0
        if (this.readings.isOver) return
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

  stalled(): void {
    if (this.#state === 'open')
      this.#set('stalled', `nothing received for ${STALLED_MS / 1_000} s; a heartbeat is due every 10 s`)
  }

  alive(): void {
    if (this.#state === 'stalled') this.#set('open', 'receiving')
  }

  dead(): void {
    this.#connection?.abort(new InferenceError('timeout', `nothing came for ${DEAD_MS / 1_000} s`))
  }

  /** Takes a full read or a row of a list. */
  #take(body: unknown): void {
    if (this.readings.read(body, this.#lost)) this.#lost = false
  }

  async #finish(): Promise<void> {
    const { client, context, limit } = this.#cloud
    context.clock.clearTimeout(this.#limitTimer)
    try {
      this.readings.readLogs(await limit.run(() => client.taskLogs(this.id), this.#stop.signal))
    } catch {
      // What was streamed stands.
    }
    if (this.#stop.signal.aborted) return
    this.#set('closed', 'the task ended')
    this.readings.ended()
    this.#follower.done(this)
  }

  #lose(): void {
    if (!this.#lost) this.readings.lost()
    this.#lost = true
    this.#set('closed', 'the service does not know the task any more, and its list does not name it')
    this.#follower.done(this)
  }

  /** Waits before the next try; for a person, when there were enough. */
  async #backOff({ why, retryAfterMs, isLimit }: Trouble): Promise<void> {
    const { context, limit, reconnect } = this.#cloud
    const { clock, random } = context
    if (isLimit) {
      this.#set('reconnecting', LIMIT_REASON, clock.now() + limit.waitMs)
      await this.#wait(limit.waitMs)
      return
    }
    const { retries, delayMs, mostMs } = reconnect
    if (retries !== null && this.#tries >= retries) {
      this.#set('failed', `${why}; gave up after ${retries} tries. Retry starts anew.`)
      await this.#wait(null)
      return
    }
    const ceiling = backOffMs({ first: delayMs, most: mostMs }, this.#tries++)
    const wait = retryAfterMs ?? Math.max(100, ceiling / 2 + random() * (ceiling / 2))
    this.#set('reconnecting', why, clock.now() + wait)
    await this.#wait(wait)
  }

  /** Waits, null for ever; `retry` and the end cut it short. */
  async #wait(ms: number | null): Promise<void> {
    if (!this.#stop.signal.aborted) await this.#retry.wait(ms)
  }

  #set(name: StreamStateName, reason: string, retryAt: number | null = null): void {
    if (this.#stop.signal.aborted) return
    const since = this.#cloud.context.clock.now()
    this.#state = name
    this.readings.tell([{ k: 'stream', at: since, state: { name, reason, since, retryAt } }])
  }
}

/** When a line was made, by the service's clock, ms since epoch. */
function madeAt(line: WireLine): number | null {
  return line.shape === 'snapshot' || line.shape === 'partial' ? timeOf(own(line.data, 'updated_at')) : null
}
