/** One recorded event: its number, and its JSON as every page gets it. */
export interface JournalEntry {
  n: number
  /** ms since epoch. */
  at: number
  json: string
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
  /** Takes a number that is no event's: for messages that need an id of their own. */
  next(): number
  append(topic: string, at: number, json: string): JournalEntry
  /** The number of the topic's newest event; 0 when it has none. */
  lastOf(topic: string): number
  /** Events of a topic after number `after`, oldest first; null when some of them were already let go. */
  read(topic: string, after: number): readonly JournalEntry[] | null
  drop(topic: string): void
}

export interface JournalLimits {
  entriesPerTopic: number
  /** Characters of JSON. */
  sizePerTopic: number
  ageMs: number
}

const DEFAULT_LIMITS: JournalLimits = { entriesPerTopic: 20_000, sizePerTopic: 4_000_000, ageMs: 10 * 60_000 }

interface TopicRecord {
  entries: JournalEntry[]
  /** Index of the oldest entry kept; the array is cut when half of it is dead. */
  head: number
  size: number
  /** The newest number that was let go. */
  droppedThrough: number
}

export class MemoryJournal implements Journal {
  readonly epoch: string
  readonly #limits: JournalLimits
  readonly #topics = new Map<string, TopicRecord>()
  #last = 0

  constructor(epoch: string, limits: Partial<JournalLimits> = {}) {
    this.epoch = epoch
    this.#limits = { ...DEFAULT_LIMITS, ...limits }
  }

  get last(): number {
    return this.#last
  }

  next(): number {
    return ++this.#last
  }

  append(topic: string, at: number, json: string): JournalEntry {
    let record = this.#topics.get(topic)
    if (!record) {
      record = { entries: [], head: 0, size: 0, droppedThrough: 0 }
      this.#topics.set(topic, record)
    }
    const entry = { n: ++this.#last, at, json }
    record.entries.push(entry)
    record.size += json.length
    this.#trim(record, at)
    return entry
  }

  lastOf(topic: string): number {
    return this.#topics.get(topic)?.entries.at(-1)?.n ?? 0
  }

  read(topic: string, after: number): readonly JournalEntry[] | null {
    const record = this.#topics.get(topic)
    if (!record) return []
    if (record.droppedThrough > after) return null
    let low = record.head
    let high = record.entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (record.entries[middle]!.n <= after) low = middle + 1
      else high = middle
    }
    return record.entries.slice(low)
  }

  drop(topic: string): void {
    this.#topics.delete(topic)
  }

  #trim(record: TopicRecord, now: number): void {
    const { entriesPerTopic, sizePerTopic, ageMs } = this.#limits
    const { entries } = record
    // The newest event always stays: `lastOf` tells from it whether a page is behind.
    while (record.head < entries.length - 1) {
      const oldest = entries[record.head]!
      const count = entries.length - record.head
      if (count <= entriesPerTopic && record.size <= sizePerTopic && now - oldest.at <= ageMs) break
      record.size -= oldest.json.length
      record.droppedThrough = oldest.n
      record.head += 1
    }
    if (record.head > 1_000 && record.head * 2 > entries.length) {
      entries.splice(0, record.head)
      record.head = 0
    }
  }
}
