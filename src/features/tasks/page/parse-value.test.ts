import { expect, test } from 'vitest'
import { looksLikeBrokenJson, parseValue } from './parse-value.ts'

test.each([
  ['0.2', 0.2, 'number'],
  [' true ', true, 'true or false'],
  ['null', null, 'null'],
  ['[1, 2]', [1, 2], 'list'],
  ['{"a":1}', { a: 1 }, 'object'],
  ['"quoted"', 'quoted', 'text'],
  ['fast', 'fast', 'text'],
  [' spaced', ' spaced', 'text'],
  ['', '', 'text'],
  ['1e', '1e', 'text'],
] as const)('%j is read as %j, %s', (text, value, as) => {
  expect(parseValue(text)).toEqual({ value, as })
})

test('text that begins like JSON and is none is suspect', () => {
  expect(['{"a":', '[1,', '"open', 'plain', '{"a":1}', '"fine"'].map(looksLikeBrokenJson)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
