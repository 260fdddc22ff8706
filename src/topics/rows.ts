import type { Batch } from '#model/batch.ts'
import type { Command } from '#model/command.ts'
import type { Source } from '#model/source.ts'
import type { RowColumns, TopicKind } from './kind.ts'

/** What a thing of which there is a row and nothing else has become; null: it is no more. */
interface RowEvent<Row> {
  k: 'is'
  row: Row | null
}

/** A kind whose topics have no history: their row is all there is. */
export type RowKind<Row extends object> = TopicKind<Row | null, RowEvent<Row>, Row, Row | null>

function rowKind<Row extends object>(
  name: string,
  lasts: boolean,
  columns: (row: Row) => RowColumns,
): RowKind<Row> {
  return {
    name,
    lasts,
    isRow: true,
    bulk: {},
    empty: () => null,
    reduce: (state, events) => (events.length > 0 ? events.at(-1)!.row : state),
    row: (state) => state,
    hasRow: (state) => state !== null,
    // Ids of these are unique over all sources.
    rowKey: ({ id }) => id,
    columns,
    snapshot: (state) => state,
    leastSnapshot: () => null,
    fault: () => null,
    kept: () => [],
    began: (row) => row,
    restored: (row) => row,
  }
}

/** The condition of each source. */
export const SOURCE = rowKind<Source>('sources', false, ({ name, since }) => ({
  status: null,
  type: null,
  began: since,
  ended: null,
  words: name.toLowerCase(),
}))

/** The ledger: what was asked, by whom, and what became of it. */
export const COMMAND = rowKind<Command>(
  'commands',
  true,
  ({ verb, target, text, sentAt, acceptedAt, failedAt, effectiveAt }) => ({
    status: null,
    type: verb,
    began: sentAt,
    ended: failedAt ?? effectiveAt ?? acceptedAt,
    words: `${target} ${text}`.toLowerCase(),
  }),
)

/** Tasks that were started together. */
export const BATCH = rowKind<Batch>('batches', true, ({ name, type, startedAt, waiting }) => ({
  status: null,
  type,
  began: startedAt,
  ended: waiting > 0 ? null : startedAt,
  words: `${name} ${type}`.toLowerCase(),
}))
