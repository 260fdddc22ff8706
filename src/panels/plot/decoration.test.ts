import { expect, test } from 'vitest'
import { spread } from './decoration.ts'

test('tags move apart, and stay within their bounds and in order', () => {
  expect(spread([50, 10], 12, 0, 100)).toEqual([50, 10])
  expect(spread([50, 50, 51], 12, 0, 100)).toEqual([50, 62, 74])
  const low = spread([99, 98, 97], 12, 0, 100)
  expect(low).toEqual([100, 88, 76])
})
