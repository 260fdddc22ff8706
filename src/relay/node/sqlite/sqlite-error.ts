import { StoreError, type StoreErrorKind } from '../../record/store.ts'

/** Result codes of SQLite (https://sqlite.org/rescode.html); the lower byte of a longer one. */
const KINDS: Readonly<Record<number, StoreErrorKind>> = {
  3: 'readonly',
  5: 'locked',
  6: 'locked',
  8: 'readonly',
  11: 'damaged',
  13: 'full',
  14: 'readonly',
  26: 'damaged',
}

const ADVICE: Readonly<Record<StoreErrorKind, string>> = {
  full: 'the disk is full; make room, or bound the record with --keep-size',
  readonly: 'it cannot be written to; give Weir the right to, or choose another folder with --data',
  locked: 'another program holds it',
  newer: 'it was written by a later version of Weir',
  damaged:
    'it is damaged; put a copy made by "weir backup" in its place, or move it away and Weir begins a new one. What can be read of it: sqlite3 FILE .recover',
  source: 'a source is another',
  failed: 'SQLite could not do it',
}

/** What the driver throws, as what it means for the store. */
export function storeErrorOf(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error
  const { message, rawCode } = error as { message?: string; rawCode?: number }
  // Where a file cannot be opened, the code is in the words only.
  const code = rawCode ?? Number(/: (\d+)"\)$/.exec(message ?? '')?.[1] ?? Number.NaN)
  const kind = KINDS[code & 0xff] ?? 'failed'
  return new StoreError(kind, `The record ${path}: ${ADVICE[kind]} (${message ?? String(error)}).`)
}
