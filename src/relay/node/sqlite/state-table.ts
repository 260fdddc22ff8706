import type { StoredStates } from '../../record/store.ts'
import { inBlocks, SMALL_BYTES, type Unsealed } from './blocks.ts'
import { channelFor } from './channel-table.ts'
import type { Sql } from './sql.ts'
import { packLines, plainLines, unpackLines, type TextBlock } from './text-block.ts'

/** A change of a channel of states: when, and to what. Each is a line [time, state] on disk. */
export type Change = [t: number, v: StoredStates['v'][number]]

type Row = [id: number, at: number, size: number, data: Uint8Array]

/** Adds changes of a topic's channels. @returns bytes */
export function appendStates(sql: Sql, topic: number, states: readonly StoredStates[]): number {
  let bytes = 0
  for (const { channel, t, v } of states) {
    if (t.length === 0) continue
    const block = plainLines(t.map((time, k) => JSON.stringify([time, v[k]])))
    insert(sql, channelFor(sql, topic, channel, 'states'), t[0]!, false, block)
    bytes += block.size
  }
  return bytes
}

/** Puts what is new of a topic into blocks. */
export function sealStates(sql: Sql, topic: number): void {
  const channels = sql.all<[number]>(
    `SELECT DISTINCT channel FROM state_block WHERE sealed = 0 AND channel IN
     (SELECT id FROM channel WHERE topic = ? AND sort = 'states')`,
    [topic],
  )
  for (const [channel] of channels) sealChannel(sql, channel)
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
    `SELECT count(*), ifnull(sum(size), 0) FROM state_block WHERE sealed = 0 AND channel IN
     (SELECT id FROM channel WHERE topic = ? AND sort = 'states')`,
    [topic],
  )!
  return { rows, bytes }
}

function sealChannel(sql: Sql, channel: number): void {
  const rows = sql.all<Row>(
    'SELECT id, at, size, data FROM state_block WHERE channel = ? AND sealed = 0 ORDER BY at, id',
    [channel],
  )
  const small = sql.first<Row>(
    'SELECT id, at, size, data FROM state_block WHERE channel = ? AND sealed = 1 ORDER BY at DESC, id DESC LIMIT 1',
    [channel],
  )
  if (small && small[2] < SMALL_BYTES) rows.unshift(small)
  const lines = rows.flatMap(([, , size, data]) => unpackLines({ size, data }))
  for (const [id] of rows) sql.run('DELETE FROM state_block WHERE id = ?', [id])
  for (const part of inBlocks(lines, (line) => line.length))
    insert(sql, channel, (JSON.parse(part[0]!) as Change)[0], true, packLines(part))
}

function insert(sql: Sql, channel: number, at: number, sealed: boolean, block: TextBlock): void {
  sql.run('INSERT INTO state_block (channel, at, sealed, size, data) VALUES (?, ?, ?, ?, ?)', [
    channel,
    at,
    sealed ? 1 : 0,
    block.size,
    block.data,
  ])
}
