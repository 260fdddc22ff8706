/** Events that were recorded together: one number, and their JSON as every page gets it. */
export interface JournalEntry {
  n: number
  /** ms since epoch. */
  at: number
  /** The events' JSON, separated by commas. */
  json: string
  count: number
}

/**
 * The relay's append-only record of events, by topic, numbered by one counter. Kept in memory here; a durable
 * journal fills the same interface.
 */
export interface Journal {
  /** Changes when the record starts anew; part of every event id. */
  readonly epoch: string
  /** The newest number given out. */
  readonly last: number
  /** All characters of JSON ever appended: how far apart two numbers are. */
  readonly size: number
  /** Takes a number that is no event's: for messages that need an id of their own. */
  next(): number
  append(topic: string, at: number, json: string, count: number): void
  /** The number of the topic's newest entry; 0 when it has none. */
  lastOf(topic: string): number
  /**
   * Entries of a topic after number `after` and up to `upTo`, oldest first; null when some of them were
   * already let go.
   */
  read(topic: string, after: number, upTo: number): readonly JournalEntry[] | null
  drop(topic: string): void
}

export interface JournalLimits {
  eventsPerTopic: number
  /** Characters of JSON. */
  sizePerTopic: number
  ageMs: number
  /** Characters of all topics together; above it, topics keep an eighth of their share, the oldest first. */
  sizeInAll: number
}

const DEFAULT_LIMITS: JournalLimits = {
  eventsPerTopic: 20_000,
  sizePerTopic: 4_000_000,
  ageMs: 10 * 60_000,
  sizeInAll: 128_000_000,
}

/** Appends between two looks at all topics: those that get no events any more let go as well. */
const SWEEP_EVERY = 1_000
/** Stands where an entry was let go, whose JSON is free at once. */
const GONE: JournalEntry = { n: 0, at: 0, json: '', count: 0 }

interface TopicRecord {
  entries: JournalEntry[]
  /** Index of the oldest entry kept; the array is cut when half of it is dead. */
  head: number
  size: number
  events: number
  /** The newest number that was let go. */
  droppedThrough: number
}

export class MemoryJournal implements Journal {
  readonly epoch: string
  readonly #limits: JournalLimits
  readonly #topics = new Map<string, TopicRecord>()
  #last = 0
  #size = 0
  #kept = 0
  #appended = 0
  /** Above so many characters all topics are looked at. */
  #sweepAbove: number

  constructor(epoch: string, limits: Partial<JournalLimits> = {}) {
    this.epoch = epoch
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
    this.#sweepAbove = this.#limits.sizeInAll
  }

  get last(): number {
    return this.#last
  }

  get size(): number {
    return this.#size
  }

  next(): number {
    return ++this.#last
  }

  append(topic: string, at: number, json: string, count: number): void {
    let record = this.#topics.get(topic)
    if (!record) {
      record = { entries: [], head: 0, size: 0, events: 0, droppedThrough: 0 }
      this.#topics.set(topic, record)
    }
    record.entries.push({ n: ++this.#last, at, json, count })
    record.size += json.length
    record.events += count
    this.#size += json.length
    this.#kept += json.length
    if (++this.#appended % SWEEP_EVERY === 0 || this.#kept > this.#sweepAbove) this.#sweep(at)
    else this.#trim(record, at)
  }

  lastOf(topic: string): number {
    return this.#topics.get(topic)?.entries.at(-1)?.n ?? 0
  }

  read(topic: string, after: number, upTo: number): readonly JournalEntry[] | null {
    const record = this.#topics.get(topic)
    if (!record) return []
    if (record.droppedThrough > after) return null
    const { entries, head } = record
    return entries.slice(firstAfter(entries, head, after), firstAfter(entries, head, upTo))
  }

  drop(topic: string): void {
    this.#kept -= this.#topics.get(topic)?.size ?? 0
    this.#topics.delete(topic)
  }

  #sweep(now: number): void {
    for (const record of this.#topics.values()) this.#trim(record, now)
    // Where little could go, the next look waits until it is worth its time.
    const { sizeInAll } = this.#limits
    this.#sweepAbove = Math.max(sizeInAll, this.#kept + sizeInAll / 64)
  }

  #trim(record: TopicRecord, now: number): void {
    const { eventsPerTopic, ageMs, sizeInAll } = this.#limits
    const { entries } = record
    // The newest entry always stays: `lastOf` tells from it whether a page is behind.
    while (record.head < entries.length - 1) {
      const oldest = entries[record.head]!
      const sizePerTopic = this.#limits.sizePerTopic / (this.#kept > sizeInAll ? 8 : 1)
      if (record.events <= eventsPerTopic && record.size <= sizePerTopic && now - oldest.at <= ageMs) break
      record.size -= oldest.json.length
      this.#kept -= oldest.json.length
      record.events -= oldest.count
      record.droppedThrough = oldest.n
      entries[record.head++] = GONE
    }
    if (record.head > 1_000 && record.head * 2 > entries.length) {
      entries.splice(0, record.head)
      record.head = 0
    }
  }
}

/** Index of the first entry with a number above `n`, from index `low` on. */
function firstAfter(entries: readonly JournalEntry[], low: number, n: number): number {
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (entries[middle]!.n <= n) low = middle + 1
    else high = middle
  }
  return low
}
