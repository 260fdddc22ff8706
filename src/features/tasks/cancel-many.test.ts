import { expect, it } from 'vitest'
import { cancellable, summarise } from './cancel-many.ts'
import { sampleTask, tasksOf } from './sample-task.ts'

it('asks only those that may still run', () => {
  const tasks = tasksOf(
    sampleTask('a'),
    sampleTask('b', { status: 'completed' }),
    sampleTask('c', { status: 'cancelling' }),
    sampleTask('d', { status: 'paused' }),
  )
  const chosen = cancellable(tasks, new Set(['lab/a', 'lab/b', 'lab/c', 'lab/d', 'lab/absent']))
  expect(chosen.map((task) => task.id)).toEqual(['a', 'd'])
})

it('tells the outcome in one sentence', () => {
  expect(summarise(['a', 'b'], [null, null])).toEqual({ tone: 'ok', text: '2 tasks were asked to cancel.' })
})

it('stays with the words of the first refusal', () => {
  const refusal = { outcome: 'refused' as const, type: 'TaskNotFound', message: 'no task b', owner: null }
  expect(summarise(['a', 'b'], [null, refusal])).toEqual({
    tone: 'bad',
    stays: true,
    text: '1 task was asked to cancel, 1 refused. b: TaskNotFound: no task b',
  })
})
