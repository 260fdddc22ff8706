import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { PollTimer } from './poll-timer.ts'

test('a wait ends at its time, or as soon as a read is wanted', async () => {
  const clock = new ManualClock()
  const polls = new PollTimer(clock)
  const ends: number[] = []
  const wait = (ms: number) => polls.wait(ms).then(() => ends.push(clock.monotonic()))
  void wait(1_000)
  await clock.advance(1_000)
  void wait(1_000)
  await clock.advance(300)
  polls.now()
  await clock.advance(0)
  expect(ends).toEqual([1_000, 1_300])
  expect(clock.pending).toBe(0)
})

test('what is wanted while a read is under way is read right after it', async () => {
  const clock = new ManualClock()
  const polls = new PollTimer(clock)
  polls.now()
  polls.begin()
  polls.devicesNow()
  let isOver = false
  void polls.wait(1_000).then(() => (isOver = true))
  await clock.advance(0)
  expect(isOver).toBe(true)
  expect(polls.areDevicesWanted).toBe(true)
  polls.devicesBegin()
  expect(polls.areDevicesWanted).toBe(false)
})
