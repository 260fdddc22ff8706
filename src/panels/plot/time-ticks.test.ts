import fc from 'fast-check'
import { expect, test } from 'vitest'
import { timeTicks } from './time-ticks.ts'

const NOON = Date.UTC(2026, 10, 21, 12)

test.each<[number, number, string[]]>([
  [5, 400, ['00:00.000', '00:00.002', '00:00.004']],
  [60_000, 500, ['12:00:00', '12:00:15', '12:00:30', '12:00:45', '12:01:00']],
  [3_600_000, 500, ['12:00', '12:15', '12:30', '12:45', '13:00']],
  [86_400_000, 500, ['12:00', '18:00', '22 Nov', '06:00', '12:00']],
  [10 * 86_400_000, 500, ['23 Nov', '25 Nov', '27 Nov', '29 Nov', '1 Dec']],
])('%d ms in %d px', (span, px, labels) => {
  expect(timeTicks(NOON, NOON + span, px, true).labels).toEqual(labels)
})

test('local hours stay full hours where the clock is set', () => {
  const noon = new Date(2026, 2, 28, 12).getTime()
  const { values } = timeTicks(noon, noon + 2 * 86_400_000, 800, false)
  expect(values.length).toBeGreaterThan(3)
  for (const at of values) expect(new Date(at).getMinutes()).toBe(0)
})

test('any range ends, in order', () => {
  const time = fc.double({ noNaN: false })
  fc.assert(
    fc.property(time, time, fc.integer({ min: -5, max: 5_000 }), fc.boolean(), (from, to, px, utc) => {
      const { values, labels } = timeTicks(from, to, px, utc)
      expect(labels.length).toBe(values.length)
      expect(values.length).toBeLessThanOrEqual(100)
      for (const [i, at] of values.entries()) {
        expect(at >= from && at <= to).toBe(true)
        if (i > 0) expect(at).toBeGreaterThan(values[i - 1]!)
      }
    }),
  )
  expect(timeTicks(Number.NaN, 5, 500, true).values).toEqual([])
  expect(timeTicks(-1, -5e-324, 0, false).values).toEqual([-1])
  expect(timeTicks(-8.64e15, 8.64e15, 500, false).values.length).toBeLessThan(100)
})
