import { expect, test } from 'vitest'
import { readingsPerTask } from './task-upstream.ts'

test('few tasks have all that a server lets through, many share', () => {
  expect([1, 40, 80, 200, 10_000].map(readingsPerTask)).toEqual([100, 100, 50, 20, 5])
})
