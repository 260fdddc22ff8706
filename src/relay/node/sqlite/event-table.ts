import type { StoredEvents } from '../../record/store.ts'
import { inBlocks, SMALL_BYTES, type Unsealed } from './blocks.ts'
import type { Sql } from './sql.ts'
import { joinBlocks, plainLines, unpackLines, type TextBlock } from './text-block.ts'

/*
 * An entry of a topic's history is a line of text, {"n":7,"at":1732880000000,"count":2,"events":[…]}, so that people
 * and programs can read a block of them as it is.
 */

type Entry = Omit<StoredEvents, 'address'>

const LINE = /^\{"n":(\d+),"at":(-?[\d.e+-]+),"count":(\d+),"events":\[([^]*)\]\}$/

type Row = [id: number, first: number, last: number, size: number, data: Uint8Array]

interface EventBlock extends TextBlock {
  first: number
  last: number
}

/** Adds entries that come after all others of the topic. @returns bytes */
export function appendEvents(sql: Sql, topic: number, entries: readonly Entry[]): number {
  const block = plainLines(entries.map(lineOf))
  insert(sql, topic, { ...block, first: entries[0]!.n, last: entries.at(-1)!.n }, false)
  return block.size
}

/** Puts what is new into blocks. */
export function sealEvents(sql: Sql, topic: number): void {
  const rows = sql.all<Row>(
    'SELECT id, first, last, size, data FROM event_block WHERE topic = ? AND sealed = 0 ORDER BY first',
    [topic],
  )
  if (rows.length === 0) return
  const small = sql.first<Row>(
    'SELECT id, first, last, size, data FROM event_block WHERE topic = ? AND first < ? ORDER BY first DESC LIMIT 1',
    [topic, rows[0]![1]],
  )
  if (small && small[3] < SMALL_BYTES) rows.unshift(small)
  sql.run('DELETE FROM event_block WHERE topic = ? AND first >= ?', [topic, rows[0]![1]])
  for (const part of inBlocks(rows.map(blockOf)))
    insert(sql, topic, { ...joinBlocks(part), first: part[0]!.first, last: part.at(-1)!.last }, true)
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

function insert(sql: Sql, topic: number, { first, last, size, data }: EventBlock, sealed: boolean): void {
  sql.run('INSERT INTO event_block (topic, first, last, sealed, size, data) VALUES (?, ?, ?, ?, ?, ?)', [
    topic,
    first,
    last,
    sealed ? 1 : 0,
    size,
    data,
  ])
}

function blockOf([, first, last, size, data]: Row): EventBlock {
  return { first, last, size, data }
}

function lineOf({ n, at, count, json }: Entry): string {
  return `{"n":${n},"at":${at},"count":${count},"events":[${json}]}`
}

function entryOf(line: string): Entry {
  const [, n, at, count, json = ''] = LINE.exec(line) ?? []
  return { n: Number(n), at: Number(at), count: Number(count), json }
}
