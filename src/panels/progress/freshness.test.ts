import { expect, it } from 'vitest'
import { NO_STREAM } from '#model/stream-state.ts'
import { freshnessOf, LIVE_RELAY } from './freshness.ts'

const task = {
  status: 'running',
  stream: NO_STREAM,
  eventAt: 5_000,
  statusAt: 1_000,
  firstSeenAt: 900,
} as const
const source = { name: 'lab', state: 'ok', detail: 'Connected', tasksReadAt: 7_000 } as const

it('is fresh while source, stream and page answer', () => {
  expect(freshnessOf(task, source, LIVE_RELAY).stale).toBe(false)
})

it('is as old as the last sign of life of its source', () => {
  const silent = { ...source, state: 'not_answering', detail: 'silent' } as const
  const stale = { stale: true, seenAt: 7_000, why: 'lab: silent' }
  expect(freshnessOf(task, silent, LIVE_RELAY)).toEqual(stale)
  // A relay that is lost later makes it no younger.
  expect(freshnessOf(task, silent, { liveness: 'dead', asOf: 60_000 })).toEqual(stale)
})

it('is stale when its stream has stalled', () => {
  const stalled = { ...task, stream: { ...NO_STREAM, name: 'stalled', reason: 'no ping for 5 s' } } as const
  expect(freshnessOf(stalled, source, LIVE_RELAY)).toMatchObject({ stale: true, why: 'no ping for 5 s' })
})

it.each([
  ['stalled', 'no word from Weir'],
  ['dead', 'this page has lost Weir'],
] as const)('a relay that is %s makes it as old as the relay’s last word', (liveness, why) => {
  const fresh = freshnessOf(task, source, { liveness, asOf: 9_000 })
  expect(fresh).toEqual({ stale: true, seenAt: 9_000, why })
})

it('does not doubt what has ended', () => {
  const ended = { ...task, status: 'completed' } as const
  expect(freshnessOf(ended, source, { liveness: 'dead', asOf: 9_000 }).stale).toBe(false)
})
