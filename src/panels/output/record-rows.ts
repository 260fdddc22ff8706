import {
  JSON_ARRAY,
  JSON_OBJECT,
  JSON_STRING,
  keyOf,
  rawValue,
  stringValue,
  type JsonIndex,
} from './json-index.ts'

/** A list of like records as a table, with values as they were sent. */
export interface RecordRows {
  columns: string[]
  /** Null where a record has no such value. */
  rows: (string | null)[][]
  /** Columns of numbers alone. */
  numeric: boolean[]
  /** Records beyond those in `rows`. */
  more: number
}

const MOST_COLUMNS = 12
const MOST_ROWS = 500
const NUMBER = /^-?(?:\d|Infinity$|NaN$)|^NaN$/

/** The records of a list that is worth a table; null for all else. */
export function recordRows(index: JsonIndex): RecordRows | null {
  const count = index.size[0] ?? 0
  if (index.kind[0] !== JSON_ARRAY || count < 2) return null
  const columns: string[] = []
  const rows: (string | null)[][] = []
  for (let node = 1; node < index.count && rows.length < MOST_ROWS; node = index.next[node] ?? index.count) {
    if (index.kind[node] !== JSON_OBJECT) return null
    const row: (string | null)[] = columns.map(() => null)
    const end = index.next[node] ?? index.count
    for (let cell = node + 1; cell < end; cell = index.next[cell] ?? end) {
      if (index.kind[cell] === JSON_OBJECT || index.kind[cell] === JSON_ARRAY) return null
      const key = keyOf(index, cell) ?? ''
      let at = columns.indexOf(key)
      if (at < 0) {
        if (columns.length === MOST_COLUMNS) return null
        at = columns.push(key) - 1
      }
      row[at] = index.kind[cell] === JSON_STRING ? stringValue(index, cell) : rawValue(index, cell)
    }
    rows.push(row)
  }
  if (columns.length === 0) return null
  for (const row of rows) while (row.length < columns.length) row.push(null)
  return {
    columns,
    rows,
    numeric: columns.map((_, k) =>
      rows.every((row) => row[k] == null || row[k] === 'null' || NUMBER.test(row[k])),
    ),
    more: count - rows.length,
  }
}
