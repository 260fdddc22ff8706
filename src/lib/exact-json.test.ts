import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareNumbers, isMultiple, isWhole } from './exact-compare.ts'
import {
  ExactNumber,
  isJsonObject,
  numberFromLiteral,
  parseExact,
  stringifyExact,
  withPlainNumbers,
} from './exact-json.ts'

const EXACT = [
  '9007199254740993',
  '-9007199254740993',
  '18446744073709551615',
  '1e400',
  '-1E+400',
  '1.0',
  '0.0',
  '-0',
  '-0.0',
  '2.50',
  '1e5',
  '1E5',
  '1e-05',
  '0.0000001',
  '0.1000000000000000055',
  '123456789.123456789012',
  '100000000000000000000000',
  '4.35000000000000000001e-7',
]
const PLAIN = [
  '0',
  '-1',
  '12',
  '0.5',
  '-2.25',
  '9007199254740991',
  '1e-7',
  '1.5e+300',
  '0.30000000000000004',
  '5e-324',
  '1e+21',
  '97.50000000000001',
]

/** Any literal that JSON knows. */
const literal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,24}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,24}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?\d{1,4}$/)),
  )
  .map((parts) => parts.join(''))

/** A JSON text without spaces, with any literals in it. */
const json = fc.letrec<{ value: string; list: string; record: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    literal,
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    literal.map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null', '"1.0"', '"a\\\\\\"1.0"'),
    tie('list'),
    tie('record'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }).map((parts) => `[${parts.join(',')}]`),
  record: fc
    .uniqueArray(fc.tuple(fc.oneof(fc.string(), literal, fc.constant('__proto__')), tie('value')), {
      maxLength: 5,
      selector: ([key]) => key,
    })
    // Names that are numbers come first in an object, whatever was written.
    .map((parts) => parts.filter(([key]) => !/^\d+$/.test(key)))
    .map((parts) => `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${part}`).join(',')}}`),
})).value

describe('parseExact and stringifyExact', () => {
  test.each(EXACT)('%s stays as it was written', (text) => {
    const value = parseExact(text)
    expect(value).toBeInstanceOf(ExactNumber)
    expect([String(value), Number(value)]).toEqual([text, Number(text)])
    expect(stringifyExact(value)).toBe(text)
    expect(stringifyExact(parseExact(`{"a":[${text},"${text}"],"${text}x":{"b":${text}}}`))).toBe(
      `{"a":[${text},"${text}"],"${text}x":{"b":${text}}}`,
    )
  })

  test.each(PLAIN)('%s is a plain number', (text) => {
    expect(parseExact(text)).toBe(Number(text))
    expect(parseExact(`[${text}]`)).toEqual([Number(text)])
    expect(numberFromLiteral(text)).toBe(Number(text))
  })

  test('any JSON is written again as it was read', () => {
    fc.assert(
      fc.property(json, (text) => {
        expect(stringifyExact(parseExact(text))).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })

  test('it parses as JSON.parse does, to the nearest float64', () => {
    fc.assert(
      fc.property(json, (text) => {
        // Infinity is nothing that JSON.stringify could write.
        const nearest = JSON.parse(JSON.stringify(JSON.parse(text))) as unknown
        expect(withPlainNumbers(parseExact(text))).toEqual(nearest)
      }),
      { numRuns: 500 },
    )
  })

  test.each(['', '{', '[1.0', '{1.0:2}', '1.0 2', '01', '1.', '[1.0,]', '"1.0', '-', '+1.0', '.5', '1.0e'])(
    '%j is no JSON',
    (text) => {
      expect(() => parseExact(text)).toThrow(SyntaxError)
    },
  )

  test('a name that objects have is one like any other', () => {
    const value = parseExact('{"__proto__":1.0,"constructor":{"x":2.0}}')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  test('indented, through a replacer, and beside what JSON has no word for', () => {
    const value = { a: parseExact('1.0'), b: undefined, c: Number.NaN, d: new Date(0) }
    expect(stringifyExact(value, 2)).toBe(
      '{\n  "a": 1.0,\n  "c": null,\n  "d": "1970-01-01T00:00:00.000Z"\n}',
    )
    expect(stringifyExact([1, parseExact('2.0')], undefined, (_, part) => (part === 1 ? 'one' : part))).toBe(
      '["one",2.0]',
    )
    expect(stringifyExact(undefined)).toBe(undefined)
  })

  test('what throws while it is written leaves nothing behind', () => {
    expect(() => stringifyExact([parseExact('1.0'), 1n])).toThrow(TypeError)
    expect(JSON.stringify(parseExact('[1.0]'))).toBe('[1]')
  })

  test('depth is no matter', () => {
    const text = `${'['.repeat(100_000)}1.0${']'.repeat(100_000)}`
    let at = parseExact(text)
    for (let level = 0; level < 100_000; level++) at = (at as unknown[])[0]
    expect(String(at)).toBe('1.0')
  })

  test('it is a number, no object', () => {
    expect([isJsonObject(parseExact('1.0')), isJsonObject({}), isJsonObject([]), isJsonObject(null)]).toEqual(
      [false, true, false, false],
    )
  })
})

describe('compareNumbers', () => {
  const of = (text: string) => numberFromLiteral(text)

  test.each([
    ['18446744073709551616', '18446744073709551615', 1],
    ['18446744073709551615', '18446744073709551615', 0],
    ['18446744073709551614', '18446744073709551615', -1],
    ['9007199254740993', '9007199254740992', 1],
    ['-9007199254740993', '-9007199254740992', -1],
    ['1.0', '1', 0],
    ['1e2', '100', 0],
    ['0.10', '0.1', 0],
    ['-0', '0', 0],
    ['1e400', '1e399', 1],
    ['-1e400', '5', -1],
    ['1e-400', '0', 1],
    ['0.1000000000000000055', '0.1', 1],
    ['1e999999999', '1e999999998', 1],
  ])('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareNumbers(of(a), of(b)))).toBe(sign)
    expect(Math.sign(compareNumbers(of(b), of(a)))).toBe(sign === 0 ? 0 : -sign)
  })

  test('agrees with whole numbers of any size', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(Math.sign(compareNumbers(of(`${a}`), of(`${b}`)))).toBe(a === b ? 0 : a < b ? -1 : 1)
      }),
    )
  })

  test.each([
    ['1.0', true],
    ['1e400', true],
    ['-0', true],
    ['0.0', true],
    ['9007199254740993.5', false],
    ['1e-1', false],
    ['10e-1', true],
    ['120', true],
  ])('%s is whole: %s', (text, whole) => {
    expect(isWhole(of(text))).toBe(whole)
  })

  test.each([
    ['9007199254740993', '2', false],
    ['9007199254740994', '2', true],
    ['0.3', '0.1', true],
    ['1.0', '0.5', true],
    ['18446744073709551615', '5', true],
    ['18446744073709551616', '5', false],
    ['0.0', '7', true],
  ])('%s in steps of %s: %s', (text, step, fits) => {
    expect(isMultiple(of(text), of(step))).toBe(fits)
  })
})
