import { expect, it } from 'vitest'
import { parseExact, stringifyExact } from '#lib/exact-json.ts'
import { checkValue } from './check-value.ts'
import { cleanSchema } from './clean-schema.ts'
import { locate } from './locate.ts'
import { setAt, textOf, Unreadable } from './value.ts'

const schema = cleanSchema({
  type: 'object',
  required: ['prompt'],
  properties: {
    prompt: { type: 'string', minLength: 1 },
    steps: { type: 'integer', minimum: 1, maximum: 60 },
    seed: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    size: { enum: ['square', 'wide'] },
    masks: { type: 'array', maxItems: 1, items: { type: 'string' } },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    loop: { $ref: '#/$defs/None' },
    origin: { type: 'object', required: ['x'], properties: { x: { type: 'number' } } },
  },
})

it('says what is wrong where it is', () => {
  const value = { steps: 400, seed: null, size: 'round', masks: ['a', 2], either: [], origin: {} }
  expect(checkValue(schema, value).map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['prompt', 'is needed'],
    ['steps', 'at most 60'],
    ['size', 'one of square, wide'],
    ['masks', 'at most 1 of these'],
    ['masks.1', 'a text is expected'],
    ['either', 'fits nothing that is allowed here'],
    ['origin.x', 'is needed'],
  ])
  expect(checkValue(schema, { prompt: 'a', steps: 3, seed: 4, loop: { any: 1 } })).toEqual([])
  expect(checkValue(schema, { prompt: 'a', steps: '3x' })).toEqual([
    { path: ['steps'], message: 'a whole number is expected' },
  ])
})

it('keeps parts that are no JSON as they were typed', () => {
  const value = setAt({ prompt: 'a' }, ['either'], () => new Unreadable('{"x": tru'))
  expect(checkValue(schema, value)).toEqual([
    { path: ['either'], message: 'line 1, column 7: text belongs in double quotes' },
  ])
  expect(textOf(value)).toBe('{\n  "prompt": "a",\n  "either": {"x": tru\n}')
})

it('changes one place and nothing else', () => {
  const before = { list: [{ a: 1 }, { a: 2 }], other: {} }
  const after = setAt(before, ['list', 1, 'a'], () => 3) as typeof before
  expect(after).toEqual({ list: [{ a: 1 }, { a: 3 }], other: {} })
  expect(after.other).toBe(before.other)
  expect(setAt(after, ['list', 0], () => undefined)).toEqual({ list: [{ a: 3 }], other: {} })
  expect(Object.keys(setAt({}, ['__proto__'], () => 1) as object)).toEqual(['__proto__'])
})

it('finds values in a text', () => {
  const text = '{\n  "a": "x,}",\n  "list": [1, {"deep": [true]}],\n  "b": 5\n}'
  expect(locate(text, ['list', 1, 'deep', 0])).toMatchObject({ line: 3, column: 25 })
  expect(locate(text, ['b'])).toMatchObject({ line: 4, column: 8 })
  expect(locate(text, ['missing'])).toMatchObject({ line: 1, column: 1 })
})

it('compares with bounds that no float64 is', () => {
  const wide = cleanSchema(
    parseExact(
      '{"type":"object","properties":{"seed":{"type":"integer","minimum":0,"maximum":18446744073709551615},"id":{"enum":[9007199254740993]},"step":{"type":"integer","multipleOf":2},"any":{"type":"number"},"below":{"type":"integer","exclusiveMaximum":9007199254740993}}}',
    ),
  )
  const wrong = (text: string) =>
    checkValue(wide, parseExact(text)).map(({ path, message }) => [...path, message])
  for (const fine of [
    '{"seed":18446744073709551615}',
    '{"seed":1.0}',
    '{"seed":1e3}',
    '{"id":9007199254740993}',
    '{"step":9007199254740994}',
    '{"any":1e400}',
    '{"below":9007199254740992}',
  ])
    expect(wrong(fine)).toEqual([])
  expect(wrong('{"seed":18446744073709551616}')).toEqual([['seed', 'at most 18446744073709551615']])
  expect(wrong('{"seed":-1}')).toEqual([['seed', 'at least 0']])
  expect(wrong('{"seed":9007199254740993.5}')).toEqual([['seed', 'a whole number is expected']])
  expect(wrong('{"id":9007199254740992}')).toEqual([['id', 'one of 9007199254740993']])
  expect(wrong('{"step":9007199254740993}')).toEqual([['step', 'in steps of 2']])
  expect(wrong('{"below":9007199254740993}')).toEqual([['below', 'less than 9007199254740993']])
  expect(wrong('{"seed":"9007199254740993"}')).toEqual([['seed', 'a whole number is expected']])
})

it('writes numbers as they were read', () => {
  const value = parseExact('{"a":1.0,"b":[9007199254740993]}')
  expect(stringifyExact(parseExact(textOf(setAt(value, ['c'], () => 1))))).toBe(
    '{"a":1.0,"b":[9007199254740993],"c":1}',
  )
})
