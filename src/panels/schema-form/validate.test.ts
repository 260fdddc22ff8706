import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkValue } from './check-value.ts'
import { cleanSchema } from './clean-schema.ts'
import { isOfFormat } from './formats.ts'
import { uncheckedPattern } from './schema-pattern.ts'
import { faultsOf } from './validate.ts'

const keywords = (schema: unknown, value: unknown) =>
  faultsOf(cleanSchema(schema), value).map(({ keyword }) => keyword)

it.each<[string, object, unknown, string[]]>([
  ['a pattern', { pattern: '^a+$' }, 'ab', ['pattern']],
  ['a pattern that fits', { pattern: '^\\p{L}+$' }, 'äb', []],
  ['characters, not units', { minLength: 2, maxLength: 2 }, '😀😀', []],
  ['too few of them', { minLength: 2 }, '😀', ['minLength']],
  ['bounds', { exclusiveMinimum: 0, maximum: 1 }, 0, ['exclusiveMinimum']],
  ['steps that are no binary fractions', { multipleOf: 0.1 }, 0.7, []],
  ['no step', { multipleOf: 0.1 }, 0.75, ['multipleOf']],
  ['whole numbers', { type: 'integer' }, 2.5, ['type']],
  ['equal objects', { enum: [{ a: [1, null] }] }, { a: [1, null] }, []],
  ['other objects', { enum: [{ a: [1] }] }, { a: [2] }, ['enum']],
  [
    'nothing else',
    { properties: { a: {} }, additionalProperties: false },
    { b: 1 },
    ['additionalProperties'],
  ],
  ['one of two', { anyOf: [{ type: 'string' }, { type: 'array', minItems: 1 }] }, [], ['anyOf']],
])('judges %s', (_, schema, value, faults) => {
  expect(keywords(schema, value)).toEqual(faults)
})

it.each(['^(a+)+$', '(a|aa)+$', '^(.*)+ $', '(x+x+)+y', '([a-z]*)*\\d'])(
  'ends with %s and what it would never end with',
  (pattern) => {
    const schema = cleanSchema({ properties: { a: { type: 'string', pattern } } })
    expect(checkValue(schema, { a: `${'a'.repeat(60)}!` }).map(({ message }) => message)).toEqual([
      `must match ${pattern}`,
    ])
    expect(checkValue(schema, { a: 'x'.repeat(1_000_000) })).toEqual([])
  },
)

it.each(['^(?=a)b', '^(?!a)', '(a)\\1', `${'a{99}'.repeat(300)}`])(
  'does not check what cannot be matched in time, and says so: %s',
  (pattern) => {
    expect(keywords({ pattern }, 'anything')).toEqual([])
    expect(uncheckedPattern(pattern)).toMatch(/^Must match .*, which is not checked here: /)
  },
)

it.each<[string, string[], string[]]>([
  ['date', ['2024-02-29'], ['2023-02-29', '2024-13-01', '24-1-1', '']],
  [
    'date-time',
    ['2024-02-29T23:59:60Z', '2024-01-01t00:00:00.25+02:00'],
    ['2024-01-01', '2024-01-01T25:00:00Z'],
  ],
  ['email', ['a.b@c.example'], ['a', '@b', 'a@', 'a b@c', 'a@b@c', 'a@-b']],
  ['uri', ['https://a.example/x', 'urn:a:b'], ['a b', '/x', '']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123']],
  ['ipv4', ['10.0.0.255'], ['10.0.0.256', '1.2.3', '01.2.3.4.5']],
  ['ipv6', ['::1', 'fe80::1'], ['::1::', '1', '12345::']],
  ['duration', ['P1DT2H', 'P3W'], ['P', 'PT', '1D']],
  ['hostname', ['a.example'], ['-a', 'a..b', `${'a'.repeat(64)}`]],
  ['banana', ['anything'], []],
])('knows the format %s', (format, good, bad) => {
  expect(good.filter((text) => !isOfFormat(format, text))).toEqual([])
  expect(bad.filter((text) => isOfFormat(format, text))).toEqual([])
})

it('ends with texts that formats are read slowly by', () => {
  const texts = ['a-'.repeat(30_000), `http://${'a'.repeat(60_000)}!`, '1'.repeat(60_000), ':'.repeat(60_000)]
  for (const format of ['uri', 'url', 'email', 'hostname', 'ipv6', 'uri-reference', 'duration', 'date-time'])
    for (const text of texts) expect(typeof isOfFormat(format, text)).toBe('boolean')
})

it('ends with large schemas and values', () => {
  const list = Array.from({ length: 100_000 }, (_, i) => ({ n: i }))
  const wide = { items: { properties: { n: { anyOf: [{ type: 'string' }, { maximum: 5 }] } } } }
  expect(keywords(wide, list).length).toBeLessThanOrEqual(200)
  expect(keywords({ enum: list }, list)).toEqual([])
  expect(keywords({ items: { enum: list.slice(0, 2_000) } }, list).length).toBeLessThanOrEqual(200)
  expect(keywords({ uniqueItems: true, type: 'array' }, list)).toEqual([])
  const fields = Object.fromEntries(list.map((_, i) => [`f${i}`, { type: 'string' }]))
  const many = cleanSchema({ properties: fields, additionalProperties: false })
  expect(Object.keys(many.properties ?? {}).length).toBeLessThanOrEqual(300)
  expect(faultsOf(many, { f99999: 'x' })).toEqual([])
  let deep: unknown = 1
  for (let i = 0; i < 20_000; i++) deep = [deep]
  expect(checkValue(cleanSchema({ type: 'object' }), { deep })).toEqual([])
})

it('bears any schema and any value', () => {
  const keyword = fc.constantFrom(
    ...'type enum const format pattern minLength maxLength minimum maximum multipleOf items properties'.split(
      ' ',
    ),
    ...'required additionalProperties anyOf oneOf allOf $ref default title minItems uniqueItems'.split(' '),
  )
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'medium' },
      fc.jsonValue(),
      fc.constantFrom('string', 'object', ['array', 'null'], '#', '#/a', '^(a+)+$', 'date-time', 'email'),
      fc.dictionary(keyword, tie('schema'), { maxKeys: 6 }),
      fc.array(tie('schema'), { maxLength: 3 }),
    ),
  }))
  fc.assert(
    fc.property(schema, fc.jsonValue(), (raw, value) => {
      const clean = cleanSchema(raw)
      for (const { path, message } of checkValue(clean, value)) {
        expect(Array.isArray(path)).toBe(true)
        expect(message).not.toBe('')
      }
    }),
    { numRuns: 500, interruptAfterTimeLimit: 3_000 },
  )
})
