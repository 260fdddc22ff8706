import { describe, expect, test } from 'vitest'
import { formatClockShort } from '#lib/format-time.ts'
import { advancePace, type Pace } from '#model/pace.ts'
import { summaryOf, unknownTask, type TaskSummary } from '#model/task.ts'
import {
  finishWords,
  lastSeenWords,
  lifeWords,
  progressText,
  rateWords,
  silenceWords,
  statusWords,
  stepWords,
} from './task-words.ts'

const T0 = Date.UTC(2026, 10, 21, 12)
const task = (over: Partial<TaskSummary> = {}): TaskSummary => ({
  ...summaryOf(unknownTask('lab', 'labdaemon', 'sweep-1', T0)),
  status: 'running',
  statusOrigin: 'poll',
  ...over,
})
/** One step a second from T0 on. */
function pace(steps: number): Pace {
  let made: Pace | null = null
  for (let step = 1; step <= steps; step++) made = advancePace(made, 'step', step, T0 + step * 1_000)
  return made!
}
const running = (steps: number, total: number) =>
  task({
    pace: pace(steps),
    progress: { percent: (steps / total) * 100, step: steps, total, at: T0 + steps * 1_000 },
  })

describe('a status in words', () => {
  test('says what was only asked for, with the time', () => {
    const asked = task({ status: 'paused', statusOrigin: 'command', statusNote: 'requested', pauseAskedAt: T0 })
    expect(statusWords(asked)).toEqual({ label: 'Paused', note: `requested ${formatClockShort(T0)}` })
  })

  test('says what was only inferred', () => {
    expect(statusWords(task({ status: 'cancelled', statusOrigin: 'inferred' })).note).toBe('inferred')
    expect(statusWords(task({ status: 'unknown', statusOrigin: 'inferred' })).note).toBeNull()
    expect(statusWords(task()).note).toBeNull()
  })
})

describe('progress in words', () => {
  test('names steps, and how long is left once that is credible', () => {
    expect(progressText(running(3, 100), T0 + 3_000)).toBe('3 of 100 steps')
    expect(progressText(running(40, 100), T0 + 40_000)).toBe('40 of 100 steps, about 60 s left')
    expect(finishWords(running(40, 100), T0 + 40_000)?.clock).toMatch(/^≈ \d\d:\d\d/)
  })

  test('promises no end for what stands still', () => {
    const paused = { ...running(40, 100), status: 'paused' as const }
    expect(finishWords(paused, T0 + 40_000)).toBeNull()
    expect(rateWords(paused)).toBeNull()
    expect(progressText(paused, T0 + 40_000)).toBe('40 of 100 steps, paused')
  })

  test('says where a failed task stopped', () => {
    expect(stepWords({ ...running(31, 256), status: 'failed' })).toBe('stopped at step 31 of 256')
    expect(stepWords({ ...running(256, 256), status: 'completed' })).toBe('256 of 256 steps')
  })

  test('says that nothing is reported', () => {
    expect(progressText(task(), T0)).toBe('progress not reported')
    expect(stepWords(task())).toBeNull()
    expect(progressText(task({ progress: { percent: 12.9, step: null, total: null, at: T0 } }), T0)).toBe(
      '12 percent',
    )
  })
})

test('silence is named when it is longer than usual', () => {
  const quiet = running(10, 100)
  expect(silenceWords(quiet, T0 + 12_000)).toBeNull()
  expect(silenceWords(quiet, T0 + 250_000)).toBe('no step for 4 min, usual ≤ 1 s')
  expect(silenceWords({ ...quiet, status: 'completed' }, T0 + 250_000)).toBeNull()
})

test('a life of which the start was not seen says so', () => {
  expect(lifeWords(task(), T0 + 65_000)).toBe('seen for 1m 5s, start not seen')
  expect(lifeWords(task({ startedAt: T0 }), T0 + 65_000)).toBe('1m 5s')
  expect(lifeWords(task({ startedAt: T0, status: 'failed', endedAt: T0 + 48_000 }), T0 + 99_000)).toMatch(
    /^ran 48s, ended /,
  )
  expect(lifeWords(task({ status: 'lost' }), T0)).toBe('end not seen')
})

test('what is stale says when it was last seen', () => {
  expect(lastSeenWords(task({ eventAt: T0 }), T0 + 5_000, T0 + 185_000)).toBe('last seen running 3 min ago')
})
