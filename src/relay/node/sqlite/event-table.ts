import type { StoredEvents } from '../../record/store.ts'
import { inBlocks, SMALL_BYTES, type Unsealed } from './blocks.ts'
import type { Sql } from './sql.ts'
import { packLines, plainLines, unpackLines, type TextBlock } from './text-block.ts'

/*
 * An entry of a topic's history is a line of text, {"n":7,"at":1732880000000,"count":2,"events":[…]}, so that people
 * and programs can read a block of them as it is.
 */

type Entry = Omit<StoredEvents, 'address'>

const LINE = /^\{"n":(\d+),"at":(-?[\d.e+-]+),"count":(\d+),"events":\[([^]*)\]\}$/

type Row = [id: number, first: number, last: number, size: number, data: Uint8Array]

/** Adds entries that come after all others of the topic. @returns bytes */
export function appendEvents(sql: Sql, topic: number, entries: readonly Entry[]): number {
  const block = plainLines(entries.map(lineOf))
  insert(sql, topic, entries[0]!.n, entries.at(-1)!.n, false, block)
  return block.size
}

/** Puts what is new into blocks. */
export function sealEvents(sql: Sql, topic: number): void {
  const rows = sql.all<Row>(
    `SELECT id, first, last, size, data FROM event_block WHERE topic = ? AND sealed = 0 ORDER BY first`,
    [topic],
  )
  if (rows.length === 0) return
  const small = sql.first<Row>(
    `SELECT id, first, last, size, data FROM event_block WHERE topic = ? AND first < ? ORDER BY first DESC LIMIT 1`,
    [topic, rows[0]![1]],
  )
  if (small && small[3] < SMALL_BYTES) rows.unshift(small)
  const lines = rows.flatMap(([, , , size, data]) => unpackLines({ size, data }))
  for (const [id] of rows) sql.run('DELETE FROM event_block WHERE id = ?', [id])
  for (const part of inBlocks(lines, (line) => line.length))
    insert(sql, topic, entryOf(part[0]!).n, entryOf(part.at(-1)!).n, true, packLines(part))
}

/** The events of all entries after number `n`, in order: of each their JSON, separated by commas. */
export function eventsAfter(sql: Sql, topic: number, n: number): string[] {
  const rows = sql.all<[size: number, data: Uint8Array]>(
    `SELECT size, data FROM event_block WHERE topic = ? AND last > ? ORDER BY first`,
    [topic, n],
  )
  return rows
    .flatMap(([size, data]) => unpackLines({ size, data }).map(entryOf))
    .filter((entry) => entry.n > n)
    .map(({ json }) => json)
}

export function unsealedEvents(sql: Sql, topic: number): Unsealed {
  const [rows, bytes] = sql.first<[number, number]>(
    'SELECT count(*), ifnull(sum(size), 0) FROM event_block WHERE topic = ? AND sealed = 0',
    [topic],
  )!
  return { rows, bytes }
}

function insert(
  sql: Sql,
  topic: number,
  first: number,
  last: number,
  sealed: boolean,
  block: TextBlock,
): void {
  sql.run('INSERT INTO event_block (topic, first, last, sealed, size, data) VALUES (?, ?, ?, ?, ?, ?)', [
    topic,
    first,
    last,
    sealed ? 1 : 0,
    block.size,
    block.data,
  ])
}

function lineOf({ n, at, count, json }: Entry): string {
  return `{"n":${n},"at":${at},"count":${count},"events":[${json}]}`
}

function entryOf(line: string): Entry {
  const [, n, at, count, json = ''] = LINE.exec(line) ?? []
  return { n: Number(n), at: Number(at), count: Number(count), json }
}
