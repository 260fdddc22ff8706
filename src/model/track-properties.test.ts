import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { Track } from './track.ts'

/*
 * A track beside a plain array of its points: however points came, the track says of them what the array says.
 */

interface Point {
  t: number
  value: number
}

/** Quarters: sums of them are exact, so that what the array says is what is true. */
const quarter = fc.integer({ min: 0, max: 40 }).map((n) => n / 4)
const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -100, max: 100 }).map((n) => n / 4) },
  fc.constantFrom(Number.NaN, Infinity, -Infinity, 0),
)

type Step =
  | { how: 'append'; points: { after: number; value: number }[] }
  | { how: 'add'; after: number; value: number }
  | { how: 'even'; after: number; dt: number; values: number[] }
  | { how: 'break'; after: number }
  | { how: 'insert'; before: number; values: number[] }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    how: fc.constant('append' as const),
    // A step back in time: such points count as being at the last one's.
    points: fc.array(fc.record({ after: quarter.map((n) => n - 1), value }), { maxLength: 60 }),
  }),
  fc.record({ how: fc.constant('add' as const), after: quarter.map((n) => n - 1), value }),
  fc.record({
    how: fc.constant('even' as const),
    after: quarter.map((n) => n - 1),
    dt: fc.constantFrom(0, 0.25, 0.5, 1, 3),
    values: fc.array(value, { minLength: 1, maxLength: 130, size: 'max' }),
  }),
  fc.record({ how: fc.constant('break' as const), after: quarter }),
  fc.record({
    how: fc.constant('insert' as const),
    before: quarter.map((n) => n - 1),
    values: fc.array(value, { minLength: 1, maxLength: 40 }),
  }),
)

/** What a track holds, as simply as can be. */
class Model {
  points: Point[] = []
  /** Those that were added at the end, in order. */
  added: Point[] = []
  broken = false
  received = 0

  get last(): number {
    return this.points.at(-1)?.t ?? 0
  }

  add(t: number, value: number): void {
    const point = { t: Math.max(this.points.at(-1)?.t ?? t, t), value }
    this.points.push(point)
    this.added.push(point)
    this.received += 1
    this.broken = false
  }

  /** The newest that is no break. */
  get newest(): Point | undefined {
    return this.points.at(this.broken ? -2 : -1)
  }

  within(from: number, to: number): Point[] {
    return this.points.filter(({ t }) => t >= from && t <= to)
  }
}

function play(track: Track, model: Model, step: Step): void {
  switch (step.how) {
    case 'append': {
      let t = model.last
      const times = step.points.map(({ after }) => (t += after))
      track.append(
        times,
        step.points.map(({ value }) => value),
      )
      for (const [i, time] of times.entries()) model.add(time, step.points[i]!.value)
      break
    }
    case 'add': {
      const t = model.last + step.after
      track.add(t, step.value)
      model.add(t, step.value)
      break
    }
    case 'even': {
      const t0 = model.last + step.after
      track.appendEven(t0, step.dt, step.values)
      for (const [i, value] of step.values.entries()) model.add(t0 + i * step.dt, value)
      break
    }
    case 'break': {
      const t = model.last + step.after
      track.breakAt(t)
      if (!model.newest || Number.isNaN(model.newest.value) || model.broken) break
      model.add(t, Number.NaN)
      model.broken = true
      break
    }
    case 'insert': {
      const last = (model.points[0]?.t ?? 0) - step.before
      const times = step.values.map((_, i) => last - (step.values.length - 1 - i) * 0.5)
      // Before all, or between the same two.
      const at = model.points.findIndex(({ t }) => t > times[0]!)
      if (at < 0 && model.points.length > 0) break
      track.insert(times, step.values)
      const from = model.points[at - 1]?.t ?? -Infinity
      const to = model.points[at]?.t ?? Infinity
      const points = times
        .map((t, i) => ({ t, value: step.values[i]! }))
        .filter(({ t }) => t > from && t < to)
      model.points.splice(Math.max(0, at), 0, ...points)
      break
    }
    default:
      step satisfies never
  }
}

function played(steps: readonly Step[], maxPoints?: number): { track: Track; model: Model } {
  const track = new Track(maxPoints)
  const model = new Model()
  for (const each of steps) play(track, model, each)
  return { track, model }
}

function read(track: Track, from = -Infinity, to = Infinity): Point[] {
  const points: Point[] = []
  track.forEach(from, to, (t, value) => {
    points.push({ t, value })
  })
  return points
}

const steps = fc.array(step, { minLength: 1, maxLength: 25 })
/** Two times in a stretch that most tracks reach beyond. */
const window = fc
  .tuple(fc.integer({ min: -40, max: 400 }), fc.integer({ min: 0, max: 400 }))
  .map(([from, ms]) => ({
    from: from / 4,
    to: (from + ms) / 4,
  }))

test('a track has the points that it was given, in order', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { track, model } = played(list)
      expect(read(track)).toEqual(model.points)
      expect({
        points: track.points,
        received: track.received,
        first: track.first,
        last: track.last,
        newest: track.newest,
        newestAt: track.newestAt,
        brokenAt: track.brokenAt,
        hasDropped: track.hasDropped,
      }).toEqual({
        points: model.points.length,
        received: model.received,
        first: model.points[0]?.t ?? null,
        last: model.points.at(-1)?.t ?? null,
        newest: model.newest?.value ?? Number.NaN,
        newestAt: model.newest?.t ?? null,
        brokenAt: model.broken ? model.last : null,
        hasDropped: false,
      })
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('any window of it has the points of that window', () => {
  fc.assert(
    fc.property(steps, window, fc.integer({ min: 1, max: 50 }), (list, { from, to }, most) => {
      const { track, model } = played(list)
      const inside = model.within(from, to)
      expect(read(track, from, to)).toEqual(inside)
      const range = track.range(from, to, Infinity)
      expect(Array.from(range.t, (t, i) => ({ t, value: range.v[i]! }))).toEqual(inside)
      expect(range.thinned).toBe(false)
      expect(track.countWithin(from, to, most)).toBe(Math.min(most, inside.length))
      const thinned = track.range(from, to, most)
      expect(thinned.thinned).toBe(inside.length > most)
      for (const [i, t] of thinned.t.entries()) expect(inside).toContainEqual({ t, value: thinned.v[i]! })
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('statistics of any window are those of its finite samples', () => {
  fc.assert(
    fc.property(steps, window, (list, { from, to }) => {
      const { track, model } = played(list)
      const values = model
        .within(from, to)
        .map(({ value }) => value)
        .filter(Number.isFinite)
      const mean = values.reduce((sum, each) => sum + each, 0) / values.length
      const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0)
      const stats = track.stats(from, to)
      expect(stats.n).toBe(values.length)
      if (values.length === 0) return
      expect(stats.min).toBe(Math.min(...values))
      expect(stats.max).toBe(Math.max(...values))
      expect(stats.mean).toBeCloseTo(mean, 9)
      expect(stats.deviation).toBeCloseTo(values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0, 9)
      expect(track.isExact(from, to)).toBe(true)
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('the points around a time are those beside it', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: -40, max: 800 }), (list, n) => {
      const t = n / 4
      const { track, model } = played(list)
      const next = model.points.findIndex((point) => point.t >= t)
      const after = next < 0 ? null : model.points[next]!
      const before = next < 0 ? (model.points.at(-1) ?? null) : (model.points[next - 1] ?? null)
      expect(track.around(t)).toEqual({ before, after })
      const nearest = track.nearest(t)
      expect(nearest === null).toBe(model.points.length === 0)
      if (!nearest) return
      expect(model.points).toContainEqual(nearest)
      expect(Math.abs(nearest.t - t)).toBe(Math.min(...model.points.map((point) => Math.abs(point.t - t))))
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('columns have the extremes of their points, and say where the line breaks', () => {
  fc.assert(
    fc.property(steps, window, fc.integer({ min: 1, max: 60 }), (list, { from, to: end }, count) => {
      const to = end + 0.25
      const { track, model } = played(list)
      const lows = new Float64Array(count)
      const highs = new Float64Array(count)
      const breaks = new Uint8Array(count)
      track.columns(from, to, lows, highs, breaks)
      const columns: Point[][] = Array.from({ length: count }, () => [])
      const scale = count / (to - from)
      for (const point of model.points)
        if (point.t >= from && point.t < to)
          columns[Math.min(count - 1, Math.floor((point.t - from) * scale))]!.push(point)
      for (const [i, points] of columns.entries()) {
        const finite = points.map((point) => point.value).filter(Number.isFinite)
        expect(lows[i]).toBe(finite.length > 0 ? Math.min(...finite) : Number.NaN)
        expect(highs[i]).toBe(finite.length > 0 ? Math.max(...finite) : Number.NaN)
        const before = points.length > 0 && !Number.isFinite(points[0]!.value)
        const after = points.length > 0 && !Number.isFinite(points.at(-1)!.value)
        expect(breaks[i]).toBe((before ? 1 : 0) + (after ? 2 : 0))
      }
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('what was added since it was last asked for is given out once, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.boolean()), { minLength: 1, maxLength: 25 }), (list) => {
      const track = new Track()
      const model = new Model()
      const taken: Point[] = []
      for (const [each, take] of [...list, [{ how: 'break', after: 1 }, true] as const]) {
        play(track, model, each)
        if (!take) continue
        for (const { values, times, t0, dt } of track.takeNew())
          for (const [i, value] of values.entries()) taken.push({ t: times ? times[i]! : t0 + i * dt, value })
      }
      expect(taken).toEqual(model.added)
      expect(track.takeNew()).toEqual([])
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('what is put in between new points keeps none of them back', () => {
  const track = new Track()
  track.appendEven(-1, 0, [1])
  track.add(0, 2)
  track.insert([-0.5], [9])
  expect(track.takeNew().map(({ values }) => [...values])).toEqual([[1], [2]])
})

/** As much as goes beyond a small bound, in blocks of any size. */
const much = fc.array(
  fc.record({ even: fc.boolean(), values: fc.array(value, { minLength: 200, maxLength: 700, size: 'max' }) }),
  { minLength: 1, maxLength: 8 },
)

test('beyond its bound a track keeps what is new as it was, and extremes and statistics of what it has thinned', () => {
  fc.assert(
    fc.property(much, fc.integer({ min: 500, max: 3_000 }), (list, maxPoints) => {
      const { track, model } = played(
        list.map(({ even, values }): Step =>
          even
            ? { how: 'even', after: 1, dt: 0.25, values }
            : { how: 'append', points: values.map((each) => ({ after: 0.25, value: each })) },
        ),
        maxPoints,
      )
      const kept = read(track)
      // The block that is being filled is never thinned.
      expect(track.points).toBe(kept.length)
      expect(track.points).toBeLessThanOrEqual(2 * maxPoints + 1_024)
      expect(track.received).toBe(model.received)
      const given = new Set(model.points.map(({ t, value }) => `${t} ${value}`))
      expect(kept.filter(({ t, value }) => !given.has(`${t} ${value}`))).toEqual([])
      expect(kept.toSorted((a, b) => a.t - b.t)).toEqual(kept)
      const exact = track.exactFrom!
      expect(kept.filter(({ t }) => t >= exact)).toEqual(model.within(exact, Infinity))
      if (track.hasDropped) return
      const finite = model.points.map(({ value }) => value).filter(Number.isFinite)
      const stats = track.stats(-Infinity, Infinity)
      expect(stats.n).toBe(finite.length)
      if (finite.length === 0) return
      expect(stats.min).toBe(Math.min(...finite))
      expect(stats.max).toBe(Math.max(...finite))
      expect(stats.mean).toBeCloseTo(finite.reduce((sum, each) => sum + each, 0) / finite.length, 9)
    }),
    { numRuns: fuzzRuns(60) },
  )
})
