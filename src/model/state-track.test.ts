import { expect, test } from 'vitest'
import { StateTrack } from './state-track.ts'

test('only changes are kept, and a state lasts until the next', () => {
  const track = new StateTrack()
  expect([track.append(10, 'idle'), track.append(20, 'idle'), track.append(30, 'busy')]).toEqual([
    true,
    false,
    true,
  ])
  expect([track.at(9), track.at(10), track.at(29), track.at(30), track.at(99)]).toEqual([
    null,
    'idle',
    'idle',
    'busy',
    'busy',
  ])
  expect(track.range(15, 25)).toEqual({ t: [10], v: ['idle'] })
  expect(track.range(15, 30)).toEqual({ t: [10, 30], v: ['idle', 'busy'] })
})

test('a device that changes without end keeps the newest changes', () => {
  const track = new StateTrack()
  for (let i = 0; i < 50_000; i++) track.append(i, i % 2 === 0)
  expect(track.times.length).toBeLessThanOrEqual(20_000)
  expect(track.at(49_999)).toBe(false)
})

test('a state ends where it is no longer known', () => {
  const track = new StateTrack()
  track.append(5, null)
  track.append(10, 'closed')
  track.append(20, null)
  track.append(30, 'closed')
  expect([track.at(15), track.at(25), track.at(35)]).toEqual(['closed', null, 'closed'])
  expect(track.times).toEqual([10, 20, 30])
})
