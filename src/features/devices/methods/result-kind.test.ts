import { expect, test } from 'vitest'
import { resultKind } from './result-kind.ts'

test('a result is shown by what it is, its numbers as they were written', () => {
  expect(resultKind('1551.50')).toEqual({ as: 'scalar', text: '1551.50', isText: false })
  expect(resultKind('12345678901234567890')).toMatchObject({ text: '12345678901234567890' })
  expect(resultKind('NaN')).toMatchObject({ as: 'scalar' })
  expect(resultKind('-Infinity')).toMatchObject({ as: 'scalar' })
  expect(resultKind('"ready"')).toEqual({ as: 'scalar', text: 'ready', isText: true })
  expect(resultKind(' null ')).toEqual({ as: 'nothing' })
  expect(resultKind('[1, 2.5, -3]')).toEqual({ as: 'numbers', lines: [[1, 2.5, -3]] })
  expect(resultKind('[[1, 2, 3], [4, 5, 6]]')).toMatchObject({
    lines: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  })
  expect(resultKind('{"power": 3.5, "unit": "mW", "on": true}')).toEqual({
    as: 'table',
    rows: [
      { name: 'power', text: '3.5' },
      { name: 'unit', text: 'mW' },
      { name: 'on', text: 'true' },
    ],
  })
})

test('numbers of a table and of lines that JavaScript would write in another way', () => {
  expect(resultKind('{"id": 12345678901234567890, "gain": 1.0, "big": 1e400}')).toEqual({
    as: 'table',
    rows: [
      { name: 'id', text: '12345678901234567890' },
      { name: 'gain', text: '1.0' },
      { name: 'big', text: '1e400' },
    ],
  })
  expect(resultKind('[1.0, 2.50, -3]')).toEqual({ as: 'numbers', lines: [[1, 2.5, -3]] })
})

test.each([
  '{"a": {"b": 1}}',
  '[1, "2", 3]',
  '[1, NaN, 3]',
  '{}',
  '[]',
  '[[1, 2, 3], [4, 5, "6"]]',
  `"${'x'.repeat(100)}"`,
])('what has parts of its own, is long, or is no strict JSON is a tree: %s', (text) => {
  expect(resultKind(text)).toEqual({ as: 'tree' })
})
