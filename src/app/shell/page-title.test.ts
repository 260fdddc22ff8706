import { expect, it } from 'vitest'
import { summaryOf, unknownTask } from '#model/task.ts'
import { pageProgress, pageTitle } from './page-title.ts'

const running = (id: string, percent: number | null): [string, ReturnType<typeof summaryOf>] => [
  `lab/${id}`,
  {
    ...summaryOf(unknownTask('lab', 'labdaemon', id, 0)),
    status: 'running',
    progress: { percent, step: null, total: null, at: 0 },
  },
]

it('is the mean of what runs', () => {
  expect(pageProgress([running('a', 20), running('b', 61), running('c', null)], new Set())).toEqual({
    running: 3,
    percent: 40,
  })
})

it('follows the watched ones while one of them runs', () => {
  expect(pageProgress([running('a', 20), running('b', 61)], new Set(['lab/b']))).toEqual({
    running: 2,
    percent: 61,
  })
})

it('counts nothing that is only known as it was last seen', () => {
  const tasks = [running('a', 20), running('b', 61)]
  expect(pageProgress(tasks, new Set(), ({ id }) => id === 'a')).toEqual({ running: 1, percent: 61 })
  const none = pageProgress(tasks, new Set(), () => true)
  expect(none).toEqual({ running: 0, percent: null })
  expect(pageTitle(none, 'Wall', false)).toBe('no word · Wall · Weir')
})

it('reads as one line', () => {
  expect(pageTitle({ running: 3, percent: 41 }, '')).toBe('3 running · 41 % · Weir')
  expect(pageTitle({ running: 0, percent: null }, 'Sources')).toBe('Sources · Weir')
})
