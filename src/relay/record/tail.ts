/** Events that were entered together: one number, and their JSON as every page gets it, separated by commas. */
export interface TailEntry {
  n: number
  json: string
}

/** Characters of JSON of all topics together. */
const DEFAULT_SIZE = 64_000_000

/** The entries of one topic that are kept, oldest first. */
interface TopicTail {
  entries: TailEntry[]
  /** Index of the oldest entry kept; the array is cut when half of it is dead. */
  head: number
  last: number
  /** The newest number that was let go. */
  droppedThrough: number
}

/** Stands where an entry was let go, whose JSON is free at once. */
const GONE: TailEntry = { n: 0, json: '' }

/**
 * The newest events of all topics, numbered by one counter: what pages are told from. It is bounded in all; the
 * oldest go first, whatever topic they are of. A page that is further behind starts from a snapshot.
 */
export class Tail {
  /** Names the record and this start of Weir; part of the id of every message: `EPOCH-BOOT`. */
  epoch: string
  readonly #most: number
  readonly #topics = new Map<string, TopicTail>()
  /** Whose entry was entered when; a topic that was dropped leaves its places to be passed over. */
  #order: TopicTail[] = []
  #head = 0
  #last = 0
  #size = 0
  #kept = 0

  /** @param most characters of JSON kept */
  constructor(epoch: string, most = DEFAULT_SIZE) {
    this.epoch = epoch
    this.#most = most
  }

  /** The newest number given out. */
  get last(): number {
    return this.#last
  }

  /** All characters of JSON ever appended: how far apart two numbers are. */
  get size(): number {
    return this.#size
  }

  /** Goes on from a record that was kept: new numbers come after `last`. */
  begin(epoch: string, last: number): void {
    this.epoch = epoch
    this.#last = Math.max(this.#last, last)
  }

  /** Takes the number of a change that is no entry here. */
  number(): number {
    return ++this.#last
  }

  /** Enters events of a topic. @returns their number */
  append(address: string, json: string): number {
    let topic = this.#topics.get(address)
    if (!topic) this.#topics.set(address, (topic = { entries: [], head: 0, last: 0, droppedThrough: 0 }))
    const n = ++this.#last
    topic.entries.push({ n, json })
    topic.last = n
    this.#order.push(topic)
    this.#size += json.length
    this.#kept += json.length
    while (this.#kept > this.#most && this.#head < this.#order.length - 1) this.#letGo()
    return n
  }

  /** The number of the topic's newest entry, kept or not; 0 when it never had one. */
  lastOf(address: string): number {
    return this.#topics.get(address)?.last ?? 0
  }

  /** Entries of a topic after number `after` and up to `upTo`; null when some of them were let go already. */
  read(address: string, after: number, upTo: number): readonly TailEntry[] | null {
    const topic = this.#topics.get(address)
    if (!topic) return []
    if (topic.droppedThrough > after) return null
    const { entries, head } = topic
    return entries.slice(firstAfter(entries, head, after), firstAfter(entries, head, upTo))
  }

  /** Forgets a topic's entries. */
  drop(address: string): void {
    const topic = this.#topics.get(address)
    if (!topic) return
    this.#topics.delete(address)
    for (let k = topic.head; k < topic.entries.length; k++) this.#kept -= topic.entries[k]!.json.length
    topic.entries = []
    topic.head = 0
  }

  #letGo(): void {
    const topic = this.#order[this.#head++]!
    const oldest = topic.entries[topic.head]
    if (oldest) {
      this.#kept -= oldest.json.length
      topic.droppedThrough = oldest.n
      topic.entries[topic.head++] = GONE
      if (topic.head > 1_000 && topic.head * 2 > topic.entries.length) {
        topic.entries.splice(0, topic.head)
        topic.head = 0
      }
    }
    if (this.#head > 10_000 && this.#head * 2 > this.#order.length) {
      this.#order.splice(0, this.#head)
      this.#head = 0
    }
  }
}

/** Index of the first entry with a number above `n`, from index `low` on. */
function firstAfter(entries: readonly TailEntry[], low: number, n: number): number {
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (entries[middle]!.n <= n) low = middle + 1
    else high = middle
  }
  return low
}
