import type { LogColumns } from '#model/log-buffer.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'

/**
 * Where the record lasts. The record itself is in memory and synchronous; a store is asynchronous and is given
 * everything in batches. A topic is named by its address, `SOURCE/KIND/ID` with each part as a segment of a path.
 * All times are ms since epoch. Whatever is asked answers from what was written by `write` calls that resolved.
 */
export interface Store {
  /**
   * Opens it, or makes it when there is none. Throws StoreError when it is held by another Weir, is of a newer
   * version, damaged, or cannot be written to.
   */
  open(): Promise<StoreOpened>
  /**
   * Writes all of a batch or nothing of it, after all batches before it. Resolves once it would survive a power
   * cut; rejects with a StoreError, after which the same batch may be tried again.
   */
  write(batch: StoreBatch): Promise<void>
  /**
   * Rows that match, newest first: those that have not ended, by when they began, before those that have, by when
   * they ended and then began; by address where all that is equal. Throws StoreError for a cursor that is not one.
   */
  rows(query: RowQuery): Promise<RowPage>
  /** Addresses of all topics of a kind. */
  addresses(kind: string): Promise<string[]>
  /** All that is needed to go on with a topic; null when there is none. */
  topic(address: string): Promise<StoredTopic | null>
  /** The same of many, without the lines of their logs; what there is none of is left out. */
  topics(addresses: readonly string[]): Promise<StoredTopic[]>
  /** Log lines of a half-open range, as many as `most` and `chars` allow; fewer where some are no longer kept. */
  lines(address: string, from: number, to: number, most: number, chars: number): Promise<LogColumns>
  /** Samples of a range, thinned to about `points` a channel. No `channels`: all. */
  samples(address: string, range: SampleRange): Promise<SamplesAnswer>
  /** Every sample of a range, in order of time, in pieces that fit into memory. */
  sampleRuns(address: string, range: Omit<SampleRange, 'points'>, after: number | null): Promise<SamplePage>
  /** A text that was kept with a topic; null when there is none of that name. */
  text(address: string, name: string): Promise<string | null>
  /** Removes a topic for good, with everything it has. */
  remove(address: string): Promise<void>
  /** Lets go of what is beyond the bounds. @returns what went, so that it can be said */
  retain(limits: RetentionLimits): Promise<Evicted[]>
  /** A copy of the whole as it is now in a folder of its own, while it is in use. */
  backup(directory: string): Promise<void>
  /** What it takes, for people. */
  usage(): Promise<StoreUsage>
  /** Writes nothing more; resolves once everything is closed. */
  close(): Promise<void>
}

export interface StoreOpened {
  /** Names this record; made once, with it. */
  epoch: string
  /** Counts how often it was opened, this time included: from 1. */
  boot: number
  /** The newest number of an event that is in it; 0 when there is none. */
  last: number
  /** When Weir is known to have lived last; null the first time. */
  aliveAt: number | null
}

/**
 * What changed since the batch before. A topic that is named here for the first time comes into being by its row;
 * what else there is of topics that do not exist is left out: they were removed meanwhile.
 */
export interface StoreBatch {
  /** Weir lives now. */
  at: number
  /** The newest number of an event in it. */
  last: number
  rows: readonly StoredRow[]
  events: readonly StoredEvents[]
  checkpoints: readonly Checkpoint[]
  lines: readonly StoredLines[]
  samples: readonly StoredSamples[]
  states: readonly StoredStates[]
  texts: readonly { address: string; name: string; text: string }[]
  /** Topics that are no more; they go before all else is written, so that one of the same address can begin anew. */
  removed: readonly string[]
}

/** A topic's row in lists, and the columns by which it is sought. It replaces the one before. */
export interface StoredRow {
  address: string
  kind: string
  source: string
  id: string
  status: string | null
  type: string | null
  /** When it is said to have begun, or was first seen. */
  began: number
  /** Null while it has not ended. */
  ended: number | null
  /** Lower case; what a search for words looks in. */
  words: string
  json: string
}

/** Events that were entered together: their JSON, separated by commas. Without log lines and samples. */
export interface StoredEvents {
  address: string
  n: number
  at: number
  count: number
  json: string
}

/** A topic's state with all events up to number `n` in it; the one before is of no more use for going on. */
export interface Checkpoint {
  address: string
  n: number
  json: string
}

/**
 * The newest lines of a log as they stand now: they replace whatever was written from line `first` on. The log
 * ends after them. Only the newest OPEN_LINES (`#model/log-buffer.ts`) lines may ever be replaced.
 */
export interface StoredLines extends LogColumns {
  address: string
}

/** New samples of one channel, after all before: evenly spaced (`t0`, `dt`) or with a time each. NaN may be one. */
export interface StoredSamples {
  address: string
  channel: string
  times: Float64Array | null
  t0: number
  dt: number
  values: Float64Array
  /** The last of `values` is no sample but says that the line breaks there. */
  breaks: boolean
}

/** New states of a channel of strings or booleans; each lasts until the next one. Null: not known from then on. */
export interface StoredStates {
  address: string
  channel: string
  t: number[]
  v: (string | boolean | null)[]
}

export interface RowQuery {
  kind: string
  source?: string
  /** One of these. */
  statuses?: readonly string[]
  type?: string
  /** In `words`, lower case. */
  text?: string
  /** True: only those that have ended; false: only others. */
  ended?: boolean
  /** Where the page before ended. */
  cursor?: string
  limit: number
}

export interface RowPage {
  rows: StoredRow[]
  /** Where the next page begins; null when there is none. */
  cursor: string | null
}

export interface StoredTopic {
  row: StoredRow
  checkpoint: Checkpoint | null
  /** Events after the checkpoint, in order: each some, their JSON separated by commas. */
  events: string[]
  /**
   * Null when it has no lines. `tail`: the newest lines, OPEN_LINES of them at least where there are so many; null
   * where they were not asked for.
   */
  log: { first: number; total: number; tail: LogColumns | null } | null
}

export interface SampleRange {
  from: number
  to: number
  points: number
  channels: readonly string[]
}

export interface SamplePage {
  runs: Omit<StoredSamples, 'address'>[]
  states: Omit<StoredStates, 'address'>[]
  /** The time after which the next page begins; null at the end. */
  next: number | null
}

export interface RetentionLimits {
  /** Ended topics are kept so long after their end, ms; null: for ever. */
  ageMs: number | null
  /** Bytes on disk; null: no bound. */
  bytes: number | null
}

/** Something that was let go of: a topic's samples, lines before `line`, its events, or the topic itself. */
export interface Evicted {
  address: string
  what: 'samples' | 'lines' | 'events' | 'topic'
}

export interface StoreUsage {
  /** Where it is, for words. */
  place: string
  bytes: number
  topics: number
}

/**
 * `full`, `readonly`: the disk; `locked`: another Weir; `newer`: of a later version; `damaged`; `source`: a source is
 * another than the one of its name in the record; `failed`: other.
 */
export type StoreErrorKind = 'full' | 'readonly' | 'locked' | 'newer' | 'damaged' | 'source' | 'failed'

/** Why the store cannot do its part, in one sentence with what to do about it. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly kind: StoreErrorKind

  constructor(kind: StoreErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}
