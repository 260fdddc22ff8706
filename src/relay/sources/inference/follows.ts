import { Turns } from '#lib/turns.ts'
import type { ReconnectSettings } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import { statusOf } from '#protocols/inference/status.ts'
import type { TaskBody } from '#protocols/inference/schemas.ts'
import type { FollowControl } from '../../source-adapter.ts'
import type { ClockListener } from '../../source-clock.ts'
import type { Cloud } from './cloud.ts'
import type { RunLists } from './run-lists.ts'
import { InferenceUpstream, type RunFollower } from './task-upstream.ts'

const READS_AT_ONCE = 4
/** Streams held at once; tasks beyond wait until one has ended. */
const MOST_STREAMS = 200
/** Tasks that have ended, or were lost, are kept readable: how many of each, and characters of outputs in all. */
const KEPT = { ended: 200, lost: 200, chars: 64 * 1024 * 1024 }
/** Follows the tasks of one source: each by one stream, so many at once; and keeps what ended ones made. */
export class Follows implements RunFollower, ClockListener, FollowControl {
  readonly #cloud: Cloud
  readonly #lists: RunLists
  readonly #upstreams = new Map<string, InferenceUpstream>()
  /** Followed to their end; for their outputs and raw lines. */
  readonly #ended = new Map<string, InferenceUpstream>()
  /** The service was found not to know them; each can be taken up again. */
  readonly #lost = new Map<string, InferenceUpstream>()
  readonly #reads = new Turns(READS_AT_ONCE)
  /** Tasks that wait for a stream to become free. */
  readonly #unfollowed = new Set<string>()

  constructor(cloud: Cloud, lists: RunLists) {
    this.#cloud = cloud
    this.#lists = lists
    cloud.sourceClock.listen(this)
  }

  /** Streams that are connected, silent or not. */
  get open(): number {
    let open = 0
    for (const { state } of this.#upstreams.values()) if (state === 'open' || state === 'stalled') open += 1
    return open
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
    const { context, records } = this.#cloud
    const { id } = row
    const lost = this.#lost.get(id)
    if (lost) this.#goOn(id, lost, row)
    this.#upstreams.get(id)?.listed(row)
    if (this.get(id)) return
    const known = records.get(id)
    // What is not in memory ended long ago: what its service says of it now is read when it says otherwise.
    if (!known && records.knows(id) && isTerminal(statusOf(row['status']) ?? 'unknown')) return
    if (known && isTerminal(known.status)) return
    if (!known)
      records.add(id, [
        { k: 'started', at: context.clock.now(), origin: 'poll', type: typeOf(row), status: null },
      ])
    this.#begin(id)
  }

  setReconnect(settings: ReconnectSettings): void {
    this.#cloud.reconnect = settings
    this.#cloud.context.report({ reconnect: settings })
  }

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
  clockMeasured(): void {
    for (const { readings } of this.#upstreams.values()) readings.retimed()
  }

  retryAll(): void {
    for (const upstream of this.#upstreams.values()) upstream.retry()
  }

  /** What gave up while the service was not itself may go on. */
  retryFailed(): void {
    for (const upstream of this.#upstreams.values()) if (upstream.state === 'failed') upstream.retry()
  }

  stop(): void {
    for (const upstreams of [this.#upstreams, this.#lost])
      for (const upstream of upstreams.values()) upstream.stop()
  }

  read(id: string): Promise<TaskBody> {
    const { client, limit } = this.#cloud
    return this.#reads.run(() => limit.run(() => client.task(id)))
  }

  isListed(id: string): Promise<boolean | null> {
    return this.#lists.names(id)
  }

  interrupted(): void {
    this.#cloud.traffic.reconnects += 1
    this.#lists.now()
  }

  done(upstream: InferenceUpstream): void {
    const { id } = upstream
    this.#upstreams.delete(id)
    this.#unfollowed.delete(id)
    if (upstream.isLost) {
      this.#lost.set(id, upstream)
      if (this.#lost.size > KEPT.lost) this.#lost.delete(this.#lost.keys().next().value!)
    } else this.#keepEnded(upstream)
    this.#followNext()
  }

  resting(): void {
    this.#followNext()
  }

  get #isStopped(): boolean {
    return this.#cloud.stop.signal.aborted
  }

  get #isFull(): boolean {
    let streams = 0
    for (const { isResting } of this.#upstreams.values()) if (!isResting) streams += 1
    return streams >= MOST_STREAMS
  }

  /** The same record goes on: what is known of the task must not be told again. */
  #goOn(id: string, upstream: InferenceUpstream, row?: TaskBody): void {
    if (this.#isStopped || this.#isFull) return
    this.#lost.delete(id)
    this.#upstreams.set(id, upstream)
    upstream.goOn(row)
  }

  #begin(id: string): void {
    if (this.#isStopped || this.#upstreams.has(id)) return
    if (this.#isFull) {
      this.#unfollowed.add(id)
      return
    }
    this.#unfollowed.delete(id)
    const upstream = new InferenceUpstream(this.#cloud, this, id)
    this.#upstreams.set(id, upstream)
    upstream.start()
  }

  #keepEnded(upstream: InferenceUpstream): void {
    this.#ended.set(upstream.id, upstream)
    let chars = 0
    for (const { readings } of this.#ended.values()) chars += readings.events.chars
    for (const [oldest, { readings }] of this.#ended) {
      if (this.#ended.size === 1 || (this.#ended.size <= KEPT.ended && chars <= KEPT.chars)) break
      this.#ended.delete(oldest)
      chars -= readings.events.chars
      const told = readings.events.forget()
      if (told) this.#cloud.records.add(oldest, [told])
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
}

/** `namespace/name` of the app that a task runs; null where a row does not say. */
export function typeOf(row: TaskBody): string | null {
  const app = row['app'] as { namespace?: unknown; name?: unknown; id?: unknown } | null | undefined
  if (typeof app?.name !== 'string') return null
  return typeof app.namespace === 'string' ? `${app.namespace}/${app.name}` : app.name
}
