import { expect, test } from 'vitest'
import { mostPerFrame } from './painters.ts'

test('no frame draws all of many', () => {
  expect([1, 2, 3, 8, 9, 24].map(mostPerFrame)).toEqual([1, 2, 2, 4, 3, 3])
})
