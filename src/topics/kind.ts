import type { LogBuffer } from '#model/log-buffer.ts'
import type { LineSink } from '#model/reduce-task.ts'
import type { Samples } from '#model/samples.ts'

/** What names a topic within its kind. */
export interface TopicKey {
  source: string
  id: string
  /** Of what kind its source is: what a new task begins with. */
  sourceKind?: string
}

/** The part of a topic's bulk that is in memory. */
export interface Bulk {
  lines: LogBuffer | null
  samples: Samples | null
}

/** The columns by which rows are sought. Times are ms since epoch. */
export interface RowColumns {
  status: string | null
  type: string | null
  began: number
  /** Null while it has not ended. */
  ended: number | null
  /** Lower case; what a search for words looks in. */
  words: string
}

/**
 * What all topics of one sort share: one value, known to the record by its name. Everything here is pure; a kind
 * knows neither pages nor disks.
 */
export interface TopicKind<State, Event, Row extends object, Snapshot> {
  /** Its word in addresses (`SOURCE/NAME/ID`), and the name of the list of its rows. */
  readonly name: string
  readonly bulk: { readonly lines?: true; readonly samples?: true }
  empty(key: TopicKey, at: number): State
  /** Folds events over a state; lines of its log, in order, go to `line`. */
  reduce(state: State, events: readonly Event[], line: LineSink): State
  /** Notes where the log stands, in a state that is nobody else's yet; kinds without one have no such method. */
  place?(state: State, lines: LogBuffer): void
  /** What lists show of it; null while there is nothing to list. */
  row(state: State): Row | null
  /** The row that is kept of what no list shows; null where there is nothing to keep. */
  unlisted?(state: State, key: TopicKey): Row | null
  /** False while there is neither row; where it is not said there is always one. */
  hasRow?(state: State): boolean
  /** What its row is known by in the list. */
  rowKey(key: Pick<TopicKey, 'source' | 'id'>): string
  /** Characters of one text of a row in lists, where it is not the usual. */
  readonly longestText?: number
  /** True where the row is all there is: no events, no bulk. */
  readonly isRow?: true
  /** False for what a store need not keep. */
  readonly lasts: boolean
  columns(row: Row): RowColumns
  /** What a page that begins to watch the topic is given. */
  snapshot(state: State, bulk: Bulk): Snapshot
  /** The least there is, where the whole cannot be told, with the words why. */
  leastSnapshot(state: State, bulk: Bulk, words: string): Snapshot
  /** The event that says a fault of Weir's own in the place of what could not be entered. */
  fault(at: number, words: string): Event | null
  /** What of events is kept beside rows and bulk: the same array where that is all of them. */
  kept(events: readonly Event[]): readonly Event[]
  /** The state as it was before its first event, of which only the row is known. */
  began(row: Row): State
  /** The state from what was kept: its newest checkpoint and its row, or the row alone. */
  restored(row: Row, checkpoint: State | null): State
  /** When its newest sample came, ms since epoch; null when there is none. */
  newestSample?(state: State): number | null
  /** The state without what its bulk told of it; for kinds whose bulk may be let go of alone. */
  cleared?(state: State): State
  /** What became untrue while Weir was away, for a topic that has not ended. Times are ms since epoch. */
  resumed?(state: State, awayFrom: number, now: number): readonly Event[]
}

/** A kind of any sort, where only its name and rows matter. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyKind = TopicKind<any, any, any, any>
