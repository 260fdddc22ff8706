import { expect, test } from 'vitest'
import { Track } from '#model/track.ts'
import { newestRows } from './newest-points.ts'

test('the newest come first, those of one moment in one row', () => {
  const a = new Track()
  const b = new Track()
  a.append([1, 2, 3], [10, 20, 30])
  b.append([2, 3], [200, 300])
  expect(newestRows([a, b, undefined], 3, 2)).toEqual([
    { t: 3, values: [30, 300, null] },
    { t: 2, values: [20, 200, null] },
  ])
  expect(newestRows([a, b], 1, 5)).toEqual([{ t: 1, values: [10, null] }])
})
