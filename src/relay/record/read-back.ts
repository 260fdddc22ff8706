import { parseExact } from '#lib/exact-json.ts'
import type { AnyKind } from '#topics/kind.ts'
import type { RowQuery, Store, StoredRow, StoredTopic } from './store.ts'

/** Rows that are read at once. */
export const PAGE = 1_000

/** All rows that match, newest first. Rejects with a StoreError. */
export async function allRows(store: Store, query: RowQuery): Promise<StoredRow[]> {
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
