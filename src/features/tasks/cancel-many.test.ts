import { expect, it } from 'vitest'
import type { Stopped } from '#panels/command/stop-tasks.ts'
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

const stopped = (id: string, outcome: Stopped['outcome'], type?: string): Stopped => ({
  source: 'lab',
  id,
  outcome,
  refusal:
    type !== undefined && outcome !== 'asked' && outcome !== 'accepted' && outcome !== 'had-ended'
      ? { outcome, type, message: `no ${id}`, owner: null }
      : null,
})

it('tells the outcome in one sentence', () => {
  expect(summarise([stopped('a', 'accepted'), stopped('b', 'accepted')])).toEqual({
    tone: 'ok',
    text: '2 tasks were asked to cancel.',
  })
  expect(summarise([stopped('a', 'accepted'), stopped('b', 'had-ended')])).toEqual({
    tone: 'ok',
    text: '1 task was asked to cancel, 1 had ended.',
  })
})

it('stays with the words of the first that came to nothing', () => {
  expect(summarise([stopped('a', 'accepted'), stopped('b', 'refused', 'TaskNotFound')])).toEqual({
    tone: 'bad',
    stays: true,
    text: '1 task was asked to cancel, 1 refused. b: TaskNotFound: no b',
  })
})

it('refused is only what was refused', () => {
  const all = [stopped('a', 'not-answered', 'NotAnswering'), stopped('b', 'not-sent', 'NoAnswer')]
  expect(summarise(all)).toMatchObject({
    tone: 'warn',
    text: '0 tasks were asked to cancel, 1 not answered, 1 not sent. a: NotAnswering: no a',
  })
})
