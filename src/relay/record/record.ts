import type { Clock } from '#lib/clock.ts'
import { inBackground, isolate } from '#lib/isolate.ts'
import { LogBuffer, OPEN_LINES, type LogColumns } from '#model/log-buffer.ts'
import { Samples } from '#model/samples.ts'
import type { LineSink } from '#model/reduce-task.ts'
import { addressOf, readAddress } from '#topics/address.ts'
import type { AnyKind, Bulk, TopicKey } from '#topics/kind.ts'
import { NO_LOG, type Log } from '../log.ts'
import { KindTable, type Topic } from './kind-table.ts'
import { Keeper } from './keeper.ts'
import { CACHE_LIMITS, DEFAULT_LIMITS, type RecordLimits } from './limits.ts'
import { newestEnded, stateOf, unfinishedRows } from './read-back.ts'
import type { LiveRows } from './rows.ts'
import { entering, type Entered } from './entering.ts'
import type { Evicted, Store, StoredTopic } from './store.ts'
import { Tail } from './tail.ts'
import type { Watchers } from './watchers.ts'

export interface RecordOptions {
  clock: Clock
  /** A fresh name, for a record that does not last. */
  epoch: string
  kinds: readonly AnyKind[]
  store?: Store | null
  limits?: Partial<RecordLimits>
  log?: Log
}

/** A kind as far as its states and events matter. */
type KindOf<State, Event> = Pick<AnyKind, 'name'> & {
  reduce(state: State, events: readonly Event[], line: LineSink): State
}

/** Who is told at once of what happens in the record. */
export interface RecordObserver {
  /** A topic began, or what is known of it was replaced: who watches it starts from its snapshot. */
  topicBegan?(address: string): void
  /** There is something to tell to pages. */
  grew?(): void
  /** Pages are about to be told: what waits to be told is to be entered. */
  telling?(): void
  /** A snapshot of the topic is about to be made: what waits to be told of it is to be entered. */
  settling?(topic: Topic): void
  /** Events of a topic were entered. Must not throw. */
  entered?(topic: Topic, before: unknown): void
  /** A topic left the memory. @param isKept it lasts elsewhere */
  forgot?(topic: Topic, isKept: boolean): void
}

/**
 * The record: everything that Weir knows of tasks, devices and all else that has a history, by topic. Everything
 * enters as events: encoded first, then folded into the topic's state, told to pages from the tail, and kept by
 * the store. What cannot be written or folded changes nothing but that it is said.
 */
export class TopicRecord {
  readonly tail: Tail
  readonly keeper: Keeper
  readonly clock: Clock
  readonly #tables = new Map<string, KindTable>()
  readonly #byAddress = new Map<string, Topic>()
  readonly #observers = new Set<RecordObserver>()
  readonly #reading = new Map<string, Promise<Topic | null>>()
  /** Topics the newest lines of which are being read. */
  readonly #tails = new Map<Topic, Promise<void>>()
  readonly limits: RecordLimits
  #watchers: Watchers = { wants: () => true }

  constructor({ clock, epoch, kinds, store = null, limits = {}, log = NO_LOG }: RecordOptions) {
    this.clock = clock
    this.limits = { ...(store ? CACHE_LIMITS : DEFAULT_LIMITS), ...limits }
    this.tail = new Tail(epoch, this.limits.tail)
    for (const kind of kinds) this.#tables.set(kind.name, new KindTable(kind))
    this.keeper = new Keeper(clock, store, this.tail, log)
  }

  observe(observer: RecordObserver): void {
    this.#observers.add(observer)
  }

  /** Who watches decides what is kept for telling; without, all is. */
  watchedBy(watchers: Watchers): void {
    this.#watchers = watchers
  }

  /**
   * Enters events of a topic, in order; one that is not known yet begins with them.
   * @param told whether pages are told of them; those who watch the topic are, unless it is said
   * @returns its state after them
   */
  append<State, Event>(
    kind: KindOf<State, Event>,
    key: TopicKey,
    events: readonly Event[],
    told?: boolean,
  ): State {
    const table = this.table(kind.name)
    const known = table.get(key.source, key.id)
    const now = this.clock.now()
    const isThere = known ? known.isTailRead : !table.isKept(key.source, key.id)
    if (!isThere) return this.#hold(table, key, events, now) as State
    const before = known ? known.state : table.kind.empty(key, now)
    const entered = entering(table.kind, before, events, now)
    const topic = known ?? this.#begin(table, key, before)
    this.#enter(topic, entered, now, told ?? this.#watchers.wants(topic.address))
    return topic.state as State
  }

  /** The state of a topic; undefined where there is none in memory (`knows` tells whether there is one at all). */
  get<State>(kind: KindOf<State, never>, source: string, id: string): State | undefined {
    return this.table(kind.name).get(source, id)?.state as State | undefined
  }

  topic(kind: AnyKind, source: string, id: string): Topic | undefined {
    return this.table(kind.name).get(source, id)
  }

  topicAt(address: string): Topic | undefined {
    return this.#byAddress.get(address)
  }

  /** The topics of a kind that are in memory. */
  all(kind: AnyKind): readonly Topic[] {
    return this.table(kind.name).all()
  }

  /** The rows of a kind as lists show them; undefined where no kind has this name. */
  rows(name: string): LiveRows<object> | undefined {
    return this.#tables.get(name)?.rows
  }

  table(name: string): KindTable {
    return this.#tables.get(name)!
  }

  tables(): Iterable<KindTable> {
    return this.#tables.values()
  }

  /** Takes the marked rows of the lists that somebody watches in, under one number. @returns whether any had changed */
  flushRows(): boolean {
    let n = 0
    for (const { kind, rows } of this.#tables.values())
      if (rows.isMarked && this.#watchers.wants(kind.name))
        isolate(rows, () => {
          rows.flush((n ||= this.tail.number()))
        })
    return n > 0
  }

  /** True while rows have changed of which those who watch their list were not told. */
  get hasMarkedRows(): boolean {
    for (const { kind, rows } of this.#tables.values())
      if (rows.isMarked && this.#watchers.wants(kind.name)) return true
    return false
  }

  /** True where there is such a topic, in memory or only where the record lasts. */
  knows(kind: AnyKind, source: string, id: string): boolean {
    const table = this.table(kind.name)
    return table.get(source, id) !== undefined || table.isKept(source, id)
  }

  /**
   * Begins with what was kept: topics that have not ended, and those of each kind that ended last. The others are read
   * back when somebody asks for them.
   * @param sources by name; what was kept of others stays where it is
   * @throws StoreError
   */
  async open(sources: readonly string[]): Promise<void> {
    const { store } = this.keeper
    if (!store) return
    const { epoch, boot, last, aliveAt } = await store.open()
    this.tail.begin(`${epoch}-${boot}`, last)
    for (const table of this.#tables.values())
      if (table.kind.lasts) await this.#readTable(store, table, sources)
    if (aliveAt !== null) this.#resume(aliveAt)
    this.keeper.begin()
  }

  /** Brings a topic into memory. Null when there is none. Rejects with a StoreError when it cannot be read. */
  load(kind: AnyKind, source: string, id: string): Promise<Topic | null> {
    const table = this.table(kind.name)
    const topic = table.get(source, id)
    if (topic) return Promise.resolve(topic)
    if (!table.isKept(source, id)) return Promise.resolve(null)
    const address = addressOf(kind.name, source, id)
    let reading = this.#reading.get(address)
    if (!reading) {
      reading = this.#read(table, address, false).finally(() => this.#reading.delete(address))
      this.#reading.set(address, reading)
    }
    return reading
  }

  /**
   * True while a topic is being read back, which begins with the question: who watches it is told once it is there.
   */
  isReading(address: string): boolean {
    const topic = this.#byAddress.get(address)
    if (topic) {
      if (!topic.isTailRead) inBackground(this.#readTail(topic))
      return !topic.isTailRead
    }
    const key = readAddress(address)
    const table = key && this.#tables.get(key.kind)
    if (!table?.isKept(key!.source, key!.id)) return false
    inBackground(this.load(table.kind, key!.source, key!.id))
    return true
  }

  /** Keeps a text with a topic, in place of one of that name: a result, the inputs of a batch. */
  keepText(kind: AnyKind, source: string, id: string, name: string, text: string): void {
    const topic = this.topic(kind, source, id)
    if (topic) this.keeper.text(topic, name, text)
  }

  /** A text that was kept with a topic; null when there is none. Rejects with a StoreError. */
  async text(kind: AnyKind, source: string, id: string, name: string): Promise<string | null> {
    const { store } = this.keeper
    if (!store) return null
    await this.keeper.settled()
    return store.text(addressOf(kind.name, source, id), name)
  }

  /** True where more is kept than is in memory. */
  get lasts(): boolean {
    return this.keeper.store !== null
  }

  /** Lets go of the lines of a log in memory that are kept elsewhere; it may go on meanwhile. */
  unloadLines(topic: Topic): void {
    const lines = topic.bulk.lines!
    lines.unload(Math.min(lines.openFirst, this.keeper.firstUnwritten(topic)))
  }

  /** Lets go of a topic in memory that is kept elsewhere. False where it must stay. */
  unload(topic: Topic): boolean {
    if (!this.keeper.store || !topic.kind.lasts || this.keeper.isPending(topic)) return false
    this.#forget(topic)
    topic.table.kept(topic.key.source, topic.key.id)
    for (const observer of this.#observers) isolate(observer, () => observer.forgot?.(topic, true))
    return true
  }

  /** What a page that begins to watch a topic is given; null when there is no such topic. */
  snapshot(address: string): unknown {
    const topic = this.#byAddress.get(address)
    return topic ? topic.kind.snapshot(topic.state, topic.bulk) : null
  }

  /** The least of it, where the whole cannot be told, with the words why. */
  leastSnapshot(address: string, words: string): unknown {
    const topic = this.#byAddress.get(address)
    return topic ? topic.kind.leastSnapshot(topic.state, topic.bulk, words) : null
  }

  /** The front of a topic's log was let go: its state and row say so. */
  placed(topic: Topic): void {
    topic.state = { ...(topic.state as object) }
    topic.kind.place!(topic.state, topic.bulk.lines!)
    topic.table.rows.mark(topic.rowKey)
    this.grew()
  }

  /** Something is kept no longer where the record lasts. */
  evicted({ address, what }: Evicted): void {
    const topic = this.#byAddress.get(address)
    if (what === 'topic') {
      const key = readAddress(address)
      if (key) this.#tables.get(key.kind)?.lost(key.source, key.id)
      if (!topic) return
      this.#forget(topic)
      for (const observer of this.#observers) isolate(observer, () => observer.forgot?.(topic, false))
    } else if (what === 'lines' && topic?.bulk.lines) {
      topic.bulk.lines.dropBefore(topic.bulk.lines.openFirst)
      this.placed(topic)
    }
  }

  /** Forgets a topic for good, with all that was kept of it. */
  remove(topic: Topic): void {
    this.#forget(topic)
    this.keeper.removed(topic)
    for (const observer of this.#observers) isolate(observer, () => observer.forgot?.(topic, false))
  }

  /** Resolves once all that was entered so far is on disk; rejects when it cannot be. */
  committed(): Promise<void> {
    return this.keeper.committed()
  }

  /** Pages are about to be told of all topics. */
  telling(): void {
    for (const observer of this.#observers) isolate(observer, () => observer.telling?.())
  }

  grew(): void {
    for (const observer of this.#observers) isolate(observer, () => observer.grew?.())
  }

  /** Brings what is kept to its end. */
  close(): Promise<void> {
    return this.keeper.close()
  }

  /** Makes a topic known of which there is no event yet. */
  begin(kind: AnyKind, key: TopicKey): Topic {
    const table = this.table(kind.name)
    return this.#begin(table, key, table.kind.empty(key, this.clock.now()))
  }

  /** What waits to be told of a topic is entered now: a snapshot is about to be made. */
  settle(address: string): void {
    const topic = this.#byAddress.get(address)
    if (topic) for (const observer of this.#observers) isolate(observer, () => observer.settling?.(topic))
  }

  /** Lets go of what is known of a topic, not of the topic itself. */
  clear(topic: Topic): void {
    topic.state = topic.kind.cleared!(topic.state)
    topic.bulk = this.#bulkOf(topic.kind)
    this.tail.drop(topic.address)
  }

  /** A topic comes into being, or back into memory. */
  adopt(table: KindTable, key: TopicKey, state: unknown, isListed = true): Topic {
    const address = addressOf(table.kind.name, key.source, key.id)
    const topic = table.add(key, state, address, this.#bulkOf(table.kind))
    this.#byAddress.set(topic.address, topic)
    topic.isListed = isListed
    if (isListed) table.rows.mark(topic.rowKey)
    return topic
  }

  /** Of a topic that has to be read back first: entered then. @returns what the events come to by themselves */
  #hold(table: KindTable, key: TopicKey, events: readonly unknown[], now: number): unknown {
    const { kind } = table
    inBackground(
      this.load(kind, key.source, key.id).then(async (topic) => {
        if (!topic) table.lost(key.source, key.id)
        else if (!topic.isTailRead) await this.#readTail(topic)
        this.append(kind, key, events)
      }),
    )
    const known = table.get(key.source, key.id)
    return entering(kind, known ? known.state : kind.empty(key, now), events, now).state
  }

  async #readTable(store: Store, table: KindTable, sources: readonly string[]): Promise<void> {
    const { kind } = table
    for (const address of await store.addresses(kind.name)) {
      const key = readAddress(address)
      if (key && sources.includes(key.source)) table.kept(key.source, key.id)
    }
    const rows = await unfinishedRows(store, kind.name, sources)
    // What a kind keeps of things in no list is read when somebody asks.
    const ended = kind.unlisted ? [] : await newestEnded(store, kind.name, sources, this.limits.ended)
    // Oldest first: lists have the order of their first appearance.
    if (kind.isRow)
      for (const { source, id, json } of [...rows, ...ended].toReversed())
        this.adopt(table, { source, id }, kind.restored(JSON.parse(json), null))
    else {
      const addresses = ended.toReversed().map(({ address }) => address)
      for (let from = 0; from < addresses.length; from += AT_ONCE)
        for (const stored of await store.topics(addresses.slice(from, from + AT_ONCE)))
          await this.#take(table, stored, true)
      for (const { address } of rows.toReversed()) await this.#read(table, address, true)
    }
  }

  /** @param isListed it stands in the live list, though it has ended */
  async #read(table: KindTable, address: string, isListed: boolean): Promise<Topic | null> {
    const stored = await this.keeper.store!.topic(address)
    return stored && this.#take(table, stored, isListed)
  }

  async #take(table: KindTable, stored: StoredTopic, isListed: boolean): Promise<Topic> {
    const { kind } = table
    const { row, log } = stored
    const state = stateOf(kind, stored)
    const known = table.get(row.source, row.id)
    if (known) return known
    const topic = this.adopt(table, { source: row.source, id: row.id }, state, isListed || row.ended === null)
    topic.n = this.tail.last
    if (log && topic.bulk.lines) {
      topic.bulk.lines.reset(log.total, log.first)
      topic.isTailRead = log.tail !== null
      if (log.tail) fill(topic.bulk.lines, log.tail)
      kind.place!(topic.state, topic.bulk.lines)
    }
    if (topic.bulk.samples) await this.#readNewest(topic, topic.bulk.samples)
    for (const observer of this.#observers) isolate(observer, () => observer.topicBegan?.(topic.address))
    return topic
  }

  /** The newest lines are told with every snapshot: they are to be in memory. */
  #readTail(topic: Topic): Promise<void> {
    let reading = this.#tails.get(topic)
    if (!reading) this.#tails.set(topic, (reading = this.#tailOf(topic)))
    return reading
  }

  async #tailOf(topic: Topic): Promise<void> {
    const { address, bulk } = topic
    const { first, total } = bulk.lines!
    const from = Math.max(first, total - OPEN_LINES)
    try {
      fill(bulk.lines!, await this.keeper.store!.lines(address, from, total, OPEN_LINES, Infinity))
    } finally {
      // Where they cannot be read, who wants them is told that by the log itself.
      topic.isTailRead = true
      this.#tails.delete(topic)
      for (const observer of this.#observers) isolate(observer, () => observer.topicBegan?.(address))
    }
  }

  /** The newest samples are told with every snapshot: they are to be in memory. */
  async #readNewest({ address, kind, state }: Topic, samples: Samples): Promise<void> {
    const to = kind.newestSample!(state) as number | null
    if (to === null) return
    const range = { from: to - NEWEST.ms, to, points: NEWEST.points, channels: [] }
    const { series, states } = await this.keeper.store!.samples(address, range)
    samples.goOnFrom(series, states)
  }

  /** What has not ended goes on: what became untrue meanwhile is said. */
  #resume(awayFrom: number): void {
    const now = this.clock.now()
    for (const { kind } of this.#tables.values())
      for (const topic of this.all(kind)) {
        const events = kind.resumed?.(topic.state, awayFrom, now) ?? []
        if (events.length > 0) this.append(kind, topic.key, events as unknown[])
      }
  }

  #bulkOf({ bulk: { lines, samples } }: AnyKind): Bulk {
    const { linesPerTopic: maxLines, logPerTopic: maxBytes } = this.limits
    return {
      lines: lines ? new LogBuffer({ maxLines, maxBytes }) : null,
      samples: samples ? new Samples() : null,
    }
  }

  #begin(table: KindTable, key: TopicKey, state: unknown): Topic {
    const topic = this.adopt(table, key, state)
    for (const observer of this.#observers) isolate(observer, () => observer.topicBegan?.(topic.address))
    return topic
  }

  #enter(topic: Topic, { state, lines, json, count, events }: Entered, now: number, told: boolean): void {
    const { kind, bulk, address } = topic
    const log = bulk.lines
    const before = topic.state
    topic.state = state
    if (log) {
      for (const { at, kind: lineKind, text } of lines) log.append(at, lineKind, text)
      kind.place!(topic.state, log)
    }
    // A burst is one entry: what costs per event is its JSON, not its bookkeeping.
    if (count > 0) {
      topic.n = told ? this.tail.append(address, json) : this.tail.number()
      this.keeper.entered(topic, events, json, now)
    }
    // One that was read back for somebody is listed again once it goes on.
    topic.isListed ||= isUnfinished(topic)
    if (topic.table.rows.mark(topic.rowKey) || told) this.grew()
    for (const observer of this.#observers) observer.entered?.(topic, before)
  }

  #forget(topic: Topic): void {
    topic.table.remove(topic)
    this.#byAddress.delete(topic.address)
    this.tail.drop(topic.address)
    topic.table.rows.mark(topic.rowKey)
    this.grew()
  }
}

/** Topics that are read at once: each may be large. */
const AT_ONCE = 50
/** How much of its samples is read back with a topic. */
const NEWEST = { ms: 60_000, points: 1_500 }

function fill(lines: LogBuffer, { first, at, kinds, texts }: LogColumns): void {
  lines.fill(first, at, kinds, texts)
}

function isUnfinished({ kind, state }: Topic): boolean {
  const row = kind.row(state) as object | null
  return row !== null && kind.columns(row).ended === null
}
