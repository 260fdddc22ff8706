import { expect, test } from 'vitest'
import { summaryOf, unknownTask, type TaskSummary } from '#model/task.ts'
import { findTasks } from './find-tasks.ts'

const task = (id: string, over: Partial<TaskSummary>): TaskSummary => ({
  ...summaryOf(unknownTask('lab', 'labdaemon', id, 0)),
  ...over,
})
const TASKS = [
  task('old-done', { status: 'completed', startedAt: 1 }),
  task('sweep-10', { status: 'running', startedAt: 5, type: 'SweepTask' }),
  task('sweep-9', { status: 'running', startedAt: 5, type: 'SweepTask' }),
  task('new-done', { status: 'failed', startedAt: 9 }),
]

test('tasks at work come first, then the newest', () => {
  expect(findTasks(TASKS, '').map(({ id }) => id)).toEqual(['sweep-9', 'sweep-10', 'new-done', 'old-done'])
})

test('every word must be found, in id, source, type or status', () => {
  expect(findTasks(TASKS, 'lab sweeptask 10').map(({ id }) => id)).toEqual(['sweep-10'])
  expect(findTasks(TASKS, 'FAILED').map(({ id }) => id)).toEqual(['new-done'])
  expect(findTasks(TASKS, 'sweep failed')).toEqual([])
})
