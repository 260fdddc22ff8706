import { partsOf } from '#model/series-parts.ts'
import type { Moments } from '#model/moments.ts'
import { Track } from '#model/track.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import type { SamplePage, SampleRange, StoredSamples } from '../../record/store.ts'
import { channelsOf } from './channel-table.ts'
import { timeIn, timesOf, unpackExtremes, type Run } from './sample-block.ts'
import {
  blocksWithin,
  newSamples,
  oldestSample,
  readBlock,
  readExtremes,
  runWithin,
  type FoundBlock,
} from './sample-table.ts'
import type { Sql } from './sql.ts'
import { changesWithin } from './state-table.ts'

/** Points that a block has where only its smallest and largest are looked at, and where its extremes are. */
const SUMMARY_POINTS = 2
const EXTREMES_POINTS = 32
/** Values of a page of all samples, about; and how many blocks of each channel are looked at for one. */
const PAGE_VALUES = 262_144
const PAGE_BLOCKS = 40

/**
 * Samples of a range, thinned to about `points` a channel: see Store. Of blocks that are narrower than what can be
 * shown only their extremes are looked at.
 */
export function samplesWithin(sql: Sql, topic: number, range: SampleRange): SamplesAnswer {
  const { from, to, points } = range
  const unsealed = newSamples(sql, topic)
  const found = channelsOf(sql, topic, 'samples', range.channels).map(({ id, name }) => {
    const runs = unsealed.get(name) ?? []
    const track = trackWithin(sql, id, runs, range)
    return {
      ...partsOf(name, track, from, to, points),
      oldest: oldestSample(sql, id) ?? (runs[0] ? timesOf(runs[0])[0]! : null),
    }
  })
  return {
    series: found.flatMap(({ parts }) => parts),
    states: channelsOf(sql, topic, 'states', range.channels).map(({ id, name }) => {
      const changes = changesWithin(sql, id, from, to)
      return { c: name, t: changes.map(([t]) => t), v: changes.map(([, v]) => v) }
    }),
    exactFrom: found.reduce<number | null>(
      (latest, { oldest }) => (oldest === null ? latest : Math.max(latest ?? oldest, oldest)),
      null,
    ),
    exact: found.every(({ thinned }) => !thinned),
  }
}

/**
 * A page of all samples of a range, in order of time: see Store.
 * @param after the `next` of the page before; null: the first page
 * @param most blocks of each channel that are looked at
 */
export function samplePage(
  sql: Sql,
  topic: number,
  { from, to, channels }: Omit<SampleRange, 'points'>,
  after: number | null,
  most = PAGE_BLOCKS,
): SamplePage {
  const start = after === null ? from : nextUp(after)
  const unsealed = newSamples(sql, topic)
  const sources = channelsOf(sql, topic, 'samples', channels).map(({ id, name }) => ({
    name,
    blocks: blocksWithin(sql, id, start, to, most),
    runs: (unsealed.get(name) ?? []).flatMap((run) => runWithin(run, start, to) ?? []),
  }))
  // Beyond, there may be more of a channel than was looked at.
  const known = Math.min(
    ...sources.map(({ blocks }) => (blocks.length < most ? Infinity : blocks.at(-1)!.at)),
  )
  if (known <= start) return samplePage(sql, topic, { from, to, channels }, after, most * 8)
  const next = endOfPage(
    sources.flatMap(({ blocks, runs }) => [...blocks, ...runs.map(extentOf)]),
    start,
    known,
  )
  const end = next ?? to
  return {
    runs: sources.flatMap(({ name, blocks, runs }) =>
      [...blocks.filter(({ at }) => at <= end).flatMap(({ id }) => readBlock(sql, id)), ...runs].flatMap(
        (run) => {
          const part = runWithin(run, start, end)
          return part ? [storedOf(name, part)] : []
        },
      ),
    ),
    states: channelsOf(sql, topic, 'states', channels).flatMap(({ id, name }) => {
      const changes = changesWithin(sql, id, start, end).filter(([t]) => after === null || t > after)
      return changes.length === 0
        ? []
        : [{ channel: name, t: changes.map(([t]) => t), v: changes.map(([, v]) => v) }]
    }),
    next,
  }
}

function trackWithin(sql: Sql, channel: number, unsealed: readonly Run[], range: SampleRange): Track {
  const { from, to, points } = range
  const track = new Track(Infinity)
  const blocks = blocksWithin(sql, channel, from, to)
  const shown = detailOf(blocks.length, points)
  const first = Math.max(from, blocks[0]?.at ?? from)
  const last = Math.min(to, blocks.at(-1)?.until ?? to)
  const wide = ((last - first) / points) * SUMMARY_POINTS
  for (const block of blocks) {
    // One that reaches out of the range is looked into, for exact statistics.
    const isWithin = block.at >= from && block.until <= to
    // So is one with holes where they are seen.
    const hasHole = block.finite < block.count - block.breaks && block.until - block.at > wide
    const detail = !isWithin ? 'all' : shown === 'summary' && hasHole ? 'extremes' : shown
    const extremes = detail === 'extremes' ? readExtremes(sql, block.id) : null
    if (detail === 'summary') addPoints(track, block, summaryPoints(block))
    else if (extremes) addPoints(track, block, unpackExtremes(extremes))
    else for (const run of readBlock(sql, block.id)) addRun(track, run)
  }
  for (const run of unsealed) addRun(track, run)
  return track
}

/** How closely blocks need to be looked at for so many points. */
function detailOf(blocks: number, points: number): 'summary' | 'extremes' | 'all' {
  if (blocks * SUMMARY_POINTS >= points) return 'summary'
  return blocks * EXTREMES_POINTS >= points ? 'extremes' : 'all'
}

function summaryPoints({ low, lowAt, high, highAt }: FoundBlock): { t: Float64Array; v: Float64Array } {
  if (low === null || lowAt === null || high === null || highAt === null)
    return { t: new Float64Array(), v: new Float64Array() }
  if (lowAt === highAt) return { t: Float64Array.of(lowAt), v: Float64Array.of(low) }
  return lowAt < highAt
    ? { t: Float64Array.of(lowAt, highAt), v: Float64Array.of(low, high) }
    : { t: Float64Array.of(highAt, lowAt), v: Float64Array.of(high, low) }
}

/** Adds points that stand for all samples of a block. */
function addPoints(track: Track, block: FoundBlock, { t, v }: { t: Float64Array; v: Float64Array }): void {
  const { finite: n, mean, m2 } = block
  const moments: Moments = { n, mean: mean ?? 0, m2: m2 ?? 0 }
  track.append(t, v, moments, true)
  if (block.breaks === 1) track.breakAt(block.until)
}

function addRun(track: Track, run: Run): void {
  const count = run.breaks ? run.values.length - 1 : run.values.length
  const values = run.values.subarray(0, count)
  if (run.times || run.offset > 0) track.append(timesOf(run), values)
  else track.appendEven(run.t0, run.dt, values)
  if (run.breaks) track.breakAt(timesOf(run)[count]!)
}

interface Extent {
  at: number
  until: number
  count: number
}

function extentOf(run: Run): Extent {
  const { length } = run.values
  return { at: timeIn(run, 0), until: timeIn(run, length - 1), count: length }
}

/**
 * Time up to which a page reaches that begins at `start`; null where all that is left fits. What begins at one time
 * is not parted.
 * @param known before this time all extents are known
 */
function endOfPage(extents: readonly Extent[], start: number, known: number): number | null {
  if (known === Infinity && valuesUntil(extents, start, Infinity) <= PAGE_VALUES) return null
  const begins = [...new Set(extents.map(({ at }) => at))].filter((at) => at > start && at <= known)
  begins.sort((a, b) => a - b)
  let low = 0
  let high = begins.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (valuesUntil(extents, start, begins[middle]!) <= PAGE_VALUES) low = middle
    else high = middle - 1
  }
  const end = begins[low]
  return end === undefined ? null : nextDown(end)
}

/** About how many values there are from `start` to `end`. */
function valuesUntil(extents: readonly Extent[], start: number, end: number): number {
  let values = 0
  for (const { at, until, count } of extents) {
    if (at >= end) continue
    const share = until > at ? (Math.min(until, end) - Math.max(at, start)) / (until - at) : 1
    values += share * count
  }
  return values
}

function storedOf(channel: string, run: Run): Omit<StoredSamples, 'address'> {
  const { t0, dt, values, breaks } = run
  const times = run.times || run.offset > 0 ? timesOf(run) : null
  return { channel, times: times?.slice() ?? null, t0, dt, values: values.slice(), breaks }
}

const double = new Float64Array(1)
const bits = new BigInt64Array(double.buffer)

/** The double after a time, and the one before. */
function nextUp(t: number): number {
  return step(t, 1n)
}

function nextDown(t: number): number {
  return step(t, -1n)
}

function step(t: number, by: bigint): number {
  if (t === 0) return Number(by) * Number.MIN_VALUE
  double[0] = t
  bits[0]! += t < 0 ? -by : by
  return double[0]
}
