import { expect, test } from 'vitest'
import { lanesOf } from './lanes.ts'

test('lanes share the height, each with a scale of its own', () => {
  const area = { left: 10, top: 20, width: 100, height: 200, ratio: 1 }
  const [upper, lower] = lanesOf(area, [
    { min: 0, max: 1 },
    { min: -10, max: 10 },
  ])
  expect([upper!.toY(1), upper!.toY(0)]).toEqual([22, 118])
  expect([lower!.toY(10), lower!.toY(0), lower!.toY(-10)]).toEqual([122, 170, 218])
  expect(Number.isFinite(lower!.toY(1e300))).toBe(true)
})
