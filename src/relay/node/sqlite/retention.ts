import type { Evicted, RetentionLimits } from '../../record/store.ts'
import { linesKept } from './line-table.ts'
import type { Sql } from './sql.ts'

export interface RetainedSome {
  evicted: Evicted[]
  more: boolean
}

/** Topics that are looked at in one step. */
const STEP = 32

/** What goes first of what is too much; its place in the list is what the column `let_go` counts. */
const TIERS: readonly { what: Evicted['what']; drop: (sql: Sql, topic: number) => boolean }[] = [
  { what: 'samples', drop: dropSamples },
  { what: 'lines', drop: dropLines },
  { what: 'events', drop: dropEvents },
  { what: 'topic', drop: dropTopic },
]

/**
 * Lets go of a little of what is beyond the bounds: of topics that have ended and have no star, the oldest first. What
 * is too old goes whole. What is too much goes in tiers, so that the history stays longest: the samples of all, then
 * the lines of all, then events that are in a checkpoint, then topics themselves.
 * @returns what went, and whether there may be more
 */
export function retainSome(sql: Sql, limits: RetentionLimits): RetainedSome {
  const evicted: Evicted[] = []
  for (const [id, address] of tooOld(sql, limits.ageMs)) {
    dropTopic(sql, id)
    evicted.push({ address, what: 'topic' })
  }
  if (evicted.length === STEP) return { evicted, more: true }
  for (let k = 0; k < STEP; k++) {
    if (limits.bytes === null || bytesUsed(sql) <= limits.bytes) return { evicted, more: false }
    const oldest = sql.first<[id: number, address: string, letGo: number]>(
      `SELECT id, address, let_go FROM topic WHERE ended IS NOT NULL AND starred = 0
       ORDER BY let_go, ended LIMIT 1`,
    )
    if (!oldest) return { evicted, more: false }
    const [id, address, letGo] = oldest
    const { what, drop } = TIERS[letGo]!
    if (drop(sql, id)) evicted.push({ address, what })
    sql.run('UPDATE topic SET let_go = let_go + 1 WHERE id = ?', [id])
  }
  return { evicted, more: true }
}

function tooOld(sql: Sql, ageMs: number | null): [id: number, address: string][] {
  if (ageMs === null) return []
  return sql.all(
    `SELECT id, address FROM topic WHERE ended IS NOT NULL AND starred = 0
       AND ended < (SELECT alive_at FROM record) - ? ORDER BY ended LIMIT ${STEP}`,
    [ageMs],
  )
}

/** Bytes that the database would have without its free pages. */
function bytesUsed(sql: Sql): number {
  const [pages] = sql.first<[number]>('PRAGMA page_count')!
  const [free] = sql.first<[number]>('PRAGMA freelist_count')!
  const [size] = sql.first<[number]>('PRAGMA page_size')!
  return (pages - free) * size
}

function dropSamples(sql: Sql, topic: number): boolean {
  const isNew = sql.run('DELETE FROM new_samples WHERE topic = ?', [topic]).changes > 0
  return sql.run('DELETE FROM channel WHERE topic = ?', [topic]).changes > 0 || isNew
}

function dropLines(sql: Sql, topic: number): boolean {
  const kept = linesKept(sql, topic)
  if (!kept) return false
  sql.run('UPDATE topic SET lines_gone = ? WHERE id = ?', [kept.total, topic])
  sql.run('DELETE FROM line_block WHERE topic = ?', [topic])
  return true
}

function dropEvents(sql: Sql, topic: number): boolean {
  return (
    sql.run(
      'DELETE FROM event_block WHERE topic = ? AND last <= (SELECT n FROM checkpoint WHERE topic = ?)',
      [topic, topic],
    ).changes > 0
  )
}

function dropTopic(sql: Sql, topic: number): boolean {
  return sql.run('DELETE FROM topic WHERE id = ?', [topic]).changes > 0
}
