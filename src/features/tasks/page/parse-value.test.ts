import { expect, test } from 'vitest'
import { stringifyExact } from '#lib/exact-json.ts'
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

test.each(['9007199254740993', '18446744073709551615', '1e400', '1.0', '-0', '[1.0, {"a": 2.50}]'])(
  '%s is sent as it is typed',
  (text) => {
    expect(stringifyExact(parseValue(text).value, undefined)).toBe(text.replaceAll(' ', ''))
    expect(parseValue('1.0').as).toBe('number')
  },
)

test('what nests too deep for the relay is no JSON here', () => {
  expect(parseValue(`${'['.repeat(100_000)}${']'.repeat(100_000)}`).as).toBe('text')
})
