import { expect, test } from 'vitest'
import { backOffMs } from './backoff.ts'

test('each wait is twice the one before, up to the longest', () => {
  const rule = { first: 500, most: 3_000 }
  expect([0, 1, 2, 3, 4].map((failed) => backOffMs(rule, failed))).toEqual([500, 1_000, 2_000, 3_000, 3_000])
  expect(backOffMs(rule, 100_000)).toBe(3_000)
})
