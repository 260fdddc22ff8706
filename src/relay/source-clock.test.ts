import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { SourceClock, timed } from './source-clock.ts'

const HOUR = 3_600_000

function begin() {
  const clock = new ManualClock()
  const told: number[] = []
  const source = new SourceClock({ clock, report: () => undefined })
  source.listen({ clockMeasured: (ahead) => told.push(ahead) })
  return { clock, told, source }
}

test.each([2 * HOUR, -2 * HOUR, 26 * HOUR, -26 * HOUR, 6_000])('a clock %i ms away is taken off', (skew) => {
  const { clock, told, source } = begin()
  source.measure('header', clock.now() + skew, 0, clock.now())
  expect(told).toEqual([skew])
  expect(source.toLocal(clock.now() + skew - 1_000)).toBe(clock.now() - 1_000)
  expect(source.sourceNow()).toBe(clock.now() + skew)
})

test('up to five seconds are left alone, and nothing lies in the future', () => {
  const { clock, source } = begin()
  source.measure('header', clock.now() + 4_000, 0, clock.now())
  expect(source.toLocal(clock.now() - 10_000)).toBe(clock.now() - 10_000)
  expect(source.toLocal(clock.now() + 4_000)).toBe(clock.now())
})

test('within one connection times do not wander; a clock that was set, or another connection, is measured anew', () => {
  const { clock, told, source } = begin()
  const measure = (ahead: number) => {
    source.measure('header', clock.now() + ahead, 0, clock.now())
  }
  for (const ahead of [HOUR, HOUR + 4_000, HOUR + 20_000, HOUR - 30_000]) measure(ahead)
  expect(told).toEqual([HOUR])
  source.lost()
  measure(HOUR + 3_000)
  expect(told).toEqual([HOUR])
  source.lost()
  measure(HOUR + 20_000)
  measure(0)
  expect(told).toEqual([HOUR, HOUR + 20_000, 0])
})

test('what the server itself says outweighs a header, which may be a gateway’s', () => {
  const { clock, told, source } = begin()
  source.measure('header', clock.now(), 0, clock.now())
  source.measure('body', clock.now() - 2 * HOUR, 0, clock.now())
  source.measure('header', clock.now(), 0, clock.now())
  expect(told).toEqual([0, -2 * HOUR])
})

test('a past that lies ahead is proof enough, without any measure', () => {
  const { clock, told, source } = begin()
  expect(source.toLocal(clock.now() + 2 * HOUR)).toBe(clock.now())
  expect(told).toEqual([2 * HOUR])
  expect(source.toLocal(clock.now() + 2 * HOUR - 60_000)).toBe(clock.now() - 60_000)
})

test('lines that come as they are made tell of a clock behind; the first, and some that are late, do not', async () => {
  const { clock, told, source } = begin()
  const late = source.stream()
  for (let i = 0; i < 9; i++) late(clock.now() - 30_000 + i)
  expect(told).toEqual([])
  const line = source.stream()
  for (let i = 0; i < 5; i++) {
    line(clock.now() - 2 * HOUR)
    await clock.advance(1_000)
  }
  expect(told).toEqual([-2 * HOUR])
})

test('a time that no clock explains is none', () => {
  const { clock, source } = begin()
  expect(source.toLocal(clock.now() + 300 * 24 * HOUR)).toBeNull()
  expect(source.toLocal(null)).toBeNull()
})

test('the Date of every answer of its own is read, but not one out of a cache or of another host', async () => {
  const { clock, told, source } = begin()
  const date = new Date(clock.now() + HOUR).toUTCString()
  let headers: Record<string, string> = { date, age: '3600' }
  const fetch = timed(
    () => Promise.resolve(new Response('', { headers })),
    'http://lab.test/base',
    source,
    clock,
  )
  await fetch('http://lab.test/tasks', {})
  headers = { date }
  await fetch('http://files.test/a', {})
  expect(told).toEqual([])
  await fetch('http://lab.test/tasks', {})
  expect(told).toEqual([HOUR + 500])
})
