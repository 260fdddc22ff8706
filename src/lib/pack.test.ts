import { expect, test } from 'vitest'
import { packNumbers, unpackNumbers } from './pack.ts'

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
