import { inBackground, report } from '#lib/isolate.ts'
import { Turns } from '#lib/turns.ts'
import type { ReconnectSettings } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { InferenceClient } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { TaskBody } from '#protocols/inference/schemas.ts'
import type { TaskSchemas } from '#protocols/weir/api.ts'
import type { SourceContext } from '../source-adapter.ts'
import type { SourceClock } from '../source-clock.ts'
import { NO_SCHEMAS } from './apps.ts'
import type { RequestLimit } from './request-limit.ts'
import { InferenceUpstream } from './task-upstream.ts'

const READS_AT_ONCE = 4
/** Streams held at once; tasks beyond wait until one has ended. */
const MOST_STREAMS = 200
/** Tasks that have ended, or were lost, are kept readable: how many of each, and characters of outputs in all. */
const KEPT = { ended: 200, lost: 200, chars: 64 * 1024 * 1024 }
/** A schema that could not be had is asked for again after this, ms. */
const SCHEMA_AGAIN_MS = 30_000

export interface FollowsOptions {
  context: SourceContext
  client: InferenceClient
  sourceClock: SourceClock
  limit: RequestLimit
  reconnect: () => ReconnectSettings
  record(id: string, events: readonly TaskEvent[]): void
  /** Whether the service's lists name a task among what goes on, asked anew; null when they cannot be read. */
  isListed(id: string): Promise<boolean | null>
  /** The schemas of a task's app. Rejects with an InferenceError. */
  schemas(id: string): Promise<TaskSchemas>
  onHeard(): void
  /** A stream was cut or ended before its task. */
  onInterrupted(): void
}

/** Follows the tasks of one source: each by one stream, so many at once; and keeps what ended ones made. */
export class Follows {
  readonly #options: FollowsOptions
  readonly #upstreams = new Map<string, InferenceUpstream>()
  /** Followed to their end; for their outputs and raw lines. */
  readonly #ended = new Map<string, InferenceUpstream>()
  /** The service was found not to know them; each can be taken up again. */
  readonly #lost = new Map<string, InferenceUpstream>()
  readonly #reads = new Turns(READS_AT_ONCE)
  /** Tasks that wait for a stream to become free. */
  readonly #unfollowed = new Set<string>()
  /** When a schema that could not be had may be asked for again, monotonic ms. */
  readonly #schemaAt = new Map<string, number>()
  #reconnects = 0
  #stopped = false

  constructor(options: FollowsOptions) {
    this.#options = options
  }

  /** Streams that are connected, silent or not. */
  get open(): number {
    let open = 0
    for (const { state } of this.#upstreams.values()) if (state === 'open' || state === 'stalled') open += 1
    return open
  }

  get reconnects(): number {
    return this.#reconnects
  }

  /** The upstream of a task that is or was followed. */
  get(id: string): InferenceUpstream | undefined {
    return this.#upstreams.get(id) ?? this.#ended.get(id) ?? this.#lost.get(id)
  }

  /** Follows a task to its end, when there is room; also one that was lost. */
  follow(id: string): void {
    const lost = this.#lost.get(id)
    if (lost) this.#goOn(id, lost)
    else this.#begin(id)
  }

  /** A list names the task. */
  listed(row: TaskBody): void {
    const { context, record } = this.#options
    const { book, clock, name } = context
    const { id } = row
    const lost = this.#lost.get(id)
    if (lost) this.#goOn(id, lost, row)
    this.#upstreams.get(id)?.listed(row)
    if (this.get(id)) return
    const known = book.get(name, id)
    if (known && isTerminal(known.status)) return
    if (!known)
      record(id, [{ k: 'started', at: clock.now(), origin: 'poll', type: typeOf(row), status: null }])
    this.#begin(id)
  }

  /** For so long from now on, ms, or to its end. False for a task that has ended or has to wait for its stream. */
  followFor(id: string, forMs: number | null): boolean {
    const upstream = this.#upstreams.get(id)
    if (!upstream || (upstream.isResting && this.#isFull)) return false
    upstream.follow(forMs)
    return true
  }

  /** A person's wish to try again now. */
  retry(id: string): void {
    const upstream = this.#upstreams.get(id)
    if (!upstream) {
      if (this.#lost.has(id)) this.follow(id)
    } else if (!upstream.isResting) upstream.retry()
    else if (this.#isFull) this.#unfollowed.add(id)
    else upstream.follow(null)
  }

  /** The service's clock was measured anew. */
  retimed(): void {
    for (const upstream of this.#upstreams.values()) upstream.retimed()
  }

  retryAll(): void {
    for (const upstream of this.#upstreams.values()) upstream.retry()
  }

  /** What gave up while the service was not itself may go on. */
  retryFailed(): void {
    for (const upstream of this.#upstreams.values()) if (upstream.state === 'failed') upstream.retry()
  }

  stop(): void {
    this.#stopped = true
    for (const upstreams of [this.#upstreams, this.#lost])
      for (const upstream of upstreams.values()) upstream.stop()
  }

  get #isFull(): boolean {
    let streams = 0
    for (const { isResting } of this.#upstreams.values()) if (!isResting) streams += 1
    return streams >= MOST_STREAMS
  }

  /** The same record goes on: what is known of the task must not be told again. */
  #goOn(id: string, upstream: InferenceUpstream, row?: TaskBody): void {
    if (this.#stopped || this.#isFull) return
    this.#lost.delete(id)
    this.#upstreams.set(id, upstream)
    upstream.goOn(row)
  }

  #begin(id: string): void {
    if (this.#stopped || this.#upstreams.has(id)) return
    if (this.#isFull) {
      this.#unfollowed.add(id)
      return
    }
    this.#unfollowed.delete(id)
    const { context, client, sourceClock, limit, reconnect, record, isListed, onHeard, onInterrupted } =
      this.#options
    const { clock, random } = context
    const upstream = new InferenceUpstream({
      id,
      client,
      clock,
      sourceClock,
      random,
      limit,
      reconnect,
      readTask: () => this.#reads.run(() => limit.run(() => client.task(id))),
      isListed: () => isListed(id),
      record: (events) => {
        record(id, events)
        if (events.some(({ k }) => k === 'output') && upstream.events.isUnsure)
          inBackground(this.#describe(id, upstream))
      },
      onHeard,
      onDone: () => {
        this.#done(id, upstream)
      },
      onRest: () => {
        this.#followNext()
      },
      onReconnect: () => {
        this.#reconnects += 1
        onInterrupted()
      },
    })
    this.#upstreams.set(id, upstream)
    upstream.start()
  }

  #done(id: string, upstream: InferenceUpstream): void {
    this.#upstreams.delete(id)
    this.#unfollowed.delete(id)
    this.#schemaAt.delete(id)
    if (upstream.isLost) {
      this.#lost.set(id, upstream)
      if (this.#lost.size > KEPT.lost) this.#lost.delete(this.#lost.keys().next().value!)
    } else this.#keepEnded(id, upstream)
    this.#followNext()
  }

  #keepEnded(id: string, upstream: InferenceUpstream): void {
    this.#ended.set(id, upstream)
    let chars = 0
    for (const { events } of this.#ended.values()) chars += events.chars
    for (const [oldest, { events }] of this.#ended) {
      if (this.#ended.size === 1 || (this.#ended.size <= KEPT.ended && chars <= KEPT.chars)) break
      this.#ended.delete(oldest)
      chars -= events.chars
      const told = events.forget()
      if (told) this.#options.record(oldest, [told])
    }
  }

  #followNext(): void {
    const [next] = this.#unfollowed
    if (next === undefined) return
    const resting = this.#upstreams.get(next)
    if (!resting) this.follow(next)
    else {
      this.#unfollowed.delete(next)
      resting.follow(null)
    }
  }

  /** The card shows by the app's schema what the output's own form leaves open. */
  async #describe(id: string, { events }: InferenceUpstream): Promise<void> {
    const now = this.#options.context.clock.monotonic()
    if (events.schema !== null || now < (this.#schemaAt.get(id) ?? -Infinity)) return
    this.#schemaAt.set(id, now + SCHEMA_AGAIN_MS)
    const schemas = await this.#options.schemas(id).catch((error: unknown) => {
      if (!(error instanceof InferenceError)) report(error)
      // What passes is asked again; without a schema the value is shown by what it looks like.
      return error instanceof InferenceError && error.passing ? null : NO_SCHEMAS
    })
    const event = schemas && events.describe(schemas.output ?? {})
    if (event && !this.#stopped) this.#options.record(id, [event])
  }
}

/** `namespace/name` of the app that a task runs; null where a row does not say. */
export function typeOf(row: TaskBody): string | null {
  const app = row['app'] as { namespace?: unknown; name?: unknown; id?: unknown } | null | undefined
  if (typeof app?.name !== 'string') return null
  return typeof app.namespace === 'string' ? `${app.namespace}/${app.name}` : app.name
}
