import { parseExact } from '#lib/exact-json.ts'
import type { AnyKind } from '#topics/kind.ts'
import type { RowQuery, Store, StoredRow, StoredTopic } from './store.ts'

/** Rows that are read at once. */
const PAGE = 1_000

/** The rows of a kind that have not ended, newest first. Rejects with a StoreError. */
export async function unfinishedRows(
  store: Store,
  kind: string,
  sources: readonly string[],
): Promise<StoredRow[]> {
  const rows = await Promise.all(
    sources.map((source) => allRows(store, { kind, source, ended: false, limit: PAGE })),
  )
  return rows.flat().toSorted(newestFirst)
}

/** The rows of a kind that ended last, of all these sources together, newest first. Rejects with a StoreError. */
export async function newestEnded(
  store: Store,
  kind: string,
  sources: readonly string[],
  most: number,
): Promise<StoredRow[]> {
  const pages = await Promise.all(
    sources.map((source) => store.rows({ kind, source, ended: true, limit: most })),
  )
  return pages
    .flatMap(({ rows }) => rows)
    .toSorted(newestFirst)
    .slice(0, most)
}

/** The order that a store gives rows in. */
function newestFirst(a: StoredRow, b: StoredRow): number {
  return (b.ended ?? 0) - (a.ended ?? 0) || b.began - a.began || (a.address < b.address ? 1 : -1)
}

async function allRows(store: Store, query: RowQuery): Promise<StoredRow[]> {
  const rows: StoredRow[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await store.rows(cursor === '' ? query : { ...query, cursor })
    rows.push(...page.rows)
    ;({ cursor } = page)
  }
  return rows
}

/** A topic's state from what was kept of it: its newest checkpoint, or its beginning, and the events since. */
export function stateOf(kind: AnyKind, { row, checkpoint, events }: StoredTopic): unknown {
  const parsed = parseExact(row.json)
  // A row is as of the newest event: where all events are there, the state grows from them.
  const before: unknown =
    checkpoint === null && events.length > 0
      ? kind.began(parsed)
      : kind.restored(parsed, checkpoint && parseExact(checkpoint.json))
  const entered = events.flatMap((json) => parseExact(`[${json}]`) as unknown[])
  // Its lines stand where lines do.
  return kind.reduce(before, entered, () => undefined) as unknown
}
