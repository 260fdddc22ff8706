import { describe, expect, it } from 'vitest'
import { summaryOf, unknownTask, type TaskSummary } from '#model/task.ts'
import type { Pace } from '#model/pace.ts'
import type { Freshness } from './freshness.ts'
import { barOf, barText, footWords, headline, missedWords, statusWords, stepWords } from './task-facts.ts'

const now = Date.UTC(2026, 10, 21, 12, 0, 0)
const fresh: Freshness = { stale: false, seenAt: null, why: '' }
const progress = (percent: number | null, step: number | null, total: number | null) => ({
  percent,
  step,
  total,
  at: now,
})

function task(part: Partial<TaskSummary>): TaskSummary {
  return {
    ...summaryOf(unknownTask('lab', 'labdaemon', 'a', now)),
    status: 'running',
    statusOrigin: 'poll',
    ...part,
  }
}

/** A steady pace of one step a second. */
function pace(last: number, ago = 0): Pace {
  const at = now - ago
  return {
    unit: 'step',
    advances: last,
    firstAt: at - last * 1_000,
    firstValue: 0,
    olderAt: at - 15_000,
    olderValue: last - 15,
    newerAt: at - 5_000,
    newerValue: last - 5,
    lastAt: at,
    lastValue: last,
    usualMs: 1_000,
  }
}

describe('progress in words', () => {
  it('leads with the percentage, else with the steps', () => {
    expect(headline(task({ progress: progress(41.9, 412, 1_000) }))).toBe('41 %')
    expect(headline(task({ progress: progress(null, 1_234, null) }))).toBe('1,234')
    expect(headline(task({}))).toBe('–')
  })

  it('counts steps', () => {
    expect(stepWords(task({ progress: progress(41, 412, 1_000) }))).toBe('412 of 1,000 steps')
    expect(stepWords(task({ status: 'failed', progress: progress(12, 31, 256) }))).toBe(
      'stopped at step 31 of 256',
    )
    expect(stepWords(task({ status: 'completed', progress: progress(100, 189, 190) }))).toBe('190 steps')
    expect(stepWords(task({}))).toBe('no progress reported')
    expect(stepWords(task({ progress: progress(99.9, 255, 100) }))).toBe('step 255, of 100 announced')
    const beyond = task({ status: 'cancelled', progress: progress(99.9, 255, 100) })
    expect(stepWords(beyond)).toBe('stopped at step 255, of 100 announced')
    const bar = { ...progress(25, 7, 28), fromLog: true } as const
    expect(stepWords(task({ progress: bar }))).toBe('7 of 28 steps, by its log')
    expect(stepWords(task({ progress: { ...bar, step: null, total: null } }))).toBe('by its log')
    expect(stepWords(task({ status: 'queued' }))).toBe('')
  })

  it('lies still while nothing can move', () => {
    expect(barOf(task({ status: 'paused' })).still).toBe(true)
    expect(barOf(task({ status: 'queued' })).still).toBe(true)
    expect(barOf(task({})).still).toBe(false)
  })

  it('reads as people say it', () => {
    const running = task({ progress: progress(50, 120, 240), pace: pace(120) })
    expect(barText(running, fresh, now)).toBe('120 of 240 steps, about 2 min left')
    expect(barText(task({}), fresh, now)).toBe('progress unknown')
  })
})

describe('the state in words', () => {
  it('says what was asked and what is inferred', () => {
    expect(statusWords(task({ status: 'paused', statusOrigin: 'command', pauseAskedAt: now })).note).toMatch(
      /^requested \d\d:\d\d$/,
    )
    expect(statusWords(task({ status: 'cancelled', statusOrigin: 'inferred' }))).toEqual({
      label: 'Cancelled',
      note: 'inferred',
    })
    expect(statusWords(task({})).note).toBe('')
    expect(statusWords(task({ limitMissedAt: now })).note).toBe('past its limit')
    expect(statusWords(task({ limitMissedAt: now, status: 'completed' })).note).toBe('')
    // A status that Weir does not know stands in the source's own word, wherever states are shown.
    const unknown = task({ status: 'unknown', statusNote: 'the service says “warming_up”' })
    expect(statusWords(unknown)).toEqual({ label: 'Unknown', note: 'the service says “warming_up”' })
    expect(statusWords(task({ status: 'unknown', statusOrigin: 'inferred' })).note).toBe('')
  })
})

describe('the last row', () => {
  it('has age and rate left, the finish right', () => {
    const words = footWords(
      task({ startedAt: now - 120_000, progress: progress(50, 120, 240), pace: pace(120) }),
      fresh,
      now,
    )
    expect(words.left).toBe('2m 0s · 1/s')
    expect(words.right).toMatch(/^ends ≈ \d\d:\d\d/)
    expect(words.odd).toBe(false)
  })

  it('says at least how long, where the start is not known', () => {
    expect(footWords(task({ firstSeenAt: now - 60_000 }), fresh, now).left).toBe('≥ 1m 0s')
  })

  it('says that no step came for longer than usual', () => {
    const silent = task({ progress: progress(50, 120, 240), pace: pace(120, 240_000) })
    expect(footWords(silent, fresh, now)).toEqual({
      left: 'no step for 4 min, usual ≤ 1 s',
      right: '',
      odd: true,
    })
  })

  it('has no rate of long ago, however few reports there were', () => {
    const words = footWords(
      task({ startedAt: now - 700_000, pace: { ...pace(30, 660_000), advances: 3 } }),
      fresh,
      now,
    )
    expect(words.left).toBe('11m 40s')
    expect(words.right).toBe('')
  })

  it('promises nothing while stale', () => {
    const stale: Freshness = { stale: true, seenAt: now, why: 'lab is silent' }
    const words = footWords(task({ progress: progress(50, 120, 240), pace: pace(120) }), stale, now)
    expect(words.left).toMatch(/^last seen running \d\d:\d\d:\d\d$/)
    expect(words.right).toBe('')
  })

  it('says how long it ran and when it ended', () => {
    const ended = task({ status: 'completed', startedAt: now - 31_000, endedAt: now, endedOrigin: 'poll' })
    expect(footWords(ended, fresh, now).left).toMatch(/^ran 31s, ended \d\d:\d\d:\d\d$/)
  })
})

it('names what was missed', () => {
  expect(missedWords(task({ stepsMissed: 1, gapCount: 1 }))).toBe('1 step missed')
  expect(missedWords(task({ gapCount: 2 }))).toBe('2 gaps')
  expect(missedWords(task({}))).toBe('')
})
