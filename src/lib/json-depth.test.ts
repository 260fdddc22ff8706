import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEEPEST_JSON, isDeeperThan, TOO_DEEP, withinDepth } from './json-depth.ts'

const NOTE = JSON.stringify(TOO_DEEP)
const arrays = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const objects = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels)

describe('isDeeperThan', () => {
  it.each([
    ['arrays as deep as may be', arrays(DEEPEST_JSON), false],
    ['arrays one level deeper', arrays(DEEPEST_JSON + 1), true],
    ['objects as deep as may be', objects(DEEPEST_JSON), false],
    ['objects one level deeper', objects(DEEPEST_JSON + 1), true],
    ['a million levels', '[{"a":'.repeat(500_000), true],
    ['many, beside each other', `[${'[],'.repeat(5_000)}[]]`, false],
    ['brackets in a text', JSON.stringify('['.repeat(5_000)), false],
    ['brackets in a text after a quote that is escaped', JSON.stringify(`\\"${'{'.repeat(5_000)}`), false],
    ['a text that ends with a backslash, then depth', `["\\\\",${arrays(DEEPEST_JSON)}]`, true],
    ['nothing', '', false],
    ['a text that is never closed', `"${'['.repeat(5_000)}`, false],
  ])('of %s', (_what, text, answer) => {
    expect(isDeeperThan(text)).toBe(answer)
  })

  it('counts by the bound that is asked for', () => {
    expect([isDeeperThan('[[1, 2], {"a": 3}]', 1), isDeeperThan('[[1, 2], {"a": 3}]', 2)]).toEqual([
      true,
      false,
    ])
  })
})

describe('withinDepth', () => {
  it('gives back itself what is not too deep', () => {
    const text = '{ "a": [1.0, {"b": null}], "c": "[[[[{{{{" }'
    expect(withinDepth(text, 3)).toBe(text)
  })

  it.each([
    ['{"a": [1.0, {"b": null}], "c": []}', `{"a": [1.0, ${NOTE}], "c": []}`],
    ['{"__proto__":{"d":{"e":1}}}', `{"__proto__":{"d":${NOTE}}}`],
    ['[[[1],[2]],[[3]]]', `[[${NOTE},${NOTE}],[${NOTE}]]`],
    ['[["[[["],[["]]]"],9007199254740993]]', `[["[[["],[${NOTE},9007199254740993]]`],
    ['[[["a\\"]"]]]', `[[${NOTE}]]`],
  ])('puts a note where it is too deep, and keeps the rest as written: %s', (text, kept) => {
    expect(withinDepth(text, 2)).toBe(kept)
  })

  it('leaves what is never closed no JSON', () => {
    expect(() => JSON.parse(withinDepth('['.repeat(100_000))) as unknown).toThrow(SyntaxError)
  })

  it('makes any JSON shallow and leaves what is above the bound as it was', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        fc.array(fc.constantFrom('[', '{"a":', '[0,', '{"\\"]":'), { minLength: 200, maxLength: 3_000 }),
        (value, opens) => {
          const closes = opens.map((open) => (open.startsWith('[') ? ']' : '}')).reverse()
          const deep = `${opens.join('')}1${closes.join('')}`
          const text = `{"value":${JSON.stringify(value)},"deep":${deep},"after":[true]}`
          const kept = withinDepth(text)
          expect(isDeeperThan(kept)).toBe(false)
          const parsed = JSON.parse(kept) as Record<string, unknown>
          // JSON has no -0.
          expect(parsed).toMatchObject({ value: JSON.parse(JSON.stringify(value)) as unknown, after: [true] })
          expect(JSON.stringify(parsed['deep'])).toContain(TOO_DEEP)
        },
      ),
    )
  })
})
