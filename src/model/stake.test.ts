import { expect, test } from 'vitest'
import { advancePace, type Pace } from './pace.ts'
import { stakeOf } from './stake.ts'
import { summaryOf, unknownTask, type TaskSummary } from './task.ts'

const MIN = 60_000
const HOUR = 60 * MIN
const T = 1_800_000_000_000
const ok = { state: 'ok', since: T - 100 * HOUR } as const

function task(part: Partial<TaskSummary>): TaskSummary {
  return { ...summaryOf(unknownTask('lab', 'labdaemon', 'a', T)), status: 'running', ...part }
}

/** Steps of `everyMs` from `first` on, the last one now. */
function paceOf(first: number, last: number, everyMs: number, unit: Pace['unit'] = 'step'): Pace {
  let pace: Pace | null = null
  for (let step = first; step <= last; step++)
    pace = advancePace(pace, unit, step, T - (last - step) * everyMs)
  return pace!
}

const of = (step: number, total: number) => ({ percent: (step / total) * 100, step, total, at: T })

test.each([
  ['just begun', 4_000, false],
  ['a second short of five minutes', 5 * MIN - 1_000, false],
  ['five minutes', 5 * MIN, true],
  ['twenty hours', 20 * HOUR, true],
])('by how long it has run: %s', (_, ranMs, long) => {
  expect(stakeOf(task({ startedAt: T - ranMs }), ok, T)).toEqual({ ran: 'known', ranMs, leftMs: null, long })
})

test('what waits has not run, however long it waits', () => {
  const waits = task({ status: 'queued', firstSeenAt: T - 3 * HOUR })
  expect(stakeOf(waits, ok, T)).toMatchObject({ ranMs: 0, long: false })
})

test.each([
  ['no more than ten minutes', paceOf(1, 30, 1_000), 600, false],
  ['an hour', paceOf(1, 30, 1_000), 3_600, true],
  ['a day, before an estimate would be shown', paceOf(1, 2, 1_000), 86_400, true],
  ['half a minute, as early', paceOf(1, 2, 1_000), 30, false],
  ['after one step nothing is known', paceOf(1, 1, 1_000), 86_400, false],
])('by how long it would go on: %s', (_, pace, total, long) => {
  const { lastValue } = pace
  expect(stakeOf(task({ startedAt: T - 30_000, pace, progress: of(lastValue, total) }), ok, T).long).toBe(
    long,
  )
})

test('in percent alike, and paused', () => {
  const pace = paceOf(1, 3, 10_000, 'percent')
  const progress = { percent: 3, step: null, total: null, at: T }
  const paused = task({ status: 'paused', startedAt: T - 40_000, pace, progress })
  expect(stakeOf(paused, ok, T + 4 * MIN)).toMatchObject({ leftMs: 970_000, long: true })
})

test('started elsewhere while Weir looked: it began about when it was first seen', () => {
  expect(stakeOf(task({ firstSeenAt: T - 2_000 }), ok, T)).toMatchObject({ ran: 'at-least', long: false })
  expect(stakeOf(task({ firstSeenAt: T - 6 * MIN }), ok, T)).toMatchObject({ ran: 'at-least', long: true })
})

test('it ran before Weir looked: its steps tell for how long, or it counts as long', () => {
  const since = T - 20_000
  const before = { state: 'ok', since } as const
  const seen = { firstSeenAt: since + 20 }
  expect(stakeOf(task(seen), before, T)).toMatchObject({ ran: 'unknown', long: true })
  const late = task({ ...seen, pace: paceOf(40_000, 40_010, 2_000), progress: of(40_010, 40_100) })
  expect(stakeOf(late, before, T)).toMatchObject({ ran: 'at-least', ranMs: 80_019_980, long: true })
  const young = task({ ...seen, pace: paceOf(8, 18, 2_000), progress: of(18, 100) })
  expect(stakeOf(young, before, T)).toMatchObject({ ranMs: 35_980, long: false })
})

test('of a source that does not answer, or is not known, nobody knows when it began', () => {
  const seen = task({ firstSeenAt: T - 2_000 })
  expect(stakeOf(seen, { state: 'unreachable', since: T - 1_000 }, T).long).toBe(true)
  expect(stakeOf(seen, undefined, T).long).toBe(true)
  expect(stakeOf(task({ startedAt: T - 2_000 }), undefined, T).long).toBe(false)
})
