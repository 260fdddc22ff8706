import { expect, test } from 'vitest'
import { isTerminal, TASK_STATUSES, type TaskStatus } from '#model/status.ts'
import { TONE_TEXT, type Tone } from '#ui/tone.ts'
import { STATUS_LOOKS } from './task-look.ts'

/** What a person may conclude from a colour, whatever else changes. */
const TONES: Record<Tone, readonly TaskStatus[]> = {
  ok: ['completed'],
  bad: ['failed'],
  warn: ['paused'],
  run: ['preparing', 'serving', 'setting_up', 'running', 'uploading'],
  wait: ['received', 'queued', 'scheduled', 'cancelling', 'cancelled', 'lost', 'unknown'],
  plain: [],
}

test.each(Object.entries(TONES) as [Tone, TaskStatus[]][])('the tone %s is that of %j', (tone, statuses) => {
  expect(TASK_STATUSES.filter((status) => STATUS_LOOKS[status].tone === tone)).toEqual(statuses)
})

test('a tick is for what completed, a cross for what failed, and nothing that has ended turns', () => {
  const withIcon = (icon: string) => TASK_STATUSES.filter((status) => STATUS_LOOKS[status].icon === icon)
  expect(withIcon('check')).toEqual(['completed'])
  expect(withIcon('cross')).toEqual(['failed'])
  for (const status of TASK_STATUSES.filter(isTerminal)) expect(STATUS_LOOKS[status].turning).toBeFalsy()
})

test('each tone has a colour of its own', () => {
  expect(TONE_TEXT).toMatchObject({ ok: 'text-ok', bad: 'text-bad', run: 'text-run', warn: 'text-warn' })
})
