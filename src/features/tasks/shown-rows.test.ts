import { expect, it } from 'vitest'
import { sampleTask, tasksOf } from './sample-task.ts'
import { arrangeRows, dropGone, keepRows } from './shown-rows.ts'
import { tasksQuery } from './tasks-query.ts'

const query = tasksQuery({})
const none = new Set<string>()
const a = sampleTask('a', { startedAt: 1 })
const b = sampleTask('b', { startedAt: 2 })
const c = sampleTask('c', { startedAt: 3 })

it('shows all that is there at first', () => {
  expect(arrangeRows(tasksOf(a, b), query)).toEqual({ keys: ['lab/b', 'lab/a'], waiting: 0, gone: 0 })
})

it('lets new tasks wait and moves nothing', () => {
  const before = arrangeRows(tasksOf(a, b), query)
  const after = keepRows(before, tasksOf(a, b, c), query, none)
  expect(after).toEqual({ keys: ['lab/b', 'lab/a'], waiting: 1, gone: 0 })
  expect(arrangeRows(tasksOf(a, b, c), query).keys).toEqual(['lab/c', 'lab/b', 'lab/a'])
})

it('keeps the order while the values it was sorted by change', () => {
  const byProgress = tasksQuery({ sort: 'progress' })
  const at = (id: string, percent: number) =>
    sampleTask(id, { progress: { percent, step: null, total: null, at: 0 } })
  const before = arrangeRows(tasksOf(at('a', 60), at('b', 50)), byProgress)
  expect(keepRows(before, tasksOf(at('a', 60), at('b', 70)), byProgress, none).keys).toEqual([
    'lab/a',
    'lab/b',
  ])
})

it('is the same object while nothing about the rows changes', () => {
  const before = arrangeRows(tasksOf(a, b), query)
  expect(keepRows(before, tasksOf({ ...a, events: 7 }, b), query, none)).toBe(before)
})

it('keeps what no longer matches until it is asked to go', () => {
  const running = tasksQuery({ status: 'running' })
  const before = arrangeRows(tasksOf(a, b), running)
  const tasks = tasksOf({ ...a, status: 'completed' as const }, b)
  const after = keepRows(before, tasks, running, none)
  expect(after).toEqual({ keys: ['lab/b', 'lab/a'], waiting: 0, gone: 1 })
  expect(dropGone(after, tasks, running)).toEqual({ keys: ['lab/b'], waiting: 0, gone: 0 })
})

it('lets in at once what this page has started', () => {
  const before = arrangeRows(tasksOf(a), query)
  expect(keepRows(before, tasksOf(a, b, c), query, new Set(['lab/c']))).toEqual({
    keys: ['lab/c', 'lab/a'],
    waiting: 1,
    gone: 0,
  })
})

it('lets go of what does not exist any more', () => {
  const before = arrangeRows(tasksOf(a, b), query)
  expect(keepRows(before, tasksOf(b), query, none).keys).toEqual(['lab/b'])
})

it('has nothing to hold still while it is empty', () => {
  expect(keepRows(arrangeRows(tasksOf(), query), tasksOf(a), query, none).keys).toEqual(['lab/a'])
})
