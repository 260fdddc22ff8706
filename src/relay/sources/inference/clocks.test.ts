import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { TaskReader } from '#protocols/inference/task-reader.ts'
import { SourceClock } from '../../source-clock.ts'
import { TaskEvents } from './to-events.ts'

const HOUR = 3_600_000

/** Reads a task whose times are `skew` away from Weir's clock, which the service told of. */
function read(body: (at: (agoMs: number) => string) => object, skew = 0, isTold = true): TaskEvent[] {
  const clock = new ManualClock()
  const source = new SourceClock({ clock, report: () => undefined })
  if (isTold) source.measure('header', clock.now() + skew, 0, clock.now())
  const at = (agoMs: number) => new Date(clock.now() + skew - agoMs).toISOString()
  const reader = new TaskReader('t')
  return new TaskEvents(source).from(reader.read({ id: 't', ...body(at) }, source.sourceNow()), clock.now())
}

const now = new ManualClock().now()

test.each([2 * HOUR, -2 * HOUR, 26 * HOUR])(
  'a service %i ms away: its times are shown by Weir’s clock',
  (skew) => {
    const events = read(
      (at) => ({ status: 10, created_at: at(60_000), updated_at: at(10_000), output: { a: 1 } }),
      skew,
    )
    expect(events.find(({ k }) => k === 'meta')).toMatchObject({ startedAt: now - 60_000 })
    expect(events.find(({ k }) => k === 'outcome')).toMatchObject({
      endedAt: now - 10_000,
      endedOrigin: 'stream',
    })
  },
)

test('a service ahead that tells no time of its own: nothing began in the future', () => {
  const events = read((at) => ({ status: 7, created_at: at(0), updated_at: at(0) }), 2 * HOUR, false)
  expect(events.find(({ k }) => k === 'meta')).toMatchObject({ startedAt: now })
  expect(events.find(({ k }) => k === 'status')).toMatchObject({ at: now })
})

test.each([
  '0001-01-01T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '-000001-01-01T00:00:00Z',
  'yesterday',
  '',
  0,
  -1,
  null,
])('%j is no time: it is said when Weir came to know', (none) => {
  const events = read(() => ({ status: 10, created_at: none, updated_at: none, output: { a: 1 } }))
  expect(events.some((event) => event.k === 'meta' && event.startedAt !== undefined)).toBe(false)
  // Not the service's word, then.
  expect(events.find(({ k }) => k === 'outcome')).toMatchObject({
    at: now,
    endedAt: now,
    endedOrigin: 'poll',
  })
})
