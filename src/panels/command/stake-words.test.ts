import { expect, test } from 'vitest'
import { summaryOf, unknownTask, type TaskSummary } from '#model/task.ts'
import { lossWords, stakeNote } from './stake-words.ts'

const HOUR = 3_600_000
const task: TaskSummary = {
  ...summaryOf(unknownTask('lab', 'labdaemon', 'a', 0)),
  status: 'running',
  progress: { percent: 41.2, step: 412, total: 1_000, at: 0 },
}
const mute: TaskSummary = { ...task, progress: null }
const END = 'Once cancelled it does not go on, and what it would still have delivered is lost.'

test('what is lost is said as far as it is known', () => {
  const stake = { ran: 'known', ranMs: 20 * HOUR + 240_000, leftMs: 28 * HOUR, long: true } as const
  expect(lossWords(task, stake)).toBe(
    `It has run for 20h 4m. It is at 41 %, 412 of 1,000 steps. About 28 h are left. ${END}`,
  )
  expect(stakeNote(task, stake)).toBe('20h 4m, 41 %')
  expect(lossWords(mute, { ...stake, ran: 'at-least', leftMs: null })).toBe(
    `It has run for at least 20h 4m. ${END}`,
  )
  expect(stakeNote(mute, { ...stake, ran: 'at-least' })).toBe('at least 20h 4m')
})

test('what is not known is not said to be none', () => {
  const stake = { ran: 'unknown', ranMs: 20_000, leftMs: null, long: true } as const
  expect(lossWords(mute, stake)).toBe(
    `It ran already when Weir first saw it; for how long is not known. ${END}`,
  )
  expect(stakeNote(mute, stake)).toBe('ran before Weir saw it')
  expect(lossWords(mute, { ran: 'known', ranMs: 0, leftMs: null, long: false })).toMatch(/^It has not begun/)
})
