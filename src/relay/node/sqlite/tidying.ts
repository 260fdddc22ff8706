import type { Sql } from './sql.ts'

/** Pages that are given back in one step. */
const STEP = 512
/** Below this share of all pages free ones are left for what comes next. */
const SPARE = 1 / 8

/**
 * Gives a little of what is free in the file back to the disk.
 * @param quiet nothing was written lately: all of it
 * @returns whether there is more to give back
 */
export function giveBackSome(sql: Sql, quiet: boolean): boolean {
  const [pages] = sql.first<[number]>('PRAGMA page_count')!
  const [free] = sql.first<[number]>('PRAGMA freelist_count')!
  if (free === 0 || (!quiet && free < pages * SPARE)) return false
  sql.all(`PRAGMA incremental_vacuum(${STEP})`)
  const [left] = sql.first<[number]>('PRAGMA freelist_count')!
  // A file that another program made anew may not be able to.
  return left > 0 && left < free
}

/** Moves all that was written into the database itself and empties the log of it, if nobody reads just now. */
export function checkpoint(sql: Sql): void {
  sql.all('PRAGMA wal_checkpoint(TRUNCATE)')
}
