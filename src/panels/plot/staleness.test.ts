import { expect, test } from 'vitest'
import { Track } from '#model/track.ts'
import { silentAfter } from './staleness.ts'

function trackAt(...times: number[]): Track {
  const track = new Track()
  track.append(
    times,
    times.map(() => 1),
  )
  return track
}

test('a channel is silent after some of its own intervals, not before five seconds', () => {
  expect(silentAfter(trackAt(0, 100, 200))).toBe(5_000)
  expect(silentAfter(trackAt(0, 10_000, 20_000))).toBe(50_000)
  expect(silentAfter(trackAt(1_000))).toBe(5_000)
})

test('a pause within a channel that comes and goes does not make it slow', () => {
  expect(silentAfter(trackAt(0, 200, 2_400, 2_600, 4_800))).toBe(5_000)
})
