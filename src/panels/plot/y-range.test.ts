import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fractionOf } from './ticks.ts'
import { autoRange, logRange, reachingTo } from './y-range.ts'

test('all is shown, with air, between round bounds', () => {
  const range = autoRange(null, -0.98, 1.02)
  expect(range.min).toBeLessThan(-0.98)
  expect(range.max).toBeGreaterThan(1.02)
  expect(range).toEqual({ min: -1.5, max: 1.5 })
})

test('a range that fits stays; one that is far too wide or too narrow goes', () => {
  const range = autoRange(null, 0, 10)
  expect(autoRange(range, 1, 9)).toBe(range)
  expect(autoRange(range, 4, 5)).not.toBe(range)
  expect(autoRange(range, 0, 100)).not.toBe(range)
})

test('a constant is in the middle', () => {
  expect(autoRange(null, 5, 5)).toEqual({ min: 4.75, max: 5.25 })
  expect(autoRange(null, 0, 0)).toEqual({ min: -1, max: 1 })
})

test('numbers that only their last digits tell apart have an axis that is wider than they are', () => {
  const { min, max } = autoRange(null, 1, 1.0000000000000002)
  expect(max - min).toBeGreaterThan(1e-14)
  expect(max - min).toBeLessThan(1e-12)
  const kept = { min, max }
  expect(autoRange(kept, 1, 1.0000000000000004)).toBe(kept)
})

test('any values are within a range that has room', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(number, number, fc.array(number, { maxLength: 3 }), (a, b, limits) => {
      const all = reachingTo({ least: Math.min(a, b), most: Math.max(a, b) }, limits)
      const { min, max } = autoRange(null, all.least, all.most)
      expect(Number.isFinite(min) && Number.isFinite(max)).toBe(true)
      expect(min).toBeLessThan(max)
      for (const value of [a, b]) {
        const fraction = fractionOf(value, min, max)
        expect(fraction >= 0 && fraction <= 1).toBe(true)
      }
      const log = logRange(Math.abs(a), Math.abs(b))
      expect(log.min).toBeGreaterThan(0)
      expect(log.min).toBeLessThan(log.max)
      expect(log.max).toBeLessThan(Infinity)
    }),
    { numRuns: 1_000 },
  )
})

test('without values the last range stays', () => {
  expect(autoRange(null, Infinity, -Infinity)).toEqual({ min: 0, max: 1 })
  expect(autoRange({ min: 3, max: 4 }, Infinity, -Infinity)).toEqual({ min: 3, max: 4 })
})

test('a log scale has whole decades', () => {
  expect(logRange(0.02, 350)).toEqual({ min: 0.01, max: 1_000 })
  expect(logRange(1, 1)).toEqual({ min: 1, max: 10 })
  expect(logRange(Infinity, -Infinity)).toEqual({ min: 0.1, max: 10 })
})

test('the range reaches to a limit that is near, not to one that is far', () => {
  expect(reachingTo({ least: 0, most: 1 }, [1.9, 5, -3])).toEqual({ least: 0, most: 1.95 })
  expect(reachingTo({ least: 20, most: 20 }, [21, 19.5])).toEqual({ least: 19.4, most: 21.1 })
  expect(reachingTo({ least: 0, most: 1 }, [0.5])).toEqual({ least: 0, most: 1 })
  expect(reachingTo({ least: Infinity, most: -Infinity }, [1])).toEqual({ least: Infinity, most: -Infinity })
})

test('a limit at the edge of the range before is moved off it', () => {
  const before = autoRange(null, 21.1, 21.4)
  const { least, most } = reachingTo({ least: 21.1, most: 21.4 }, [before.min])
  expect(autoRange(before, least, most).min).toBeLessThan(before.min)
})
