import { expect, it } from 'vitest'
import { changeSearch, isFiltered, readTasksSearch, tasksQuery, toggleStatus } from './tasks-query.ts'

it('reads what makes sense from the URL and leaves out the rest', () => {
  expect(
    readTasksSearch({
      q: 'sweep',
      status: 'running,nope,failed',
      sort: 'sideways',
      view: 'table',
      source: '',
      x: '1',
    }),
  ).toEqual({ q: 'sweep', status: 'running,failed', view: 'table' })
})

it('does not spell out what is as usual', () => {
  expect(readTasksSearch({ sort: 'newest', view: 'grid', status: '' })).toEqual({})
})

it('adds and removes a status', () => {
  const one = toggleStatus({ q: 'a' }, 'running')
  expect(one).toEqual({ q: 'a', status: 'running' })
  expect(toggleStatus(one, 'failed')).toEqual({ q: 'a', status: 'running,failed' })
  expect(toggleStatus(one, 'running')).toEqual({ q: 'a' })
})

it('clears a value by an empty one', () => {
  expect(changeSearch({ q: 'a', view: 'table' }, { q: '' })).toEqual({ view: 'table' })
})

it('knows a filter from an order', () => {
  expect(isFiltered({ sort: 'name', view: 'table' })).toBe(false)
  expect(isFiltered({ source: 'lab' })).toBe(true)
})

it('is ready for use with defaults', () => {
  expect(tasksQuery({ q: ' Sweep ' })).toEqual({
    text: 'sweep',
    statuses: new Set(),
    source: '',
    type: '',
    sort: 'newest',
    view: 'grid',
  })
})
