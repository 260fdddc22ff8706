import type { CarriedSession } from '#protocols/weir/api.ts'
import { isDeviceTopic, isListTopic, type ListTopic } from '#protocols/weir/topics.ts'
import type { EventStream } from './event-stream.ts'
import type { Journal } from './journal.ts'
import type { ListDelta } from './list-changes.ts'

/** A session outlives its connection by this, so that a reconnect finds its topics, ms. */
export const LINGER_MS = 60_000

/** An open stream and the sessions whose messages it carries: one page's, or those of a whole browser. */
export interface Connection {
  stream: EventStream
  /** True for a browser's: it stays open without sessions. */
  carries: boolean
  sessions: Set<Session>
  /** Sessions that are behind, in the order of their turns. */
  waiting: Set<Session>
  /** Number of the newest statement of what it carries: an older one that comes late is void. */
  stated: number
}

export interface Subscription {
  /** Events up to this number are in what was sent, or in the snapshot. */
  from: number
  /** Id of the message that carried the snapshot; 0 while it is still to be sent. */
  snapshotId: number
}

/** What the hub knows of one page: what it watches, and how far it was told. */
export class Session {
  readonly id: string
  readonly topics = new Map<string, Subscription>()
  connection: Connection | null = null
  /** What the page that reads knows the session by: stands before the id of each message. */
  route: string | null = null
  #tell: CarriedSession['tell'] = 'live'
  /** By the monotonic clock. */
  #untoldSince = 0
  /** All events up to this number were sent (or are of no interest). */
  cursor: number
  /** Lists to be sent whole with the next message. */
  readonly staleLists = new Set<string>()
  /** Per list, the keys that changed while the page did not read: their items go with the next message. */
  readonly missed = new Map<ListTopic, Set<string>>()
  linger: unknown

  constructor(id: string, cursor: number) {
    this.id = id
    this.cursor = cursor
  }

  get tell(): CarriedSession['tell'] {
    return this.#tell
  }

  /** Topics it watched before go on without a break. */
  setTopics(topics: readonly string[]): void {
    const wanted = new Set(topics)
    for (const topic of this.topics.keys())
      if (!wanted.has(topic)) {
        this.topics.delete(topic)
        this.staleLists.delete(topic)
        this.missed.delete(topic as ListTopic)
      }
    for (const topic of wanted)
      if (!this.topics.has(topic)) {
        this.topics.set(topic, { from: 0, snapshotId: 0 })
        if (isListTopic(topic)) this.staleLists.add(topic)
      }
  }

  /** Goes back to what the page has seen; what it may have missed of a snapshot is sent again. */
  resume(lastEventId: string | null, journal: Journal): void {
    this.missed.clear()
    const [epoch, number] = lastEventId?.split('-') ?? []
    const seen = epoch === journal.epoch && number !== undefined ? Number(number) : Number.NaN
    for (const [topic, subscription] of this.topics) {
      if (isListTopic(topic)) this.staleLists.add(topic)
      else if (Number.isNaN(seen) || seen > journal.last || subscription.snapshotId > seen)
        subscription.snapshotId = 0
    }
    if (!Number.isNaN(seen) && seen < this.cursor) this.cursor = seen
  }

  /**
   * Changes how the page is told; what it was not told of meanwhile it is told as after a reconnect.
   * @param now by the monotonic clock
   */
  retell(tell: CarriedSession['tell'], now: number): void {
    if (this.#tell === tell) return
    if (tell === 'no') this.#untoldSince = now
    else if (this.#tell === 'no') {
      const wasLong = !this.mayGoOn(now)
      for (const [topic, subscription] of this.topics) {
        if (isListTopic(topic)) this.staleLists.add(topic)
        // Of a device that nobody was told of, not all is in the journal.
        else if (wasLong && isDeviceTopic(topic)) subscription.snapshotId = 0
      }
      this.missed.clear()
    }
    this.#tell = tell
  }

  /** True while the page is told of its topics, or may soon come back to go on with them. */
  mayGoOn(now: number): boolean {
    return this.#tell !== 'no' || now - this.#untoldSince <= LINGER_MS
  }

  /** Notes what a page that does not read misses of lists. */
  miss(deltas: ReadonlyMap<ListTopic, ListDelta>): void {
    for (const [topic, { keys }] of deltas) {
      if (!this.topics.has(topic) || this.staleLists.has(topic)) continue
      const missed = this.missed.get(topic)
      if (!missed) this.missed.set(topic, new Set(keys))
      else for (const key of keys) missed.add(key)
    }
  }
}
