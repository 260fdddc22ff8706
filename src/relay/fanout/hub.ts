import type { Clock } from '#lib/clock.ts'
import { isolate, report } from '#lib/isolate.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { CarriedSession } from '#protocols/weir/api.ts'
import type { Heartbeat, Hello } from '#protocols/weir/stream.ts'
import { ownFault } from '../own-fault.ts'
import type { RecordObserver, TopicRecord } from '../record/record.ts'
import type { Watchers } from '../record/watchers.ts'
import type { TailEntry } from '../record/tail.ts'
import { EventStream } from './event-stream.ts'
import { LINGER_MS, Session, type Connection, type Subscription } from './hub-session.ts'
import { MessageSizes } from './message-sizes.ts'

/** Events of one tick travel as one message; a frame is 16.7 ms. */
const TICK_MS = 16
/** Rows change in many places at once: lists are told of them at most this often. */
const LIST_TICK_MS = 48
/** Sessions that are told slowly are told so often. */
const SLOW_TICK_MS = 2_000
/** A page says "stalled" after three missing ones. */
const HEARTBEAT_MS = 1_000

/**
 * Fans the record out to pages. A session is one page and what it watches; a connection carries one session, or
 * those of all tabs of a browser. Pages pull: a session holds no queue of its own, only its places in the tail and
 * in the lists, so a slow page costs nothing and catches up from there or, where those have moved on, from a
 * snapshot. A hidden tab's session is told nothing and still watches.
 */
export class Hub implements RecordObserver, Watchers {
  readonly #clock: Clock
  readonly #record: TopicRecord
  readonly #version: string
  readonly #sessions = new Map<string, Session>()
  readonly #onWatched = new Set<(topic: string) => void>()
  readonly #connections = new Set<Connection>()
  /** Connections of whole browsers, by their secret names. */
  readonly #carriers = new Map<string, Connection>()
  readonly #sizes: MessageSizes
  #rowsFlushedAt = Number.NEGATIVE_INFINITY
  #tick: unknown
  #slowTick: unknown
  #heartbeat: unknown
  /** Joined JSON of one tick, shared by the sessions that watch the same topic. */
  readonly #joined = new Map<string, string>()

  /** @param version of Weir, told to pages */
  constructor(record: TopicRecord, version: string) {
    this.#record = record
    this.#clock = record.clock
    this.#version = version
    this.#sizes = new MessageSizes(record.tail)
    record.observe(this)
    record.watchedBy(this)
  }

  get sessionCount(): number {
    return this.#sessions.size
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** Pages that watch the topic; a hidden tab does. */
  watchersOf(topic: string): number {
    let watchers = 0
    for (const session of this.#sessions.values())
      if (session.connection && session.topics.has(topic)) watchers += 1
    return watchers
  }

  /** True while some page is told of the topic, or may soon come back to go on with it. */
  wants(topic: string): boolean {
    for (const session of this.#sessions.values())
      if (session.topics.has(topic) && (session.tell !== 'no' || session.mayGoOn(this.#clock.monotonic())))
        return true
    return false
  }

  /** Has every topic told that gains its first watcher. */
  onWatched(listener: (topic: string) => void): void {
    this.#onWatched.add(listener)
  }

  /** There is something to tell. */
  grew(): void {
    this.#schedule()
  }

  /** A topic began, or is there again: who watches it starts from its snapshot. */
  topicBegan(topic: string): void {
    for (const session of this.#sessions.values()) session.topics.get(topic)?.startAnew()
    this.#schedule()
  }

  /** The event stream of one session; takes over from an earlier connection of the same session. */
  connect(id: string, lastEventId: string | null, topics?: readonly string[]): ReadableStream<Uint8Array> {
    const session = this.#session(id)
    const connection = this.#open(id, false)
    session.retell('live', this.#clock.monotonic(), this.#record)
    this.#attach(session, connection, null, lastEventId)
    if (topics) this.setTopics(id, topics)
    else this.#send(session)
    return connection.stream.body
  }

  /** The event stream of a whole browser; takes over from an earlier one of the same name. */
  carry(carrier: string): ReadableStream<Uint8Array> {
    const old = this.#carriers.get(carrier)
    if (old) this.#close(old)
    const connection = this.#open(carrier, true)
    this.#carriers.set(carrier, connection)
    return connection.stream.body
  }

  /**
   * States which sessions a browser's stream carries from now on; any other it carried is let go.
   * @param n counts the statements of that browser: what comes late is void
   * @returns false when no such stream is open
   */
  setSessions(carrier: string, n: number, sessions: readonly CarriedSession[]): boolean {
    const connection = this.#carriers.get(carrier)
    if (!connection) return false
    if (n <= connection.stated) return true
    connection.stated = n
    const named = new Set(sessions.map(({ id }) => id))
    for (const session of connection.sessions) if (!named.has(session.id)) this.#leave(session)
    for (const { id, route, tell, after, topics } of sessions) {
      const session = this.#session(id)
      session.retell(tell, this.#clock.monotonic(), this.#record)
      if (session.connection !== connection || session.route !== route)
        this.#attach(session, connection, route, after)
      this.setTopics(id, topics)
    }
    return true
  }

  /** Sets what a session watches; topics it watched before go on without a break. */
  setTopics(id: string, topics: readonly string[]): void {
    const session = this.#session(id)
    const begun = topics.filter((topic) => !session.topics.has(topic))
    session.setTopics(topics)
    if (session.connection) this.#tellWatched(begun)
    if (!session.connection && session.linger === undefined) this.#leave(session)
    this.#send(session)
  }

  /** Ends all connections. */
  close(): void {
    const clock = this.#clock
    clock.clearTimeout(this.#tick)
    clock.clearTimeout(this.#slowTick)
    clock.clearTimeout(this.#heartbeat)
    for (const connection of this.#connections) this.#close(connection)
    for (const session of this.#sessions.values()) clock.clearTimeout(session.linger)
    this.#sessions.clear()
  }

  #session(id: string): Session {
    let session = this.#sessions.get(id)
    if (!session) this.#sessions.set(id, (session = new Session(id, this.#record.tail.last)))
    return session
  }

  #open(name: string, carries: boolean): Connection {
    const connection: Connection = {
      stream: new EventStream(
        () => {
          for (const session of connection.waiting) {
            if (!connection.stream.hasRoom) return
            this.#send(session)
          }
        },
        () => {
          this.#close(connection)
        },
      ),
      carries,
      sessions: new Set(),
      waiting: new Set(),
      stated: -1,
    }
    this.#connections.add(connection)
    const { epoch } = this.#record.tail
    const hello: Hello = { session: name, epoch, version: this.#version, now: this.#clock.now() }
    connection.stream.write('hello', JSON.stringify(hello))
    this.#heartbeat ??= this.#clock.setTimeout(this.#beat, HEARTBEAT_MS)
    return connection
  }

  #close(connection: Connection): void {
    this.#connections.delete(connection)
    for (const [name, carried] of this.#carriers) if (carried === connection) this.#carriers.delete(name)
    for (const session of connection.sessions) this.#leave(session)
    connection.stream.close()
  }

  /** Lets a session's messages go over a connection from here on, after what its page has seen. */
  #attach(session: Session, connection: Connection, route: string | null, lastEventId: string | null): void {
    const old = session.connection
    old?.sessions.delete(session)
    old?.waiting.delete(session)
    this.#clock.clearTimeout(session.linger)
    session.linger = undefined
    session.connection = connection
    connection.sessions.add(session)
    session.route = route
    session.resume(lastEventId, this.#record.tail)
    if (!old) this.#tellWatched(session.topics.keys())
    if (old && old !== connection && !old.carries) this.#close(old)
  }

  /** @param topics what a session that is connected watches from now on */
  #tellWatched(topics: Iterable<string>): void {
    for (const topic of topics)
      if (this.watchersOf(topic) === 1)
        for (const tell of this.#onWatched)
          isolate(tell, () => {
            tell(topic)
          })
  }

  #leave(session: Session): void {
    session.connection?.sessions.delete(session)
    session.connection?.waiting.delete(session)
    session.connection = null
    this.#clock.clearTimeout(session.linger)
    session.linger = this.#clock.setTimeout(() => this.#sessions.delete(session.id), LINGER_MS)
  }

  #schedule(): void {
    this.#tick ??= this.#clock.setTimeout(this.#flush, TICK_MS)
  }

  readonly #flush = (): void => {
    const now = this.#clock.monotonic()
    this.#record.telling()
    // Afterwards: what this entered needs no tick of its own.
    this.#tick = undefined
    this.#sizes.mark()
    const areRowsDue = now - this.#rowsFlushedAt >= LIST_TICK_MS
    if (areRowsDue && this.#record.flushRows()) this.#rowsFlushedAt = now
    for (const session of this.#sessions.values()) {
      if (session.tell === 'live') this.#send(session)
      else if (session.tell === 'slowly' && session.connection)
        this.#slowTick ??= this.#clock.setTimeout(this.#flushSlowly, SLOW_TICK_MS)
    }
    this.#joined.clear()
    if (this.#record.hasMarkedRows) this.#schedule()
  }

  readonly #flushSlowly = (): void => {
    this.#slowTick = undefined
    for (const session of this.#sessions.values()) if (session.tell === 'slowly') this.#send(session)
    this.#joined.clear()
  }

  /** Sends what is new for a session, or remembers that it is behind while the page does not read. */
  #send(session: Session): void {
    isolate(session, () => {
      this.#sendNow(session)
    })
  }

  #sendNow(session: Session): void {
    const { connection } = session
    if (!connection || session.tell === 'no') return
    if (!connection.stream.hasRoom) {
      connection.waiting.add(session)
      return
    }
    const { tail } = this.#record
    const parts: string[] = []
    const fresh: Subscription[] = []
    for (const [topic, subscription] of session.topics)
      if (this.#record.rows(topic)) this.#rowsInto(parts, topic, subscription, fresh)
      // Before the message's end is chosen: its number must come after all that its snapshots hold.
      else if (this.#startsAnew(topic, subscription, session)) this.#record.settle(topic)
    let more = false
    for (;;) {
      const upTo = this.#sizes.endAfter(session.cursor)
      for (const [topic, subscription] of session.topics) {
        if (this.#record.rows(topic)) continue
        const from = Math.max(session.cursor, subscription.from)
        if (subscription.isNew) this.#snapshotInto(parts, topic, subscription, fresh)
        else if (tail.lastOf(topic) > from) {
          const entries = tail.read(topic, from, upTo)
          if (!entries) this.#snapshotInto(parts, topic, subscription, fresh)
          else if (entries.length > 0) parts.push(this.#join(topic, entries))
        }
      }
      more = upTo < tail.last
      session.cursor = upTo
      if (parts.length > 0 || !more) break
    }
    // Behind the others, so that one page that has much to catch up with does not hold up another.
    connection.waiting.delete(session)
    if (more) connection.waiting.add(session)
    if (parts.length === 0) return
    const message = session.nextMessage()
    for (const subscription of fresh) subscription.began(message)
    const route = session.route === null ? '' : `${session.route} `
    const id = `${route}${tail.epoch}-${session.cursor}.${message}`
    connection.stream.write('batch', `[${parts.join(',')}]`, id)
    // Room may be left already, in which case nobody pulls.
    if (more) this.#schedule()
  }

  #rowsInto(parts: string[], topic: string, subscription: Subscription, fresh: Subscription[]): void {
    const rows = this.#record.rows(topic)!
    // What a list that nobody watched is told first is how it stands now.
    if (subscription.isNew && rows.isMarked) this.#record.flushRows()
    const changes = subscription.isNew ? null : rows.since(subscription.from)
    if (changes === null) {
      parts.push(`{"t":"${topic}","s":${rows.whole()}}`)
      fresh.push(subscription)
    } else if (changes !== '') parts.push(`{"t":"${topic}","e":${changes}}`)
    subscription.from = rows.last
  }

  #startsAnew(topic: string, subscription: Subscription, session: Session): boolean {
    const from = Math.max(session.cursor, subscription.from)
    return subscription.isNew || this.#record.tail.read(topic, from, from) === null
  }

  #snapshotInto(parts: string[], topic: string, subscription: Subscription, fresh: Subscription[]): void {
    // It is told once it has been read back.
    if (this.#record.isReading(topic)) return
    parts.push(this.#snapshotOf(topic))
    subscription.from = this.#record.tail.last
    fresh.push(subscription)
  }

  #snapshotOf(topic: string): string {
    try {
      return stringifyExact({ t: topic, s: this.#record.snapshot(topic) })
    } catch (error) {
      report(error)
      return JSON.stringify({ t: topic, s: this.#record.leastSnapshot(topic, ownFault(error)) })
    }
  }

  #join(topic: string, entries: readonly TailEntry[]): string {
    const key = `${entries[0]!.n}+${entries.length}`
    let text = this.#joined.get(key)
    if (text === undefined) {
      text = messageOf(topic, entries)
      this.#joined.set(key, text)
    }
    return text
  }

  readonly #beat = (): void => {
    this.#heartbeat = undefined
    const { problem } = this.#record.keeper
    const notWritten = problem ? { notWritten: problem } : {}
    const data = JSON.stringify({ now: this.#clock.now(), ...notWritten } satisfies Heartbeat)
    // Where there is no room, what waits is the sign of life.
    for (const { stream } of this.#connections)
      isolate(stream, () => {
        if (stream.hasRoom) stream.write('heartbeat', data)
      })
    if (this.#connections.size > 0) this.#heartbeat = this.#clock.setTimeout(this.#beat, HEARTBEAT_MS)
  }
}

function messageOf(topic: string, entries: readonly TailEntry[]): string {
  return `{"t":${JSON.stringify(topic)},"e":[${entries.map((entry) => entry.json).join(',')}]}`
}
