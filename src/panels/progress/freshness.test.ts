import { expect, it } from 'vitest'
import { NO_STREAM } from '#model/stream-state.ts'
import { freshnessOf } from './freshness.ts'

const task = {
  status: 'running',
  stream: NO_STREAM,
  eventAt: 5_000,
  statusAt: 1_000,
  firstSeenAt: 900,
} as const
const source = { name: 'lab', state: 'ok', detail: 'Connected', tasksReadAt: 7_000 } as const

it('is fresh while source, stream and page answer', () => {
  expect(freshnessOf(task, source, false).stale).toBe(false)
})

it('is as old as the last sign of life of its source', () => {
  const silent = { ...source, state: 'not_answering', detail: 'silent' } as const
  expect(freshnessOf(task, silent, false)).toEqual({ stale: true, seenAt: 7_000, why: 'lab: silent' })
})

it('is stale when its stream has stalled or the page has lost the relay', () => {
  const stalled = { ...task, stream: { ...NO_STREAM, name: 'stalled', reason: 'no ping for 5 s' } } as const
  expect(freshnessOf(stalled, source, false)).toMatchObject({ stale: true, why: 'no ping for 5 s' })
  expect(freshnessOf(task, source, true).stale).toBe(true)
})

it('does not doubt what has ended', () => {
  expect(freshnessOf({ ...task, status: 'completed' }, source, true).stale).toBe(false)
})
