import type { Clock } from '#lib/clock.ts'
import type { CollectionEvent } from '#model/collection.ts'
import type { DeviceSnapshot, Heartbeat, Hello, TaskSnapshot } from '#protocols/weir/stream.ts'
import {
  isDeviceTopic,
  isListTopic,
  LIST_TOPICS,
  type DeviceTopic,
  type ListTopic,
  type TaskTopic,
} from '#protocols/weir/topics.ts'
import type { Journal, JournalEntry } from './journal.ts'
import type { LiveList } from './live-list.ts'

/** Events of one tick travel as one message; a frame is 16.7 ms. */
const TICK_MS = 16
/** Lists change in many places at once: they are flushed at most this often. */
const LIST_TICK_MS = 48
const HEARTBEAT_MS = 5_000
/** A session outlives its connection by this, so that a reconnect finds its topics. */
const LINGER_MS = 60_000
/** One message carries about this many characters of events at most; a page that is behind gets several. */
const MESSAGE_SIZE = 1_000_000
/** Bytes that may wait in a connection before the hub waits for the page. */
const HIGH_WATER = 512 * 1024
/** Ticks remembered: ten minutes of them. */
const MARKS = 40_000

type TopicSnapshot = TaskSnapshot | DeviceSnapshot

export interface HubOptions {
  clock: Clock
  journal: Journal
  version: string
  lists: Record<ListTopic, Pick<LiveList<object>, 'values' | 'flush' | 'flushed'>>
  /** The snapshot of a task's or device's topic as it is now; null when there is no such thing. */
  snapshot(topic: TaskTopic | DeviceTopic): TopicSnapshot | null
  /** Enters in the journal what a snapshot of the topic would hold beyond it. */
  settle?(topic: DeviceTopic): void
}

interface Subscription {
  /** Events up to this number are in what was sent, or in the snapshot. */
  from: number
  /** Id of the message that carried the snapshot; 0 while it is still to be sent. */
  snapshotId: number
}

interface Session {
  id: string
  topics: Map<string, Subscription>
  controller: ReadableStreamDefaultController<Uint8Array> | null
  /** All events up to this number were sent (or are of no interest). */
  cursor: number
  /** Lists to be sent whole with the next message. */
  staleLists: Set<string>
  /** Per list, the keys that changed while the page did not read: their items go with the next message. */
  missed: Map<ListTopic, Set<string>>
  behind: boolean
  linger: unknown
}

const encoder = new TextEncoder()

/**
 * Fans events out to pages. A session is one page's connection and what it watches. Pages pull: a session
 * holds no queue of its own, only its place in the journal, so a slow page costs nothing and catches up from
 * the journal or, when that has moved on, from a snapshot.
 */
export class Hub {
  readonly #options: HubOptions
  readonly #sessions = new Map<string, Session>()
  readonly #dirtyLists = new Set<ListTopic>()
  /** How much had been appended when: cuts what a page is behind into messages. */
  readonly #marks: { n: number; size: number }[] = []
  #listsFlushedAt = Number.NEGATIVE_INFINITY
  #tick: unknown
  #heartbeat: unknown
  /** Changes of lists that go with the next tick, and those that go with the one under way. */
  readonly #listEvents = new Map<ListTopic, CollectionEvent<object>[]>()
  readonly #listDeltas = new Map<ListTopic, { json: string; keys: string[] }>()
  /** Joined JSON of one tick, shared by the sessions that watch the same topic. */
  #joined = new Map<string, string>()

  constructor(options: HubOptions) {
    this.#options = options
  }

  get sessionCount(): number {
    return this.#sessions.size
  }

  /** Pages that watch the topic. */
  watchersOf(topic: string): number {
    let watchers = 0
    for (const session of this.#sessions.values())
      if (session.controller && session.topics.has(topic)) watchers += 1
    return watchers
  }

  /** True while some page watches the topic, or may come back to go on with it. */
  wants(topic: string): boolean {
    for (const session of this.#sessions.values()) if (session.topics.has(topic)) return true
    return false
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

  /** The event stream of a session; takes over from an earlier connection of the same session. */
  connect(id: string, lastEventId: string | null, topics?: readonly string[]): ReadableStream<Uint8Array> {
    const session = this.#session(id)
    this.#disconnect(session)
    this.#resume(session, lastEventId)
    // A body that was taken over from may be pulled or cancelled late: it speaks for itself only.
    let own: ReadableStreamDefaultController<Uint8Array> | undefined
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller
          session.controller = controller
          const { clock, journal, version } = this.#options
          this.#write(session, null, 'hello', {
            session: id,
            epoch: journal.epoch,
            version,
            now: clock.now(),
          } satisfies Hello)
          if (topics) this.setTopics(id, topics)
          else this.#send(session)
        },
        pull: () => {
          if (session.controller === own && session.behind) this.#send(session)
        },
        cancel: () => {
          if (session.controller === own) this.#leave(session)
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER }),
    )
    this.#heartbeat ??= this.#options.clock.setTimeout(this.#beat, HEARTBEAT_MS)
    return stream
  }

  /** Sets what a session watches; topics it watched before go on without a break. */
  setTopics(id: string, topics: readonly string[]): void {
    const session = this.#session(id)
    const wanted = new Set(topics)
    for (const topic of session.topics.keys())
      if (!wanted.has(topic)) {
        session.topics.delete(topic)
        session.staleLists.delete(topic)
        session.missed.delete(topic as ListTopic)
      }
    for (const topic of wanted)
      if (!session.topics.has(topic)) {
        session.topics.set(topic, { from: 0, snapshotId: 0 })
        if (isListTopic(topic)) session.staleLists.add(topic)
      }
    if (!session.controller && session.linger === undefined) this.#leave(session)
    this.#send(session)
  }

  /** Ends all connections. */
  close(): void {
    const { clock } = this.#options
    clock.clearTimeout(this.#tick)
    clock.clearTimeout(this.#heartbeat)
    for (const session of this.#sessions.values()) {
      this.#disconnect(session)
      clock.clearTimeout(session.linger)
    }
    this.#sessions.clear()
  }

  #session(id: string): Session {
    let session = this.#sessions.get(id)
    if (!session) {
      session = {
        id,
        topics: new Map(),
        controller: null,
        cursor: this.#options.journal.last,
        staleLists: new Set(),
        missed: new Map(),
        behind: false,
        linger: undefined,
      }
      this.#sessions.set(id, session)
    }
    return session
  }

  /** Goes back to what the page has seen; what it may have missed of a snapshot is sent again. */
  #resume(session: Session, lastEventId: string | null): void {
    this.#options.clock.clearTimeout(session.linger)
    session.linger = undefined
    session.missed.clear()
    const { journal } = this.#options
    const [epoch, number] = lastEventId?.split('-') ?? []
    const seen = epoch === journal.epoch && number !== undefined ? Number(number) : Number.NaN
    for (const [topic, subscription] of session.topics) {
      if (isListTopic(topic)) session.staleLists.add(topic)
      else if (Number.isNaN(seen) || seen > journal.last || subscription.snapshotId > seen)
        subscription.snapshotId = 0
    }
    if (!Number.isNaN(seen) && seen < session.cursor) session.cursor = seen
  }

  #disconnect(session: Session): void {
    const { controller } = session
    session.controller = null
    try {
      controller?.close()
    } catch {
      // Cancelled by its reader already.
    }
  }

  #leave(session: Session): void {
    session.controller = null
    this.#options.clock.clearTimeout(session.linger)
    session.linger = this.#options.clock.setTimeout(() => this.#sessions.delete(session.id), LINGER_MS)
  }

  #schedule(): void {
    this.#tick ??= this.#options.clock.setTimeout(this.#flush, TICK_MS)
  }

  readonly #flush = (): void => {
    this.#tick = undefined
    const { clock, journal } = this.#options
    const now = clock.monotonic()
    this.#marks.push({ n: journal.last, size: journal.size })
    if (this.#marks.length > MARKS * 2) this.#marks.splice(0, MARKS)
    const listsDue = now - this.#listsFlushedAt >= LIST_TICK_MS
    if (listsDue && this.#dirtyLists.size > 0) {
      this.#listsFlushedAt = now
      for (const topic of this.#dirtyLists) this.#flushList(topic)
    }
    for (const [topic, events] of this.#listEvents)
      this.#listDeltas.set(topic, { json: JSON.stringify(events), keys: events.map(({ key }) => key) })
    this.#listEvents.clear()
    for (const session of this.#sessions.values()) this.#send(session, true)
    this.#listDeltas.clear()
    this.#joined.clear()
    if (this.#dirtyLists.size > 0 || this.#listEvents.size > 0) this.#schedule()
  }

  #flushList(topic: ListTopic): void {
    this.#dirtyLists.delete(topic)
    const events = this.#options.lists[topic].flush()
    if (events.length > 0) this.#listEvents.set(topic, [...(this.#listEvents.get(topic) ?? []), ...events])
  }

  /**
   * Sends what is new for a session, or remembers that it is behind while the page does not read. Changes of
   * lists go with ticks only. Who was given the items meanwhile gets some changes twice, which ends the same.
   */
  #send(session: Session, isTick = false): void {
    const { controller } = session
    if (!controller) return
    if ((controller.desiredSize ?? 0) <= 0) {
      session.behind = true
      if (isTick) this.#missLists(session)
      return
    }
    session.behind = false
    const { journal } = this.#options
    const parts: string[] = []
    const fresh: Subscription[] = []

    for (const topic of LIST_TOPICS) {
      if (!session.topics.has(topic)) continue
      if (session.staleLists.has(topic)) parts.push(this.#wholeList(topic))
      else {
        const missed = session.missed.get(topic)
        if (missed) parts.push(this.#itemsOf(topic, missed))
        const delta = isTick ? this.#listDeltas.get(topic) : undefined
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
    for (;;) {
      const upTo = this.#messageEnd(session.cursor)
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
      const more = upTo < journal.last
      // An id of its own, unless it must say where the message was cut.
      id = more ? upTo : journal.next()
      session.cursor = id
      session.behind = more
      if (parts.length > 0 || !more) break
    }
    if (parts.length === 0) return
    for (const subscription of fresh) subscription.snapshotId = id
    this.#writeText(session, `id: ${journal.epoch}-${id}\nevent: batch\ndata: [${parts.join(',')}]\n\n`)
    // Room may be left already, in which case nobody pulls.
    if (session.behind) this.#schedule()
  }

  #startsAnew(topic: string, subscription: Subscription, session: Session): boolean {
    const from = Math.max(session.cursor, subscription.from)
    return subscription.snapshotId === 0 || this.#options.journal.read(topic, from, from) === null
  }

  #missLists(session: Session): void {
    for (const [topic, { keys }] of this.#listDeltas) {
      if (!session.topics.has(topic) || session.staleLists.has(topic)) continue
      const missed = session.missed.get(topic)
      if (!missed) session.missed.set(topic, new Set(keys))
      else for (const key of keys) missed.add(key)
    }
  }

  #wholeList(topic: ListTopic): string {
    // What changes and changes back before the next flush is in no patch: it must not be in here either.
    this.#flushList(topic)
    return `{"t":"${topic}","s":${JSON.stringify(this.#options.lists[topic].values())}}`
  }

  #itemsOf(topic: ListTopic, keys: ReadonlySet<string>): string {
    const events = Array.from(keys, (key): CollectionEvent<object> => {
      const item = this.#options.lists[topic].flushed(key)
      return item ? { k: 'put', key, item } : { k: 'drop', key }
    })
    return `{"t":"${topic}","e":${JSON.stringify(events)}}`
  }

  /** Up to which number the next message goes for a session at `cursor`: about MESSAGE_SIZE on. */
  #messageEnd(cursor: number): number {
    const { journal } = this.#options
    const marks = this.#marks
    let low = 0
    let high = marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (marks[middle]!.n <= cursor) low = middle + 1
      else high = middle
    }
    const start = marks[low - 1]?.size ?? marks[low]?.size ?? journal.size
    if (journal.size - start <= MESSAGE_SIZE) return journal.last
    let end = low
    while (end < marks.length - 1 && marks[end]!.size - start < MESSAGE_SIZE) end += 1
    return marks[end]?.n ?? journal.last
  }

  #snapshotInto(parts: string[], topic: string, subscription: Subscription): Subscription {
    parts.push(JSON.stringify({ t: topic, s: this.#options.snapshot(topic as TaskTopic | DeviceTopic) }))
    subscription.from = this.#options.journal.last
    return subscription
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
    this.#heartbeat = undefined
    let connected = false
    for (const session of this.#sessions.values()) {
      if (!session.controller) continue
      connected = true
      if ((session.controller.desiredSize ?? 0) > 0)
        this.#write(session, null, 'heartbeat', { now: this.#options.clock.now() } satisfies Heartbeat)
    }
    if (connected) this.#heartbeat = this.#options.clock.setTimeout(this.#beat, HEARTBEAT_MS)
  }

  #write(session: Session, id: string | null, event: string, data: object): void {
    this.#writeText(session, `${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }

  #writeText(session: Session, text: string): void {
    try {
      session.controller?.enqueue(encoder.encode(text))
    } catch {
      this.#leave(session)
    }
  }
}

function messageOf(topic: string, entries: readonly JournalEntry[]): string {
  return `{"t":${JSON.stringify(topic)},"e":[${entries.map((entry) => entry.json).join(',')}]}`
}
