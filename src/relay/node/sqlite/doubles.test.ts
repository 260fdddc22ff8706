import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { packDoubles, unpackDoubles } from './doubles.ts'

/** Where what comes back is another number; -1: nowhere. A NaN is one whatever its bits. */
function firstDifference(values: Float64Array): number {
  const back = unpackDoubles(packDoubles(values))
  return back.length === values.length
    ? values.findIndex((value, i) => !Object.is(back[i], value))
    : back.length
}

const anyDouble = fc.oneof(
  fc.double(),
  fc.constantFrom(
    Number.NaN,
    -0,
    0,
    Infinity,
    -Infinity,
    5e-324,
    Number.MAX_VALUE,
    2 ** 53,
    -(2 ** 53),
    2 ** 53 - 1,
  ),
  fc.integer(),
  fc.integer({ min: -1e9, max: 1e9 }).map((k) => k / 1e6),
)

/** What measured values and times are like. */
const measured = fc
  .record({
    start: fc.double({ min: -2e12, max: 2e12, noNaN: true }),
    step: fc.double({ min: -50, max: 50, noNaN: true }),
    decimals: fc.nat(12),
    noise: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
    odd: fc.array(fc.tuple(fc.nat(2_000), anyDouble), { maxLength: 20 }),
    length: fc.integer({ min: 1, max: 2_000 }),
  })
  .map(({ start, step, decimals, noise, odd, length }) => {
    const values = Float64Array.from({ length }, (_, i) =>
      Number((start + i * step + noise[i % noise.length]!).toFixed(decimals)),
    )
    for (const [index, value] of odd) if (index < length) values[index] = value
    return values
  })

describe('doubles on disk', () => {
  test('of measurements come back as they were', () => {
    fc.assert(
      fc.property(measured, (values) => {
        expect(firstDifference(values)).toBe(-1)
      }),
      { numRuns: fuzzRuns(200) },
    )
  })

  test('of even times are next to nothing', () => {
    const times = Float64Array.from({ length: 8_192 }, (_, i) => 1_732_880_000_123.25 + i * 0.5)
    expect(packDoubles(times).length).toBeLessThan(100)
  })

  test('that are damaged are said to be', () => {
    const bytes = packDoubles(Float64Array.from({ length: 2_000 }, (_, i) => Math.sin(i)))
    for (const damaged of [new Uint8Array(), Uint8Array.of(9, 1, 2), bytes.subarray(0, bytes.length >> 1)])
      expect(() => unpackDoubles(damaged)).toThrow('is damaged')
  })

  test.each([0, 7, 8, 1_023, 1_024, 3_000])('of any kind come back as they were: up to %i', (length) => {
    fc.assert(
      fc.property(fc.array(anyDouble, { minLength: length, maxLength: length + 1 }), (values) => {
        expect(firstDifference(Float64Array.from(values))).toBe(-1)
      }),
      { numRuns: fuzzRuns(length > 1_000 ? 20 : 200) },
    )
  })
})
