import { groupBy } from '#lib/group-by.ts'
import type { StoredSamples } from '../../record/store.ts'
import { channelFor } from './channel-table.ts'
import { cutRun, packSamples, timeIn, unpackSamples, type Run, type SampleSummary } from './sample-block.ts'
import type { Sql } from './sql.ts'

/** About how many values a block has, and below how many it is put together with the next. */
const BLOCK_VALUES = 16_384
const SMALL_VALUES = 8_192
/** New rows of a topic are sealed when there are so many. */
const NEW_ROWS = 64

/** What is not sealed yet of a topic's samples: rows, values in all, and of which channels. */
export interface UnsealedSamples {
  rows: number
  values: number
  channels: Set<string>
}

/** A block in which samples of a range are, without what is in it. */
export interface FoundBlock extends SampleSummary {
  id: number
}

type BlockRow = [
  id: number,
  at: number,
  until: number,
  count: number,
  finite: number,
  mean: number | null,
  m2: number | null,
  low: number | null,
  lowAt: number | null,
  high: number | null,
  highAt: number | null,
  breaks: number,
]

/** What a row of new samples holds, one after the other: of each its times, where they are not even, and values. */
interface Piece {
  channel: string
  count: number
  t0: number
  dt: number
  even: boolean
  breaks: boolean
}

/** Adds samples of a topic. What is much becomes blocks at once. */
export function appendSamples(
  sql: Sql,
  topic: number,
  samples: readonly StoredSamples[],
  unsealed: UnsealedSamples,
): void {
  const few: StoredSamples[] = []
  for (const [channel, parts] of groupBy(samples, ({ channel }) => channel)) {
    if (valuesIn(parts) < SMALL_VALUES) {
      few.push(...parts)
      continue
    }
    if (unsealed.channels.has(channel)) sealSamples(sql, topic, unsealed)
    sealRuns(sql, channelFor(sql, topic, channel, 'samples'), parts.map(runOf))
  }
  if (few.length === 0) return
  const pieces = few.map(({ channel, values, times, t0, dt, breaks }): Piece => {
    // Known to readers from the first sample on.
    if (!unsealed.channels.has(channel)) channelFor(sql, topic, channel, 'samples')
    unsealed.channels.add(channel)
    return { channel, count: values.length, t0, dt, even: times === null, breaks }
  })
  sql.run('INSERT INTO new_samples (topic, pieces, data) VALUES (?, ?, ?)', [
    topic,
    JSON.stringify(pieces),
    bytesOf(few.flatMap(({ times, values }) => (times ? [times, values] : [values]))),
  ])
  unsealed.rows += 1
  unsealed.values += valuesIn(few)
}

export function areEnough({ rows, values, channels }: UnsealedSamples): boolean {
  return rows >= NEW_ROWS || (rows > 0 && values >= SMALL_VALUES * channels.size)
}

/** Puts what is new of a topic into blocks. */
export function sealSamples(sql: Sql, topic: number, unsealed: UnsealedSamples): void {
  const found = newSamples(sql, topic)
  for (const [channel, runs] of found) sealRuns(sql, channelFor(sql, topic, channel, 'samples'), runs)
  sql.run('DELETE FROM new_samples WHERE topic = ?', [topic])
  unsealed.rows = unsealed.values = 0
  unsealed.channels.clear()
}

/** What is not sealed yet, by channel, in order. */
export function newSamples(sql: Sql, topic: number): Map<string, Run[]> {
  const found = new Map<string, Run[]>()
  for (const [pieces, data] of sql.all<[string, Uint8Array]>(
    'SELECT pieces, data FROM new_samples WHERE topic = ? ORDER BY id',
    [topic],
  )) {
    const numbers = doublesIn(data)
    let at = 0
    const take = (count: number) => numbers.subarray(at, (at += count))
    for (const { channel, count, t0, dt, even, breaks } of JSON.parse(pieces) as Piece[]) {
      const times = even ? null : take(count)
      const run: Run = { times, t0, dt, offset: 0, values: take(count), breaks }
      const before = found.get(channel)
      if (before) before.push(run)
      else found.set(channel, [run])
    }
  }
  return found
}

export function unsealedSamples(sql: Sql, topic: number): UnsealedSamples {
  const found = newSamples(sql, topic)
  const [rows] = sql.first<[number]>('SELECT count(*) FROM new_samples WHERE topic = ?', [topic])!
  return {
    rows,
    values: [...found.values()].reduce((sum, runs) => sum + valuesIn(runs), 0),
    channels: new Set(found.keys()),
  }
}

/** The blocks of a channel with samples from `from` to `to`, both included, in order; the first `most` of them. */
export function blocksWithin(
  sql: Sql,
  channel: number,
  from: number,
  to: number,
  most = Number.MAX_SAFE_INTEGER,
): FoundBlock[] {
  // The block before may reach into the range.
  const [start] = sql.first<[number | null]>(
    'SELECT max(at) FROM sample_block WHERE channel = ? AND at < ?',
    [channel, from],
  )!
  return sql
    .all<BlockRow>(
      `SELECT id, at, until, count, finite, mean, m2, low, low_at, high, high_at, breaks
       FROM sample_block WHERE channel = ? AND at >= ? AND at <= ? AND until >= ?
       ORDER BY at, id LIMIT ?`,
      [channel, start ?? from, to, from, most],
    )
    .map(blockOf)
}

/** Time of a channel's oldest sealed sample; null when there is none. */
export function oldestSample(sql: Sql, channel: number): number | null {
  return sql.first<[number | null]>('SELECT min(at) FROM sample_block WHERE channel = ?', [channel])![0]
}

export function readBlock(sql: Sql, id: number): Run[] {
  const row = sql.first<[Uint8Array, Uint8Array]>('SELECT times, data FROM sample_block WHERE id = ?', [id])
  return row ? unpackSamples({ times: row[0], data: row[1] }) : []
}

/** Points that stand for a block, packed; null where it keeps none. */
export function readExtremes(sql: Sql, id: number): Uint8Array | null {
  return sql.first<[Uint8Array | null]>('SELECT extremes FROM sample_block WHERE id = ?', [id])?.[0] ?? null
}

/** The values of a run from `from` to `to`, both included; null when it has none there. */
export function runWithin(run: Run, from: number, to: number): Run | null {
  const start = firstAfter(run, (t) => t >= from)
  const end = firstAfter(run, (t) => t > to)
  return start < end ? cutRun(run, start, end) : null
}

function sealRuns(sql: Sql, channel: number, runs: readonly Run[]): void {
  const all = [...runs]
  const last = sql.first<[id: number, count: number]>(
    'SELECT id, count FROM sample_block WHERE channel = ? ORDER BY at DESC, id DESC LIMIT 1',
    [channel],
  )
  if (last && last[1] < SMALL_VALUES) {
    all.unshift(...readBlock(sql, last[0]))
    sql.run('DELETE FROM sample_block WHERE id = ?', [last[0]])
  }
  for (const part of inBlocks(all)) {
    const block = packSamples(part)
    sql.run(
      `INSERT INTO sample_block (channel, at, until, count, finite, mean, m2, low, low_at, high, high_at, breaks,
         times, extremes, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        channel,
        block.at,
        block.until,
        block.count,
        block.finite,
        block.mean,
        block.m2,
        block.low,
        block.lowAt,
        block.high,
        block.highAt,
        block.breaks,
        block.times,
        block.extremes,
        block.data,
      ],
    )
  }
}

/** Blocks of equally many values each, about BLOCK_VALUES. */
function inBlocks(runs: readonly Run[]): Run[][] {
  const total = valuesIn(runs)
  const most = Math.ceil(total / Math.max(1, Math.round(total / BLOCK_VALUES)))
  const blocks: Run[][] = []
  let room = 0
  for (const run of runs)
    for (let start = 0; start < run.values.length;) {
      if (room === 0) {
        blocks.push([])
        room = most
      }
      const end = Math.min(run.values.length, start + room)
      blocks.at(-1)!.push(cutRun(run, start, end))
      room -= end - start
      start = end
    }
  return blocks
}

/** Index of the first value for whose time `holds`; times only grow. */
function firstAfter(run: Run, holds: (t: number) => boolean): number {
  let low = 0
  let high = run.values.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(timeIn(run, middle))) high = middle
    else low = middle + 1
  }
  return low
}

function blockOf([
  id,
  at,
  until,
  count,
  finite,
  mean,
  m2,
  low,
  lowAt,
  high,
  highAt,
  breaks,
]: BlockRow): FoundBlock {
  return { id, at, until, count, finite, mean, m2, low, lowAt, high, highAt, breaks }
}

function runOf({ times, t0, dt, values, breaks }: StoredSamples): Run {
  return { times, t0, dt, offset: 0, values, breaks }
}

function valuesIn(runs: readonly { values: Float64Array }[]): number {
  return runs.reduce((sum, { values }) => sum + values.length, 0)
}

function bytesOf(parts: readonly Float64Array[]): Uint8Array {
  return Buffer.concat(
    parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  )
}

function doublesIn(bytes: Uint8Array): Float64Array {
  const numbers = new Float64Array(bytes.length / 8)
  new Uint8Array(numbers.buffer).set(bytes)
  return numbers
}
