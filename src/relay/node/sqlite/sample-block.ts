import { momentsOf } from '#model/moments.ts'
import { thin } from '#model/thin.ts'
import { packDoubles, unpackDoubles } from './doubles.ts'

/**
 * Samples of one channel that follow each other. Times are ms since epoch: of each one, or evenly spaced, that of
 * value `i` being `t0 + (offset + i) * dt`.
 */
export interface Run {
  times: Float64Array | null
  t0: number
  dt: number
  offset: number
  values: Float64Array
  /** The last value is no sample but says that the line breaks there. */
  breaks: boolean
}

/** What is known of a block without looking into it. */
export interface SampleSummary {
  at: number
  until: number
  /** Values, and how many of them are finite. */
  count: number
  finite: number
  mean: number | null
  m2: number | null
  low: number | null
  lowAt: number | null
  high: number | null
  highAt: number | null
  /** 1: the line breaks at its end. */
  breaks: number
}

export interface SampleBlock extends SampleSummary {
  /** Runs and the times that are not even, packed. */
  times: Uint8Array
  /** Times and values of the smallest and the largest of each stretch, packed; null: too few to be worth it. */
  extremes: Uint8Array | null
  data: Uint8Array
}

/** Numbers that say a run: how many, `t0`, `dt` (NaN: each has its time), `offset`, whether it breaks. */
const RUN_FIELDS = 5
/** Shorter even runs have a time for each. */
const LEAST_EVEN = 16
/** Stretches of which a block keeps the extremes, and how many values it must have for that. */
const STRETCHES = 16
const LEAST_FOR_EXTREMES = 1_024

export function timeIn(run: Run, i: number): number {
  return run.times ? run.times[i]! : run.t0 + (run.offset + i) * run.dt
}

/** Values `start` to `end` (not included) of a run. */
export function cutRun(run: Run, start: number, end: number): Run {
  return {
    ...run,
    times: run.times?.subarray(start, end) ?? null,
    offset: run.offset + start,
    values: run.values.subarray(start, end),
    breaks: run.breaks && end >= run.values.length,
  }
}

/** @param runs one at least, none of them empty */
export function packSamples(runs: readonly Run[]): SampleBlock {
  const joined = joinRuns(runs)
  const values = concat(joined.map((run) => run.values))
  const fields = joined.flatMap(({ times, values: { length }, t0, dt, offset, breaks }) =>
    times ? [length, 0, Number.NaN, 0, Number(breaks)] : [length, t0, dt, offset, Number(breaks)],
  )
  return {
    ...summaryOf(joined, values),
    times: packedTimes(
      Float64Array.from(fields),
      concat(joined.flatMap((run) => (run.times ? [run.times] : []))),
    ),
    extremes: values.length < LEAST_FOR_EXTREMES ? null : packedExtremes(joined, values),
    data: packDoubles(values),
  }
}

export function unpackSamples(block: Pick<SampleBlock, 'times' | 'data'>): Run[] {
  const view = new DataView(block.times.buffer, block.times.byteOffset)
  const length = view.getUint32(0, true)
  const fields = unpackDoubles(block.times.subarray(4, 4 + length))
  const times = unpackDoubles(block.times.subarray(4 + length))
  const values = unpackDoubles(block.data)
  const runs: Run[] = []
  let value = 0
  let time = 0
  for (let k = 0; k < fields.length; k += RUN_FIELDS) {
    const count = fields[k]!
    const dt = fields[k + 2]!
    const isEven = !Number.isNaN(dt)
    runs.push({
      times: isEven ? null : times.subarray(time, time + count),
      t0: fields[k + 1]!,
      dt: isEven ? dt : 0,
      offset: fields[k + 3]!,
      values: values.subarray(value, value + count),
      breaks: fields[k + 4] === 1,
    })
    value += count
    if (!isEven) time += count
  }
  return runs
}

/** Points that stand for a block in a wide view, each one of its samples, in order of time. */
export function unpackExtremes(extremes: Uint8Array): { t: Float64Array; v: Float64Array } {
  const both = unpackDoubles(extremes)
  return { t: both.subarray(0, both.length / 2), v: both.subarray(both.length / 2) }
}

/** Runs in which each sample has its time go on as one, until a break. */
function joinRuns(runs: readonly Run[]): Run[] {
  const joined: Run[][] = []
  for (const run of runs) {
    const own = run.times || run.values.length < LEAST_EVEN ? { ...run, times: timesOf(run) } : run
    const before = joined.at(-1)
    const last = before?.at(-1)
    if (before && last?.times && own.times && !last.breaks) before.push(own)
    else joined.push([own])
  }
  return joined.map((parts) => {
    const [first] = parts
    if (parts.length === 1) return first!
    return {
      times: concat(parts.map((run) => run.times!)),
      t0: 0,
      dt: 0,
      offset: 0,
      values: concat(parts.map((run) => run.values)),
      breaks: parts.at(-1)!.breaks,
    }
  })
}

export function timesOf(run: Run): Float64Array {
  if (run.times) return run.times
  const times = new Float64Array(run.values.length)
  for (let i = 0; i < times.length; i++) times[i] = timeIn(run, i)
  return times
}

function summaryOf(runs: readonly Run[], values: Float64Array): SampleSummary {
  let low = -1
  let high = -1
  let lowest = Infinity
  let highest = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < lowest && value !== -Infinity) {
      lowest = value
      low = i
    }
    if (value > highest && value !== Infinity) {
      highest = value
      high = i
    }
  }
  const { n, mean, m2 } = momentsOf(values)
  const last = runs.at(-1)!
  return {
    at: timeIn(runs[0]!, 0),
    until: timeIn(last, last.values.length - 1),
    count: values.length,
    finite: n,
    mean: n === 0 ? null : mean,
    m2: n === 0 ? null : m2,
    low: low < 0 ? null : lowest,
    lowAt: low < 0 ? null : timeOf(runs, low),
    high: high < 0 ? null : highest,
    highAt: high < 0 ? null : timeOf(runs, high),
    breaks: Number(last.breaks),
  }
}

/** The time of value `i` of runs that follow each other. */
function timeOf(runs: readonly Run[], i: number): number {
  let index = i
  for (const run of runs) {
    if (index < run.values.length) return timeIn(run, index)
    index -= run.values.length
  }
  return Number.NaN
}

function packedTimes(fields: Float64Array, times: Float64Array): Uint8Array {
  const first = packDoubles(fields)
  const bytes = Buffer.concat([new Uint8Array(4), first, packDoubles(times)])
  bytes.writeUInt32LE(first.length)
  return bytes
}

function packedExtremes(runs: readonly Run[], values: Float64Array): Uint8Array {
  const { t, v } = thin(indexesTo(values.length), values, STRETCHES)
  return packDoubles(concat([t.map((i) => timeOf(runs, i)), v]))
}

let indexes = new Float64Array()

/** 0, 1, 2 … */
function indexesTo(count: number): Float64Array {
  if (indexes.length < count) indexes = new Float64Array(count).map((_, i) => i)
  return indexes.subarray(0, count)
}

function concat(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
