import { backOffMs } from '#lib/backoff.ts'
import type { Clock } from '#lib/clock.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { report } from '#lib/isolate.ts'
import type { RowColumns } from '#topics/kind.ts'
import { NO_LOG, type Log } from '../log.ts'
import type { Topic } from './kind-table.ts'
import {
  StoreError,
  type Checkpoint,
  type Store,
  type StoreBatch,
  type StoredEvents,
  type StoredLines,
  type StoredRow,
  type StoredSamples,
  type StoredStates,
} from './store.ts'
import type { Tail } from './tail.ts'

/** What becomes known is on disk after this. */
const WRITE_MS = 250
/** While nothing happens, that Weir lives is noted so often. */
const ALIVE_MS = 10_000
/** After a failed write, before the next try: the first wait and the longest. */
const RETRY_MS = { first: 1_000, most: 10_000 }
/** Checkpoints of a topic lie no further apart. */
const CHECKPOINT = { events: 1_000, chars: 256_000 }
/** Characters of events that wait while nothing can be written; beyond, states stand for them. */
const MOST_WAITING = 32_000_000
/** Whoever waits for longer to be written, or for so many characters of events, waits for a disk that is too slow. */
const BEHIND = { ms: 2_000, chars: MOST_WAITING / 4 }

/** What a topic has entered since its last checkpoint. */
interface SinceCheckpoint {
  events: number
  chars: number
}

interface Waiter {
  resolve(): void
  reject(error: unknown): void
}

/** Brings what the record enters to the store: in batches, in order, again and again until it is written. */
export class Keeper {
  readonly store: Store | null
  readonly #clock: Clock
  readonly #tail: Tail
  readonly #log: Log
  readonly #dirty = new Set<Topic>()
  /** Topics of the batch that is being written. */
  #beingWritten: ReadonlySet<Topic> = new Set()
  readonly #since = new Map<Topic, SinceCheckpoint>()
  /** Topics whose end was written. */
  readonly #ended = new WeakSet<Topic>()
  #events: StoredEvents[] = []
  #waitingChars = 0
  #texts: { address: string; name: string; text: string }[] = []
  #removed: string[] = []
  #waiters: Waiter[] = []
  /** A batch that is being written, or failed and will be tried again. */
  #writing: StoreBatch | null = null
  /** When the oldest came of what waits, and of what is being written, ms since epoch. */
  #waitingSince: number | null = null
  #writingSince: number | null = null
  #timer: unknown
  #alive: unknown
  /** Writes in a row that failed. */
  #failures = 0
  #problem: { text: string; since: number } | null = null
  #closed = false

  constructor(clock: Clock, store: Store | null, tail: Tail, log: Log = NO_LOG) {
    this.#clock = clock
    this.#log = log
    this.store = store
    this.#tail = tail
  }

  /** Why nothing is being written, in words, and since when (ms since epoch) it waits; null while all is well. */
  get problem(): { text: string; since: number } | null {
    return this.#problem
  }

  /** Since when (ms since epoch) something waits to be written, where that is longer or more than usual; else null. */
  get behindSince(): number | null {
    const since = this.#writingSince ?? this.#waitingSince
    if (since === null) return null
    const isBehind = this.#clock.now() - since > BEHIND.ms || this.#waitingChars > BEHIND.chars
    return isBehind ? since : null
  }

  /** True while something of the topic is not on disk. */
  isPending(topic: Topic): boolean {
    return this.#dirty.has(topic) || this.#beingWritten.has(topic)
  }

  /** The number of the first line of a topic's log that is not on disk as it stands now; Infinity: all are. */
  firstUnwritten({ address, bulk }: Topic): number {
    const written = this.#writing?.lines.find((lines) => lines.address === address)
    return Math.min(written?.first ?? Infinity, bulk.lines!.changedFrom)
  }

  /**
   * Events of a topic were entered.
   * @param json of `events`, separated by commas
   */
  entered(topic: Topic, events: readonly unknown[], json: string, at: number): void {
    if (!this.#keeps(topic)) return
    this.changed(topic)
    const kept = topic.kind.kept(events)
    if (kept.length === 0) return
    const text = kept === events ? json : stringifyExact(kept).slice(1, -1)
    this.#events.push({ address: topic.address, n: topic.n, at, count: kept.length, json: text })
    this.#waitingChars += text.length
    let since = this.#since.get(topic)
    if (!since) this.#since.set(topic, (since = { events: 0, chars: 0 }))
    since.events += kept.length
    since.chars += text.length
  }

  /** Something about the topic is to be written: its row, or its bulk. */
  changed(topic: Topic): void {
    if (!this.#keeps(topic)) return
    this.#dirty.add(topic)
    this.#schedule()
  }

  /** Keeps a text with a topic, in place of one of that name. */
  text(topic: Topic, name: string, text: string): void {
    if (!this.#keeps(topic)) return
    this.#texts.push({ address: topic.address, name, text })
    this.changed(topic)
  }

  removed(topic: Topic): void {
    this.#dirty.delete(topic)
    this.#since.delete(topic)
    if (!this.store || !topic.kind.lasts) return
    this.#removed.push(topic.address)
    this.#events = this.#events.filter(({ address }) => address !== topic.address)
    this.#texts = this.#texts.filter(({ address }) => address !== topic.address)
    this.#schedule()
  }

  /** Resolves once all that was entered so far is on disk; rejects with a StoreError when it cannot be now. */
  committed(): Promise<void> {
    if (!this.store || (!this.#hasNews && !this.#writing)) return Promise.resolve()
    if (this.#problem) return Promise.reject(new StoreError('failed', this.#problem.text))
    return new Promise((resolve, reject) => {
      if (this.#writing) this.#waiters.push({ resolve, reject })
      else this.#write([{ resolve, reject }])
    })
  }

  /** Resolves once all that was entered so far is on disk, or could not be written: what is there can be read. */
  settled(): Promise<void> {
    return this.committed().catch(() => undefined)
  }

  /** Notes from now on that Weir lives, also while nothing happens. */
  begin(): void {
    if (this.store) this.#write([])
  }

  /** Writes the rest, and closes the store. */
  async close(): Promise<void> {
    if (!this.store) return
    try {
      await this.committed()
    } catch (error) {
      report(error)
    }
    this.#closed = true
    this.#clock.clearTimeout(this.#timer)
    this.#clock.clearTimeout(this.#alive)
    await this.store.close()
  }

  #keeps(topic: Topic): boolean {
    const { kind, state } = topic
    return this.store !== null && kind.lasts && (kind.hasRow?.(state) ?? true)
  }

  get #hasNews(): boolean {
    return this.#dirty.size > 0 || this.#removed.length > 0
  }

  #schedule(): void {
    this.#waitingSince ??= this.#clock.now()
    if (this.#closed || this.#writing || this.#timer !== undefined) return
    this.#timer = this.#clock.setTimeout(() => {
      this.#write([])
    }, WRITE_MS)
  }

  #write(waiters: readonly Waiter[]): void {
    this.#clock.clearTimeout(this.#timer)
    this.#clock.clearTimeout(this.#alive)
    this.#timer = undefined
    this.#writing = this.#batch()
    this.#writingSince = this.#waitingSince ?? this.#writing.at
    this.#waitingSince = null
    this.#send(waiters)
  }

  #send(waiters: readonly Waiter[]): void {
    this.store!.write(this.#writing!).then(
      () => {
        this.#written(waiters)
      },
      (error: unknown) => {
        this.#failed(error, waiters)
      },
    )
  }

  #written(waiters: readonly Waiter[]): void {
    if (this.#problem) this.#log.write('info', 'record', 'is written again')
    this.#problem = null
    this.#failures = 0
    this.#writing = null
    this.#beingWritten = new Set()
    this.#writingSince = null
    for (const { resolve } of waiters) resolve()
    if (this.#closed) return
    const next = this.#waiters
    this.#waiters = []
    if (next.length > 0) this.#write(next)
    else if (this.#hasNews) this.#schedule()
    else
      this.#alive = this.#clock.setTimeout(() => {
        this.#write([])
      }, ALIVE_MS)
  }

  /** Nobody waits any longer than to the first failure; the batch itself is tried until it is written. */
  #failed(error: unknown, waiters: readonly Waiter[]): void {
    const text = error instanceof Error ? error.message : String(error)
    if (!this.#problem) this.#log.write('warn', 'record', `not written: ${text}`)
    this.#problem = { text, since: this.#problem?.since ?? this.#writingSince ?? this.#clock.now() }
    for (const { reject } of [...waiters, ...this.#waiters]) reject(error)
    this.#waiters = []
    if (this.#closed) return
    if (this.#waitingChars > MOST_WAITING) this.#letStatesStand()
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#timer = undefined
        this.#send([])
      },
      backOffMs(RETRY_MS, this.#failures++),
    )
  }

  /** Too many events wait: what they came to is kept, not how. */
  #letStatesStand(): void {
    for (const { address } of this.#events)
      for (const [topic, since] of this.#since)
        if (topic.address === address) since.events = CHECKPOINT.events
    this.#events = []
    this.#waitingChars = 0
  }

  #batch(): StoreBatch {
    const topics = new Set(this.#dirty)
    this.#beingWritten = topics
    this.#dirty.clear()
    const rows: StoredRow[] = []
    const checkpoints: Checkpoint[] = []
    const lines: StoredLines[] = []
    const samples: StoredSamples[] = []
    const states: StoredStates[] = []
    for (const topic of topics) {
      const row = storedRow(topic)
      if (row) rows.push(row)
      const checkpoint = this.#checkpoint(topic, row?.ended != null)
      if (checkpoint) checkpoints.push(checkpoint)
      const { address, bulk } = topic
      const from = bulk.lines?.takeChanged() ?? null
      if (from !== null) lines.push({ address, ...bulk.lines!.range(from, bulk.lines!.total) })
      if (!bulk.samples) continue
      for (const [channel, track] of bulk.samples.tracks)
        for (const points of track.takeNew()) samples.push({ address, channel, ...points, breaks: false })
      for (const [channel, track] of bulk.samples.states) {
        const fresh = track.takeNew()
        if (fresh.t.length > 0) states.push({ address, channel, ...fresh })
      }
    }
    const batch: StoreBatch = {
      at: this.#clock.now(),
      last: this.#tail.last,
      rows,
      events: this.#events,
      checkpoints,
      lines,
      samples,
      states,
      texts: this.#texts,
      removed: this.#removed,
    }
    this.#events = []
    this.#waitingChars = 0
    this.#texts = []
    this.#removed = []
    return batch
  }

  #checkpoint(topic: Topic, ended: boolean): Checkpoint | null {
    // Once: what comes after the end is little, and what has no end of its own has a time in its place that moves.
    const justEnded = ended && !this.#ended.has(topic)
    if (ended) this.#ended.add(topic)
    else this.#ended.delete(topic)
    const since = this.#since.get(topic)
    if (!since || !(justEnded || since.events >= CHECKPOINT.events || since.chars >= CHECKPOINT.chars))
      return null
    this.#since.delete(topic)
    return { address: topic.address, n: topic.n, json: stringifyExact(topic.state) }
  }
}

/** What is kept as a topic's row; null where there is nothing to keep. */
function rowOf({ kind, state, key }: Topic): object | null {
  return (
    (kind.row(state) as object | null) ?? (kind.unlisted?.(state, key) as object | null | undefined) ?? null
  )
}

/** A topic's row as it is kept; null where there is nothing to keep. */
function storedRow(topic: Topic): StoredRow | null {
  const { kind, key, address } = topic
  const row = rowOf(topic)
  if (!row) return null
  const columns = kind.columns(row) as RowColumns
  return { address, kind: kind.name, source: key.source, id: key.id, ...columns, json: stringifyExact(row) }
}
