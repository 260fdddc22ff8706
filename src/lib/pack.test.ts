import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { packNumbers, unpackNumbers } from './pack.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test.each([
  [[]],
  [[0, -0, 1.5, 1e308, 5e-324]],
  [[NaN, Infinity, -Infinity]],
  [Array.from({ length: 30_000 }, (_, i) => Math.sin(i))],
])('numbers come back as they were', (values) => {
  expect(Array.from(unpackNumbers(packNumbers(values)))).toEqual(values)
})

test('a view into a longer array packs its own part only', () => {
  const all = Float64Array.from([1, 2, 3, 4])
  expect(Array.from(unpackNumbers(packNumbers(all.subarray(1, 3))))).toEqual([2, 3])
})

test('what is no base64 throws', () => {
  expect(() => unpackNumbers('*')).toThrow(/encoded|invalid|character|base64/i)
})

/** As in browsers that have neither Node's way nor the newest one of their own. */
function withoutBuffer(): void {
  vi.stubGlobal('Buffer', undefined)
}

test('any numbers come back bit by bit, packed in either way, from any part of an array', () => {
  fc.assert(
    fc.property(fc.float64Array({ maxLength: 40 }), fc.nat(40), fc.nat(40), (all, from, to) => {
      const values = all.subarray(from, to)
      const packed = packNumbers(values)
      withoutBuffer()
      expect(packNumbers(values)).toBe(packed)
      expect(packNumbers(Array.from(values))).toBe(packed)
      vi.unstubAllGlobals()
      const bits = (numbers: Float64Array) => new BigUint64Array(Float64Array.from(numbers).buffer)
      expect(bits(unpackNumbers(packed))).toEqual(bits(values))
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('as many numbers as overflow a list of arguments are packed without Buffer, too', () => {
  const many = Float64Array.from({ length: 30_000 }, (_, i) => Math.sin(i))
  const packed = packNumbers(many)
  withoutBuffer()
  expect(packNumbers(many)).toBe(packed)
})

test('bytes beyond the last whole number are left out', () => {
  const bytes = new Uint8Array(8 * 2 + 5)
  bytes.set(new Uint8Array(Float64Array.of(1.5, -2).buffer))
  expect(Array.from(unpackNumbers(btoa(String.fromCharCode(...bytes))))).toEqual([1.5, -2])
})
