import { expect, test } from 'vitest'
import { advancePace, estimateFinish, rateOf, silentFor, type Pace } from './pace.ts'

const T = 5_000_000

/** Steps at the given times (ms after T), one step each. */
function paceOf(times: readonly number[]): Pace {
  let pace: Pace | null = null
  for (const [step, at] of times.entries()) pace = advancePace(pace, 'step', step, T + at)
  return pace!
}
const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => i * ms)

test('the rate is that of the last 10 to 20 s', () => {
  expect(rateOf(paceOf(every(500, 100)), T + 50_000)).toBeCloseTo(2)
  const slowing = paceOf([...every(100, 200), ...every(1_000, 40).map((t) => 20_000 + t)])
  expect(rateOf(slowing, T + 60_000)).toBeCloseTo(1, 0)
  expect(rateOf(paceOf([0]), T)).toBeNull()
  expect(rateOf(null, T)).toBeNull()
})

test.each([
  ['many fast steps', every(100, 300), 30_000],
  ['two steps', [0, 2_000], 5_000],
  ['steps a minute apart', every(60_000, 8), 180_000],
  ['one long wait, then a few steps', [0, 240_000, 241_000, 242_000], 370_000],
])('a rate is not that of now long after the last report: %s', (_, times, mostMs) => {
  const pace = paceOf(times)
  const last = T + times.at(-1)!
  expect(rateOf(pace, last + 1_000)).not.toBeNull()
  expect(rateOf(pace, last + mostMs + 1)).toBeNull()
  expect(rateOf(pace, last + 11 * 60_000)).toBeNull()
})

test('reports in a burst tell no rate', () => {
  expect(rateOf(paceOf([0, 300]), T + 300)).toBeNull()
  expect(rateOf(paceOf(every(10, 50)), T + 490)).toBeNull()
})

test('the finish is hidden until it is credible', () => {
  expect(estimateFinish(paceOf(every(100, 20)), 1_000, T + 2_000)).toBeNull()
  expect(estimateFinish(paceOf(every(2_000, 4)), 1_000, T + 6_000)).toBeNull()
  expect(estimateFinish(paceOf(every(1_000, 20)), null, T + 19_000)).toBeNull()
  const erratic = paceOf([...every(10, 500), ...every(2_000, 20).map((t) => 5_000 + t)])
  expect(estimateFinish(erratic, 1_000, T + 45_000)).toBeNull()
})

test('the finish is a range around the true end, never in the past', () => {
  const pace = paceOf(every(1_000, 101))
  const finish = estimateFinish(pace, 400, T + 100_000)!
  expect(finish.from).toBeLessThan(T + 400_000)
  expect(finish.to).toBeGreaterThan(T + 400_000)
  expect(finish.to - finish.from).toBeLessThan(100_000)
  expect(estimateFinish(pace, 400, T + 390_000)).toBeNull()
  const late = T + 100 * 60_000 + 61_000
  expect(estimateFinish(paceOf(every(60_000, 101)), 101, late)!.from).toBe(late)
})

test.each([
  // Of what is left: 3 % either way, and 10 % more as far as the way was not seen.
  [100, 1_000, 900_000 * 0.12],
  [100, 200, 100_000 * 0.08],
  [900, 1_000, 100_000 * 0.04],
])('the range is as wide as the steady pace leaves open: %i of %i steps', (steps, goal, spread) => {
  const now = T + steps * 1_000
  const finish = estimateFinish(paceOf(every(1_000, steps + 1)), goal, now)!
  const end = T + goal * 1_000
  expect(finish.from).toBeCloseTo(end - spread)
  expect(finish.to).toBeCloseTo(end + spread)
})

test('silence counts once it is longer than usual', () => {
  const pace = paceOf(every(4_000, 10))
  expect(silentFor(pace, T + 36_000 + 8_000)).toBeNull()
  expect(silentFor(pace, T + 36_000 + 60_000)).toBe(60_000)
  expect(silentFor(paceOf(every(10, 10)), T + 3_000)).toBeNull()
})

test('a smaller value begins a new pass, an equal one changes nothing', () => {
  const pace = paceOf(every(1_000, 5))
  expect(advancePace(pace, 'step', 4, T + 9_000)).toBe(pace)
  expect(advancePace(pace, 'step', 0, T + 9_000)).toMatchObject({ advances: 1, firstAt: T + 9_000 })
})
