import { describe, expect, test } from 'vitest'
import type { TaskStatus } from '#model/status.ts'
import type { Phase } from '#model/task.ts'
import { flowOf, flowText } from './status-flow.ts'

function run(...statuses: TaskStatus[]) {
  const phases = statuses.map((status, i): Phase => ({ status, at: i, origin: 'stream', note: null }))
  return { status: statuses.at(-1) ?? 'unknown', phases }
}
const shape = (task: ReturnType<typeof run>) =>
  flowOf(task)
    .map(({ state }) => ({ done: '#', skipped: '+', now: '@', ahead: '.' })[state])
    .join('')

describe('the flow of a run', () => {
  test.each([
    [run('received'), '@........', 'Received, 1 of 9'],
    [run('received', 'queued', 'scheduled', 'preparing'), '###@.....', 'Preparing, 4 of 9'],
    [run('received', 'running'), '#+++++@..', 'Running, 7 of 9'],
    [run('received', 'queued', 'running', 'queued'), '#@.......', 'Queued, 2 of 9'],
    [run('received', 'queued', 'running', 'cancelling'), '##++++@..', 'Cancelling while running, 7 of 9'],
    [run('received', 'queued', 'running', 'failed'), '##++++@..', 'Failed at running, 7 of 9'],
    [run('queued', 'running', 'completed'), '+#++++#+#', 'Completed, 9 of 9'],
    [run(), '.........', 'Unknown'],
    [run('lost'), '.........', 'Lost'],
  ])('%j', (task, drawn, text) => {
    expect(shape(task)).toBe(drawn)
    expect(flowText(task)).toBe(text)
  })
})
