import { expect, test } from 'vitest'
import { authorWords } from './author-words.ts'

test('who asked is said in words', () => {
  expect(authorWords({ kind: 'page', id: 'a' }, 'a')).toBe('you')
  expect(authorWords({ kind: 'page', id: 'b' }, 'a')).toBe('another browser')
  expect(authorWords({ kind: 'script' }, 'a')).toBe('a script')
  const limit = (afterMs: number) => authorWords({ kind: 'weir', reason: 'time-limit', afterMs }, 'a')
  expect(limit(600_000)).toBe('Weir: time limit of 10 min')
  expect(limit(5_445_000)).toBe('Weir: time limit of 1 h 30 min 45 s')
  expect(limit(7_200_000)).toBe('Weir: time limit of 2 h')
  expect(authorWords({ kind: 'weir', reason: 'unwatched' }, 'a')).toBe('Weir: nobody watched')
})
