import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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

describe('doubles on disk', () => {
  test.each([0, 7, 8, 1_023, 1_024, 3_000])('of any kind come back as they were: up to %i', (length) => {
    fc.assert(
      fc.property(fc.array(anyDouble, { minLength: length, maxLength: length + 1 }), (values) => {
        expect(firstDifference(Float64Array.from(values))).toBe(-1)
      }),
      { numRuns: length > 1_000 ? 20 : 200 },
    )
  })
})
