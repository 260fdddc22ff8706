import type { CarriedSession } from '#protocols/weir/api.ts'
import type { TopicRecord } from '../record/record.ts'
import type { Tail } from '../record/tail.ts'
import type { EventStream } from './event-stream.ts'

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

/** How far a page was told of one topic. */
export class Subscription {
  /** What has a number up to this is in what was sent, or in the snapshot. */
  from = 0
  /** Number of the message that carried the snapshot; 0 while it is still to be sent. */
  #message = 0

  /** True while its snapshot is still to be sent. */
  get isNew(): boolean {
    return this.#message === 0
  }

  began(message: number): void {
    this.#message = message
  }

  startAnew(): void {
    this.#message = 0
  }

  /**
   * Goes back to what the page has seen.
   * @param n all with a number up to this
   * @param message and this message
   */
  resume(n: number, message: number): void {
    if (this.#message > message) this.#message = 0
    if (n < this.from) this.from = n
  }
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
  #messages = 0
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
    for (const topic of this.topics.keys()) if (!wanted.has(topic)) this.topics.delete(topic)
    for (const topic of wanted) if (!this.topics.has(topic)) this.topics.set(topic, new Subscription())
  }

  /** The number of the next message: the second half of its id, which tells what of it has arrived. */
  nextMessage(): number {
    return ++this.#messages
  }

  /** Goes back to what the page has seen (`EPOCH-BOOT-N.MESSAGE`); what it may have missed is sent again. */
  resume(lastEventId: string | null, tail: Tail): void {
    const place = lastEventId?.startsWith(`${tail.epoch}-`) ? lastEventId.slice(tail.epoch.length + 1) : ''
    const [, number, message] = /^(\d+)\.(\d+)$/.exec(place) ?? []
    const seen = number === undefined ? Infinity : Number(number)
    for (const subscription of this.topics.values()) {
      if (seen > tail.last) subscription.startAnew()
      else subscription.resume(seen, Number(message))
    }
    if (seen < this.cursor) this.cursor = seen
    // Of a session that was forgotten meanwhile the page knows higher numbers.
    if (message !== undefined) this.#messages = Math.max(this.#messages, Number(message))
  }

  /**
   * Changes how the page is told; what it was not told of meanwhile it is told as after a reconnect.
   * @param now by the monotonic clock
   */
  retell(tell: CarriedSession['tell'], now: number, record: TopicRecord): void {
    if (this.#tell === tell) return
    if (tell === 'no') this.#untoldSince = now
    else if (this.#tell === 'no' && !this.mayGoOn(now))
      // What nobody was told of is not in the tail. Lists know what has changed.
      for (const [topic, subscription] of this.topics) if (!record.rows(topic)) subscription.startAnew()
    this.#tell = tell
  }

  /** True while the page is told of its topics, or may soon come back to go on with them. */
  mayGoOn(now: number): boolean {
    return this.#tell !== 'no' || now - this.#untoldSince <= LINGER_MS
  }
}
