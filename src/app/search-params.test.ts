import { expect, it } from 'vitest'
import { parseSearch, pickStrings, stringifySearch } from './search-params.ts'

it('are plain text both ways', () => {
  const search = { status: 'running,failed', q: 'a & b = 1', panels: 'lab/tasks/x:log' }
  const text = stringifySearch(search)
  expect(text).toBe('?status=running,failed&q=a+%26+b+%3D+1&panels=lab/tasks/x:log')
  expect(parseSearch(text)).toEqual(search)
})

it('stay strings when they look like numbers', () => {
  expect(parseSearch('?q=1550')).toEqual({ q: '1550' })
})

it('leave out what is empty', () => {
  expect(stringifySearch({ q: '', view: undefined })).toBe('')
  expect(pickStrings({ tab: 'log', x: 'y', n: 3 }, ['tab', 'n'])).toEqual({ tab: 'log' })
})
