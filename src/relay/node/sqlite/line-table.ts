import { OPEN_LINES, type LogColumns } from '#model/log-buffer.ts'
import { inBlocks, SMALL_BYTES, type Unsealed } from './blocks.ts'
import { cutLines, joinLineBlocks, plainLogLines, unpackLogLines, type LineBlock } from './line-block.ts'
import type { Sql } from './sql.ts'

type Row = [
  id: number,
  first: number,
  count: number,
  at: number,
  kinds: string | null,
  times: Uint8Array,
  size: number,
  data: Uint8Array,
]

const COLUMNS = 'id, first, count, at, kinds, times, size, data'
/** Blocks that are read at once. */
const READ = 8

/**
 * Puts lines where they belong; what stood from the first of them on goes.
 * @param end number after the last line that there is
 * @returns bytes
 */
export function putLines(sql: Sql, topic: number, lines: LogColumns, end: number): number {
  let bytes = 0
  if (lines.first < end) bytes += cut(sql, topic, lines.first)
  if (lines.texts.length > 0) bytes += insert(sql, topic, plainLogLines(lines), false)
  return bytes
}

/** Puts what is new into blocks, but for the newest lines of a log that goes on: they may still be replaced. */
export function sealLines(sql: Sql, topic: number, ended: boolean): void {
  const rows = sql.all<Row>(
    `SELECT ${COLUMNS} FROM line_block WHERE topic = ? AND sealed = 0 ORDER BY first`,
    [topic],
  )
  const first = rows[0]
  if (!first) return
  const small = sql.first<Row>(
    `SELECT ${COLUMNS} FROM line_block WHERE topic = ? AND first < ? ORDER BY first DESC LIMIT 1`,
    [topic, first[1]],
  )
  if (small && small[6] < SMALL_BYTES) rows.unshift(small)
  sql.run('DELETE FROM line_block WHERE topic = ? AND first >= ?', [topic, rows[0]![1]])
  const blocks = rows.map(blockOf)
  const open = ended ? Infinity : endOf(blocks.at(-1)!) - OPEN_LINES
  for (const stretch of inStretches(blocks)) {
    const sealable: LineBlock[] = []
    const rest: LineBlock[] = []
    for (const block of stretch)
      if (endOf(block) <= open) sealable.push(block)
      else if (block.first >= open) rest.push(block)
      else {
        const lines = unpackLogLines(block)
        sealable.push(plainLogLines(cutLines(lines, block.first, open)))
        rest.push(plainLogLines(cutLines(lines, open, Infinity)))
      }
    for (const part of inBlocks(sealable)) insert(sql, topic, joinLineBlocks(part), true)
    for (const block of rest) insert(sql, topic, block, false)
  }
}

/** Parts lists of blocks where lines are missing between two. */
function inStretches(blocks: readonly LineBlock[]): LineBlock[][] {
  const stretches: LineBlock[][] = []
  for (const block of blocks) {
    const before = stretches.at(-1)
    if (before && endOf(before.at(-1)!) === block.first) before.push(block)
    else stretches.push([block])
  }
  return stretches
}

/** Lines from `from` to `to` (not included) up to the first hole after them, within bounds: see Store. */
export function readLines(
  sql: Sql,
  topic: number,
  from: number,
  to: number,
  most: number,
  chars: number,
): LogColumns {
  const found: LogColumns = { first: from, at: [], kinds: [], texts: [] }
  const [start] = sql.first<[number | null]>(
    'SELECT max(first) FROM line_block WHERE topic = ? AND first <= ?',
    [topic, from],
  )!
  let next = start ?? from
  let left = chars
  for (;;) {
    const rows = sql.all<Row>(
      `SELECT ${COLUMNS} FROM line_block WHERE topic = ? AND first >= ? AND first < ? ORDER BY first LIMIT ${READ}`,
      [topic, next, to],
    )
    for (const row of rows) {
      const [, first, count] = row
      next = first + count
      if (next <= from) continue
      if (found.texts.length > 0 && first !== found.first + found.texts.length) return found
      const lines = cutLines(unpackLogLines(blockOf(row)), from, Math.min(to, next))
      if (found.texts.length === 0) found.first = lines.first
      for (let k = 0; k < lines.texts.length; k++) {
        const text = lines.texts[k]!
        if (found.texts.length >= most) return found
        if ((left -= text.length) < 0 && found.texts.length > 0) return found
        found.at.push(lines.at[k]!)
        found.kinds.push(lines.kinds[k]!)
        found.texts.push(text)
      }
    }
    if (rows.length < READ) return found
  }
}

/** Numbers of the first line that is kept, and after the last one; null where there are none. */
export function linesKept(sql: Sql, topic: number): { first: number; total: number } | null {
  const [first] = sql.first<[number | null]>('SELECT min(first) FROM line_block WHERE topic = ?', [topic])!
  const last = sql.first<[number, number]>(
    'SELECT first, count FROM line_block WHERE topic = ? ORDER BY first DESC LIMIT 1',
    [topic],
  )
  return first === null || !last ? null : { first, total: last[0] + last[1] }
}

export function unsealedLines(sql: Sql, topic: number): Unsealed {
  const [rows, bytes] = sql.first<[number, number]>(
    'SELECT count(*), ifnull(sum(size), 0) FROM line_block WHERE topic = ? AND sealed = 0',
    [topic],
  )!
  return { rows, bytes }
}

/** Lets go of all lines from number `line` on. @returns bytes that were written anew */
function cut(sql: Sql, topic: number, line: number): number {
  const before = sql.first<Row>(
    `SELECT ${COLUMNS} FROM line_block WHERE topic = ? AND first < ? ORDER BY first DESC LIMIT 1`,
    [topic, line],
  )
  sql.run('DELETE FROM line_block WHERE topic = ? AND first >= ?', [topic, line])
  if (!before || before[1] + before[2] <= line) return 0
  sql.run('DELETE FROM line_block WHERE id = ?', [before[0]])
  const lines = unpackLogLines(blockOf(before))
  return insert(sql, topic, plainLogLines(cutLines(lines, lines.first, line)), false)
}

function insert(sql: Sql, topic: number, block: LineBlock, sealed: boolean): number {
  sql.run(
    `INSERT INTO line_block (topic, first, count, at, sealed, kinds, times, size, data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      topic,
      block.first,
      block.count,
      block.at,
      sealed ? 1 : 0,
      block.kinds,
      block.times,
      block.size,
      block.data,
    ],
  )
  return block.size
}

function blockOf([, first, count, at, kinds, times, size, data]: Row): LineBlock {
  return { first, count, at, kinds, times, size, data }
}

/** Number after the last line of a block. */
function endOf({ first, count }: LineBlock): number {
  return first + count
}
