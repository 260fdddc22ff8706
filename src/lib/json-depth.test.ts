import { describe, expect, it } from 'vitest'
import { DEEPEST_JSON, isDeeperThan, TOO_DEEP, withinDepth } from './json-depth.ts'

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
    const value = { a: [1, { b: null }], c: 'text' }
    expect(withinDepth(value, 3)).toBe(value)
  })

  it('puts a note where it is too deep, and keeps the rest', () => {
    const value = { a: [1, { b: null }], c: [], ['__proto__']: { d: { e: 1 } } }
    expect(withinDepth(value, 2)).toEqual({ a: [1, TOO_DEEP], c: [], ['__proto__']: { d: TOO_DEEP } })
    expect(value.a[1]).toEqual({ b: null })
  })

  it('makes a hundred thousand levels harmless', () => {
    const kept = withinDepth(JSON.parse(arrays(100_000)))
    const json = JSON.stringify(kept)
    expect(json).toContain(TOO_DEEP)
    expect(isDeeperThan(json)).toBe(false)
  })
})
