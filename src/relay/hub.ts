import type { Clock } from '#lib/clock.ts'
import { isolate, report } from '#lib/isolate.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { CollectionEvent } from '#model/collection.ts'
import type { CarriedSession } from '#protocols/weir/api.ts'
import type { DeviceSnapshot, Heartbeat, Hello, TaskSnapshot } from '#protocols/weir/stream.ts'
import {
  isDeviceTopic,
  isListTopic,
  LIST_TOPICS,
  type DeviceTopic,
  type ListTopic,
  type TaskTopic,
} from '#protocols/weir/topics.ts'
import { EventStream } from './event-stream.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { deltaOf, MergedChanges, writtenItems, type ListDelta } from './list-changes.ts'
import { LINGER_MS, Session, type Connection, type Subscription } from './hub-session.ts'
import type { LiveList } from './live-list.ts'
import { MessageSizes } from './message-sizes.ts'
import { ownFault } from './own-fault.ts'

/** Events of one tick travel as one message; a frame is 16.7 ms. */
const TICK_MS = 16
/** Lists change in many places at once: they are flushed at most this often. */
const LIST_TICK_MS = 48
/** Sessions that are told slowly are told so often. */
const SLOW_TICK_MS = 2_000
/** A page says "stalled" after three missing ones. */
const HEARTBEAT_MS = 1_000

type TopicSnapshot = TaskSnapshot | DeviceSnapshot
type Deltas = ReadonlyMap<ListTopic, ListDelta>

export interface HubOptions {
  clock: Clock
  journal: Journal
  version: string
  lists: Record<ListTopic, Pick<LiveList<object>, 'values' | 'flush' | 'flushed'>>
  /**
   * The snapshot of a task's or device's topic as it is now; null when there is no such thing.
   * @param fault the whole could not be told, and why: the least there is with these words
   */
  snapshot(topic: TaskTopic | DeviceTopic, fault?: string): TopicSnapshot | null
  /** Enters in the journal what a snapshot of the topic would hold beyond it. */
  settle?(topic: DeviceTopic): void
}

/**
 * Fans events out to pages. A session is one page and what it watches; a connection carries one session, or
 * those of all tabs of a browser. Pages pull: a session holds no queue of its own, only its place in the
 * journal, so a slow page costs nothing and catches up from the journal or, when that has moved on, from a
 * snapshot. A hidden tab's session is told nothing and still watches.
 */
export class Hub {
  readonly #options: HubOptions
  readonly #sessions = new Map<string, Session>()
  readonly #onWatched = new Set<(topic: string) => void>()
  readonly #connections = new Set<Connection>()
  /** Connections of whole browsers, by their secret names. */
  readonly #carriers = new Map<string, Connection>()
  readonly #dirtyLists = new Set<ListTopic>()
  readonly #sizes: MessageSizes
  #listsFlushedAt = Number.NEGATIVE_INFINITY
  #tick: unknown
  #slowTick: unknown
  #heartbeat: unknown
  /** Changes of lists that go with the next tick, and those that go with the one under way. */
  readonly #listEvents = new Map<ListTopic, CollectionEvent<object>[]>()
  readonly #listDeltas = new Map<ListTopic, ListDelta>()
  /** Changes of lists since the last slow tick. */
  readonly #slowChanges = new Map<ListTopic, MergedChanges>()
  /** Joined JSON of one tick, shared by the sessions that watch the same topic. */
  readonly #joined = new Map<string, string>()

  constructor(options: HubOptions) {
    this.#options = options
    this.#sizes = new MessageSizes(options.journal)
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
    const now = this.#options.clock.monotonic()
    for (const session of this.#sessions.values())
      if (session.topics.has(topic) && session.mayGoOn(now)) return true
    return false
  }

  /** Has every topic told that gains its first watcher. */
  onWatched(listener: (topic: string) => void): void {
    this.#onWatched.add(listener)
  }

  /** Tells that the journal has new events. */
  journalGrew(): void {
    this.#schedule()
  }

  /** Tells that a topic began (or began anew): who watches it starts from its snapshot. */
  topicBegan(topic: string): void {
    for (const session of this.#sessions.values()) {
      const subscription = session.topics.get(topic)
      if (subscription) subscription.snapshotId = 0
    }
    this.#schedule()
  }

  listChanged(topic: ListTopic): void {
    this.#dirtyLists.add(topic)
    this.#schedule()
  }

  /** The event stream of one session; takes over from an earlier connection of the same session. */
  connect(id: string, lastEventId: string | null, topics?: readonly string[]): ReadableStream<Uint8Array> {
    const session = this.#session(id)
    const connection = this.#open(id, false)
    session.retell('live', this.#options.clock.monotonic())
    this.#attach(session, connection, null, lastEventId)
    if (topics) this.setTopics(id, topics)
    else this.#send(session, null)
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
      session.retell(tell, this.#options.clock.monotonic())
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
    this.#send(session, null)
  }

  /** Ends all connections. */
  close(): void {
    const { clock } = this.#options
    clock.clearTimeout(this.#tick)
    clock.clearTimeout(this.#slowTick)
    clock.clearTimeout(this.#heartbeat)
    for (const connection of this.#connections) this.#close(connection)
    for (const session of this.#sessions.values()) clock.clearTimeout(session.linger)
    this.#sessions.clear()
  }

  #session(id: string): Session {
    let session = this.#sessions.get(id)
    if (!session) this.#sessions.set(id, (session = new Session(id, this.#options.journal.last)))
    return session
  }

  #open(name: string, carries: boolean): Connection {
    const connection: Connection = {
      stream: new EventStream(
        () => {
          for (const session of connection.waiting) {
            if (!connection.stream.hasRoom) return
            this.#send(session, null)
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
    const { clock, journal, version } = this.#options
    const hello: Hello = { session: name, epoch: journal.epoch, version, now: clock.now() }
    connection.stream.write('hello', JSON.stringify(hello))
    this.#heartbeat ??= clock.setTimeout(this.#beat, HEARTBEAT_MS)
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
    const { clock, journal } = this.#options
    const old = session.connection
    old?.sessions.delete(session)
    old?.waiting.delete(session)
    clock.clearTimeout(session.linger)
    session.linger = undefined
    session.connection = connection
    connection.sessions.add(session)
    session.route = route
    session.resume(lastEventId, journal)
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
    this.#options.clock.clearTimeout(session.linger)
    session.linger = this.#options.clock.setTimeout(() => this.#sessions.delete(session.id), LINGER_MS)
  }

  #schedule(): void {
    this.#tick ??= this.#options.clock.setTimeout(this.#flush, TICK_MS)
  }

  readonly #flush = (): void => {
    this.#tick = undefined
    const now = this.#options.clock.monotonic()
    this.#sizes.mark()
    const listsDue = now - this.#listsFlushedAt >= LIST_TICK_MS
    if (listsDue && this.#dirtyLists.size > 0) {
      this.#listsFlushedAt = now
      for (const topic of this.#dirtyLists)
        isolate(this.#options.lists[topic], () => {
          this.#flushList(topic)
        })
    }
    let isSomeSlow = false
    for (const { tell, connection } of this.#sessions.values())
      isSomeSlow ||= tell === 'slowly' && !!connection
    for (const [topic, events] of this.#listEvents) {
      this.#listDeltas.set(topic, deltaOf(events))
      if (isSomeSlow) this.#changesOf(topic).add(events)
    }
    // Who comes to be told slowly begins with whole lists: nothing of before may follow them.
    if (!isSomeSlow) this.#slowChanges.clear()
    this.#listEvents.clear()
    for (const session of this.#sessions.values())
      if (session.tell === 'live') this.#send(session, this.#listDeltas)
    this.#listDeltas.clear()
    this.#joined.clear()
    if (isSomeSlow) this.#slowTick ??= this.#options.clock.setTimeout(this.#flushSlowly, SLOW_TICK_MS)
    if (this.#dirtyLists.size > 0 || this.#listEvents.size > 0) this.#schedule()
  }

  readonly #flushSlowly = (): void => {
    this.#slowTick = undefined
    const deltas = new Map<ListTopic, ListDelta>()
    for (const [topic, changes] of this.#slowChanges) {
      const events = changes.take()
      if (events.length > 0) deltas.set(topic, deltaOf(events))
    }
    for (const session of this.#sessions.values()) if (session.tell === 'slowly') this.#send(session, deltas)
    this.#joined.clear()
  }

  #changesOf(topic: ListTopic): MergedChanges {
    let changes = this.#slowChanges.get(topic)
    if (!changes) this.#slowChanges.set(topic, (changes = new MergedChanges()))
    return changes
  }

  #flushList(topic: ListTopic): void {
    this.#dirtyLists.delete(topic)
    const events = this.#options.lists[topic].flush()
    if (events.length > 0) this.#listEvents.set(topic, [...(this.#listEvents.get(topic) ?? []), ...events])
  }

  /**
   * Sends what is new for a session, or remembers that it is behind while the page does not read. Changes of
   * lists go with ticks only. Who was given the items meanwhile gets some changes twice, which ends the same.
   * @param deltas the changes of lists of a tick; null between ticks
   */
  #send(session: Session, deltas: Deltas | null): void {
    isolate(session, () => {
      this.#sendNow(session, deltas)
    })
  }

  #sendNow(session: Session, deltas: Deltas | null): void {
    const { connection } = session
    if (!connection || session.tell === 'no') return
    if (!connection.stream.hasRoom) {
      connection.waiting.add(session)
      if (deltas) session.miss(deltas)
      return
    }
    const { journal } = this.#options
    const parts: string[] = []
    const fresh: Subscription[] = []

    for (const topic of LIST_TOPICS) {
      if (!session.topics.has(topic)) continue
      if (session.staleLists.has(topic)) parts.push(this.#wholeList(topic))
      else {
        const missed = session.missed.get(topic)
        if (missed) parts.push(this.#itemsOf(topic, missed))
        const delta = deltas?.get(topic)
        if (delta) parts.push(`{"t":"${topic}","e":${delta.json}}`)
      }
    }
    session.staleLists.clear()
    session.missed.clear()

    // Before the message's end is chosen: its id must come after all that its snapshots hold.
    for (const [topic, subscription] of session.topics)
      if (isDeviceTopic(topic) && this.#startsAnew(topic, subscription, session))
        this.#options.settle?.(topic)
    let id = 0
    let more = false
    for (;;) {
      const upTo = this.#sizes.endAfter(session.cursor)
      for (const [topic, subscription] of session.topics) {
        if (isListTopic(topic)) continue
        const from = Math.max(session.cursor, subscription.from)
        if (subscription.snapshotId === 0) fresh.push(this.#snapshotInto(parts, topic, subscription))
        else if (journal.lastOf(topic) > from) {
          const entries = journal.read(topic, from, upTo)
          if (!entries) fresh.push(this.#snapshotInto(parts, topic, subscription))
          else if (entries.length > 0) parts.push(this.#join(topic, entries))
        }
      }
      more = upTo < journal.last
      // An id of its own, unless it must say where the message was cut.
      id = more ? upTo : journal.next()
      session.cursor = id
      if (parts.length > 0 || !more) break
    }
    // Behind the others, so that one page that has much to catch up with does not hold up another.
    connection.waiting.delete(session)
    if (more) connection.waiting.add(session)
    if (parts.length === 0) return
    for (const subscription of fresh) subscription.snapshotId = id
    const eventId = `${session.route === null ? '' : `${session.route} `}${journal.epoch}-${id}`
    connection.stream.write('batch', `[${parts.join(',')}]`, eventId)
    // Room may be left already, in which case nobody pulls.
    if (more) this.#schedule()
  }

  #startsAnew(topic: string, subscription: Subscription, session: Session): boolean {
    const from = Math.max(session.cursor, subscription.from)
    return subscription.snapshotId === 0 || this.#options.journal.read(topic, from, from) === null
  }

  #wholeList(topic: ListTopic): string {
    // What changes and changes back before the next flush is in no patch: it must not be in here either.
    this.#flushList(topic)
    return `{"t":"${topic}","s":${writtenItems(this.#options.lists[topic].values())}}`
  }

  #itemsOf(topic: ListTopic, keys: ReadonlySet<string>): string {
    const events = Array.from(keys, (key): CollectionEvent<object> => {
      const item = this.#options.lists[topic].flushed(key)
      return item ? { k: 'put', key, item } : { k: 'drop', key }
    })
    return `{"t":"${topic}","e":${writtenItems(events)}}`
  }

  #snapshotInto(parts: string[], topic: string, subscription: Subscription): Subscription {
    parts.push(this.#snapshotOf(topic as TaskTopic | DeviceTopic))
    subscription.from = this.#options.journal.last
    return subscription
  }

  #snapshotOf(topic: TaskTopic | DeviceTopic): string {
    const { snapshot } = this.#options
    try {
      return stringifyExact({ t: topic, s: snapshot(topic) })
    } catch (error) {
      report(error)
      return JSON.stringify({ t: topic, s: snapshot(topic, ownFault(error)) })
    }
  }

  #join(topic: string, entries: readonly JournalEntry[]): string {
    const key = `${entries[0]!.n}+${entries.length}`
    let text = this.#joined.get(key)
    if (text === undefined) {
      text = messageOf(topic, entries)
      this.#joined.set(key, text)
    }
    return text
  }

  readonly #beat = (): void => {
    const { clock } = this.#options
    this.#heartbeat = undefined
    const data = JSON.stringify({ now: clock.now() } satisfies Heartbeat)
    // Where there is no room, what waits is the sign of life.
    for (const { stream } of this.#connections)
      isolate(stream, () => {
        if (stream.hasRoom) stream.write('heartbeat', data)
      })
    if (this.#connections.size > 0) this.#heartbeat = clock.setTimeout(this.#beat, HEARTBEAT_MS)
  }
}

function messageOf(topic: string, entries: readonly JournalEntry[]): string {
  return `{"t":${JSON.stringify(topic)},"e":[${entries.map((entry) => entry.json).join(',')}]}`
}
