import { expect, test } from 'vitest'
import { Track } from './track.ts'

/** Deterministic noise. */
const noise = (i: number) =>
  Math.sin(i * 12.9898) * 43_758.5453 - Math.floor(Math.sin(i * 12.9898) * 43_758.5453)
const series = (n: number, dt = 1) => ({
  times: Float64Array.from({ length: n }, (_, i) => i * dt),
  values: Float64Array.from({ length: n }, (_, i) => noise(i)),
})

function bruteColumns(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  from: number,
  to: number,
  n: number,
) {
  const lows = new Float64Array(n).fill(Number.NaN)
  const highs = new Float64Array(n).fill(Number.NaN)
  for (let i = 0; i < times.length; i++) {
    const t = times[i]!
    const value = values[i]!
    if (t < from || t >= to || !Number.isFinite(value)) continue
    const column = Math.min(n - 1, Math.floor(((t - from) * n) / (to - from)))
    lows[column] = Number.isNaN(lows[column]!) ? value : Math.min(lows[column]!, value)
    highs[column] = Number.isNaN(highs[column]!) ? value : Math.max(highs[column]!, value)
  }
  return { lows, highs }
}

test.each([
  [0, 10_000, 300],
  [1_234.5, 8_765.4, 97],
  [9_990, 9_999, 50],
  [-500, 20_000, 40],
])('columns from %d to %d are the extremes of what is in them', (from, to, n) => {
  const { times, values } = series(10_000)
  values[5_000] = Number.NaN
  values[5_001] = Number.POSITIVE_INFINITY
  for (const even of [false, true]) {
    const track = new Track()
    if (even) {
      track.appendEven(0, 1, values.subarray(0, 3_000))
      track.appendEven(3_000, 1, values.subarray(3_000))
    } else
      for (let i = 0; i < times.length; i += 7)
        track.append(times.subarray(i, i + 7), values.subarray(i, i + 7))
    const lows = new Float64Array(n)
    const highs = new Float64Array(n)
    track.columns(from, to, lows, highs)
    expect({ lows, highs }).toEqual(bruteColumns(times, values, from, to, n))
  }
})

test('statistics of a window are those of its samples', () => {
  const { times, values } = series(5_000)
  const track = new Track()
  track.append(times, values)
  const inside = Array.from(values.subarray(1_000, 4_001))
  const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length
  const variance = inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (inside.length - 1)
  const stats = track.stats(1_000, 4_000.5)
  expect(stats.n).toBe(inside.length)
  expect(stats.mean).toBeCloseTo(mean, 10)
  expect(stats.deviation).toBeCloseTo(Math.sqrt(variance), 10)
  expect(stats.min).toBe(Math.min(...inside))
  expect(stats.max).toBe(Math.max(...inside))
})

test('a thinned part keeps the statistics of all that was received', () => {
  const track = new Track()
  track.append([0, 1], [-1, 1], { n: 100, mean: 0.25, m2: 9.9 })
  expect(track.stats(0, 2)).toMatchObject({ n: 100, mean: 0.25, min: -1, max: 1 })
  expect(track.received).toBe(100)
})

test('beyond its bound a track grows coarser from its oldest end, and keeps the extremes', () => {
  const track = new Track(10_000)
  const { times, values } = series(100_000)
  values[42] = 100
  for (let i = 0; i < times.length; i += 500)
    track.append(times.subarray(i, i + 500), values.subarray(i, i + 500))
  expect(track.points).toBeLessThanOrEqual(20_000 + 1_024)
  expect(track.first).toBeLessThanOrEqual(42)
  expect(track.last).toBe(99_999)
  expect(track.exactFrom).toBeGreaterThan(85_000)
  expect(track.exactFrom).toBeLessThan(100_000 - 8_000)
  const lows = new Float64Array(10)
  const highs = new Float64Array(10)
  track.columns(0, 100_000, lows, highs)
  expect(highs[0]).toBe(100)
  expect(track.stats(0, 100_000).n).toBe(100_000)
  expect(track.hasDropped).toBe(false)
})

test('a track of days stays within its bound', () => {
  const track = new Track(2_048)
  for (let i = 0; i < 3_000; i++) {
    const part = Float64Array.from({ length: 500 }, (_, k) => i * 500 + k)
    track.append(part, part)
  }
  expect(track.hasDropped).toBe(true)
  expect(track.points).toBeLessThan(2 * 2_048 + 2_048)
})

test('points are found by time', () => {
  const track = new Track()
  track.append([10, 20, 30], [1, 2, 3])
  track.appendEven(
    40,
    1,
    Array.from({ length: 100 }, (_, i) => i),
  )
  expect(track.nearest(24)).toEqual({ t: 20, value: 2 })
  expect(track.nearest(-5)).toEqual({ t: 10, value: 1 })
  expect(track.nearest(1_000)).toEqual({ t: 139, value: 99 })
  expect(track.nearest(36)).toEqual({ t: 40, value: 0 })
  expect(track.around(25)).toEqual({ before: { t: 20, value: 2 }, after: { t: 30, value: 3 } })
  expect(track.around(35)).toEqual({ before: { t: 30, value: 3 }, after: { t: 40, value: 0 } })
  expect(track.around(5).before).toBeNull()
  expect(track.around(500).after).toBeNull()
})

test('a time that runs back counts as the last one', () => {
  const track = new Track()
  track.append([10, 5], [1, 2])
  track.appendEven(3, 1, new Float64Array(200))
  expect(track.last).toBe(202)
  expect(track.nearest(0)).toEqual({ t: 10, value: 1 })
})

test('a break is a point of its own, once', () => {
  const track = new Track()
  track.append([1], [1])
  track.breakAt(2)
  track.breakAt(3)
  expect([track.newest, track.newestAt, track.last]).toEqual([1, 1, 2])
  track.append([4], [4])
  expect([track.newest, track.newestAt]).toEqual([4, 4])
  const seen: [number, number][] = []
  track.forEach(0, 10, (t, value) => void seen.push([t, value]))
  expect(seen).toEqual([
    [1, 1],
    [2, Number.NaN],
    [4, 4],
  ])
})

test('a range is whole while it is short, else its extremes', () => {
  const track = new Track()
  const { times, values } = series(20_000)
  track.append(times, values)
  const short = track.range(100, 200, 1_000)
  expect(short.thinned).toBe(false)
  expect(Array.from(short.t)).toEqual(Array.from({ length: 101 }, (_, i) => 100 + i))
  const long = track.range(0, 19_999, 1_000)
  expect(long.thinned).toBe(true)
  expect(long.t.length).toBeLessThanOrEqual(1_000)
  expect(Math.max(...long.v)).toBe(Math.max(...values))
  expect([...long.t].every((t, i) => i === 0 || t >= long.t[i - 1]!)).toBe(true)
})

const pointsOf = (track: Track) => {
  const points: number[][] = []
  track.forEach(-Infinity, Infinity, (t, value) => void points.push([t, value]))
  return points
}

test('earlier points can come later', () => {
  const track = new Track()
  track.append([100, 101], [1, 2])
  track.insert([50, 60, 100], [5, 6, 7])
  expect(track.first).toBe(50)
  expect(track.nearest(99)).toEqual({ t: 100, value: 1 })
  expect(track.points).toBe(4)
})

test('points can come later between two others, and only there', () => {
  const track = new Track()
  track.append([10, 20, 50, 60], [1, 2, 5, 6])
  track.insert([20, 30, 40, 50], [-1, 3, 4, -1])
  expect(pointsOf(track)).toEqual([
    [10, 1],
    [20, 2],
    [30, 3],
    [40, 4],
    [50, 5],
    [60, 6],
  ])
  track.append([70], [7])
  expect(track.points).toBe(7)
  expect(track.stats(0, 100)).toMatchObject({ n: 7, min: 1, max: 7, mean: 4 })
  expect(track.stats(25, 45)).toMatchObject({ n: 2, min: 3, max: 4 })
})

test.each([false, true])('what is cut at the end is as if it had never come (evenly spaced: %s)', (even) => {
  for (const keep of [0, 1, 1_000, 1_024, 1_025, 4_999]) {
    const { times, values } = series(5_000)
    const track = new Track()
    const short = new Track()
    if (even) {
      track.appendEven(0, 1, values)
      short.appendEven(0, 1, values.subarray(0, keep))
    } else {
      track.append(times, values)
      short.append(times.subarray(0, keep), values.subarray(0, keep))
    }
    track.cutAfter(keep - 1)
    expect(pointsOf(track)).toEqual(pointsOf(short))
    expect([track.points, track.last, track.newest]).toEqual([short.points, short.last, short.newest])
    track.append([10_000], [0.5])
    short.append([10_000], [0.5])
    const [cut, never] = [track, short].map((each) => each.stats(0, 10_000))
    expect(cut!.n).toBe(never!.n)
    expect(cut!.mean).toBeCloseTo(never!.mean, 12)
  }
})

test('a break is cut with what it is after, and is taken back where what was missing has come', () => {
  const track = new Track()
  track.append([10, 20], [1, 2])
  track.breakAt(25)
  track.cutAfter(20)
  expect([track.brokenAt, track.newest, track.last]).toEqual([null, 2, 20])
  track.breakAt(20)
  track.append([50], [5])
  track.mendAt(20)
  track.insert([30, 40], [3, 4])
  expect(pointsOf(track).map(([, value]) => value)).toEqual([1, 2, 3, 4, 5])
  // A value that is NaN at another time is none of it.
  track.append([60], [Number.NaN])
  track.mendAt(50)
  expect(track.points).toBe(6)
})

test('columns say where the line breaks', () => {
  const track = new Track()
  track.append([0, 10, 12, 20, 30, 31, 50], [1, 2, Number.NaN, 3, Number.NaN, 4, 5])
  const lows = new Float64Array(6)
  const highs = new Float64Array(6)
  const breaks = new Uint8Array(6)
  track.columns(0, 60, lows, highs, breaks)
  expect([...lows]).toEqual([1, 2, 3, 4, Number.NaN, 5])
  // After 2; before 4.
  expect([...breaks]).toEqual([0, 2, 0, 1, 0, 0])
})

test('a break at the end of a stretch that is taken whole is not lost', () => {
  const track = new Track()
  const values = Array.from({ length: 2_048 }, () => 1)
  values[31] = Number.NaN
  values[64] = Number.POSITIVE_INFINITY
  track.append(
    values.map((_, i) => i),
    values,
  )
  const breaks = new Uint8Array(64)
  track.columns(0, 2_048, new Float64Array(64), new Float64Array(64), breaks)
  expect(Array.from(breaks.slice(0, 4))).toEqual([2, 0, 1, 0])
})
