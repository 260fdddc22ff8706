import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { StreamPast, whyEnded } from './stream-past.ts'

function scene() {
  const clock = new ManualClock()
  return { clock, past: new StreamPast(clock) }
}

test('a connection that was lost may be held by the server until another is open', () => {
  const { past } = scene()
  expect(past.mayBeHeld).toBe(false)
  past.lost()
  past.serverAway()
  expect(past.mayBeHeld).toBe(true)
  expect(past.opened()).toBe(null)
  expect(past.mayBeHeld).toBe(false)
})

test('one that somebody stopped says so when it is open again, unless its server was away', () => {
  const { clock, past } = scene()
  past.stopped()
  expect(past.mayBeHeld).toBe(false)
  expect(past.opened()).toBe(clock.now())
  expect(past.opened()).toBe(null)
  past.stopped()
  past.lost()
  past.serverAway()
  expect(past.mayBeHeld).toBe(true)
  expect(past.opened()).toBe(null)
  past.stopped()
  past.serverAway()
  expect(past.mayBeHeld).toBe(false)
})

test('a try to open it again that is lost does not take back that it was stopped', () => {
  const { clock, past } = scene()
  past.stopped()
  const at = clock.now()
  past.lost()
  expect(past.mayBeHeld).toBe(true)
  expect(past.opened()).toBe(at)
})

test('stops count for a minute', async () => {
  const { clock, past } = scene()
  past.stopped()
  await clock.advance(30_000)
  past.stopped()
  expect(past.stopsPerMinute).toBe(2)
  await clock.advance(30_000)
  expect(past.stopsPerMinute).toBe(1)
})

test('why it ended is said by what Weir did, then by what was seen', () => {
  expect(whyEnded('silenced', { how: 'lost', why: 'reset' })).toBe('its device was stopped by someone else')
  expect(whyEnded('stalled', { how: 'lost', why: 'reset' })).toBe('the connection was lost')
  expect(whyEnded(null, { how: 'ended', cut: true })).toBe('the stream was cut inside a message')
  expect(whyEnded(null, { how: 'ended', cut: false })).toMatch(/^the server ended the stream/)
})
