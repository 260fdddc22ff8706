import type { StoredStates } from '../../record/store.ts'
import { inBlocks, SMALL_BYTES, type Unsealed } from './blocks.ts'
import { channelFor } from './channel-table.ts'
import type { Sql } from './sql.ts'
import { joinBlocks, plainLines, unpackLines, type TextBlock } from './text-block.ts'

/** A change of a channel of states: when, and to what. Each is a line [time, state] on disk. */
export type Change = [t: number, v: StoredStates['v'][number]]

type Row = [id: number, at: number, size: number, data: Uint8Array]

/** Adds changes of a topic's channels. @returns bytes */
export function appendStates(sql: Sql, topic: number, states: readonly StoredStates[]): number {
  let bytes = 0
  for (const { channel, t, v } of states) {
    if (t.length === 0) continue
    const block = plainLines(t.map((time, k) => JSON.stringify([time, v[k]])))
    insert(sql, topic, channelFor(sql, topic, channel, 'states'), t[0]!, false, block)
    bytes += block.size
  }
  return bytes
}

/** Puts what is new of a topic into blocks. */
export function sealStates(sql: Sql, topic: number): void {
  const channels = sql.all<[number]>(
    'SELECT DISTINCT channel FROM state_block WHERE topic = ? AND sealed = 0',
    [topic],
  )
  for (const [channel] of channels) sealChannel(sql, topic, channel)
}

/** Changes of a channel from the one that lasts at `from`, up to `to`. */
export function changesWithin(sql: Sql, channel: number, from: number, to: number): Change[] {
  const [start] = sql.first<[number | null]>(
    'SELECT max(at) FROM state_block WHERE channel = ? AND at <= ?',
    [channel, from],
  )!
  const changes = sql
    .all<[number, Uint8Array]>(
      'SELECT size, data FROM state_block WHERE channel = ? AND at >= ? AND at <= ? ORDER BY at, id',
      [channel, start ?? from, to],
    )
    .flatMap(([size, data]) => unpackLines({ size, data }).map((line) => JSON.parse(line) as Change))
  const lasting = changes.findLastIndex(([t]) => t <= from)
  return changes.slice(Math.max(0, lasting)).filter(([t]) => t <= to)
}

export function unsealedStates(sql: Sql, topic: number): Unsealed {
  const [rows, bytes] = sql.first<[number, number]>(
    'SELECT count(*), ifnull(sum(size), 0) FROM state_block WHERE topic = ? AND sealed = 0',
    [topic],
  )!
  return { rows, bytes }
}

function sealChannel(sql: Sql, topic: number, channel: number): void {
  const rows = sql.all<Row>(
    'SELECT id, at, size, data FROM state_block WHERE channel = ? AND sealed = 0 ORDER BY at, id',
    [channel],
  )
  const small = sql.first<Row>(
    'SELECT id, at, size, data FROM state_block WHERE channel = ? AND sealed = 1 ORDER BY at DESC, id DESC LIMIT 1',
    [channel],
  )
  if (small && small[2] < SMALL_BYTES) rows.unshift(small)
  for (const [id] of rows) sql.run('DELETE FROM state_block WHERE id = ?', [id])
  for (const part of inBlocks(rows.map(([, at, size, data]) => ({ at, size, data }))))
    insert(sql, topic, channel, part[0]!.at, true, joinBlocks(part))
}

function insert(
  sql: Sql,
  topic: number,
  channel: number,
  at: number,
  sealed: boolean,
  block: TextBlock,
): void {
  sql.run('INSERT INTO state_block (topic, channel, at, sealed, size, data) VALUES (?, ?, ?, ?, ?, ?)', [
    topic,
    channel,
    at,
    sealed ? 1 : 0,
    block.size,
    block.data,
  ])
}
