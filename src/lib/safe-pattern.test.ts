import { describe, expect, test } from 'vitest'
import { patternWeight } from './pattern-weight.ts'
import { PatternError, safePattern } from './safe-pattern.ts'

/** Patterns that hold an engine that goes back for good, each with a text on which it does. */
const ENDLESS = [
  ['(a+)+$', `${'a'.repeat(90)}!`, false],
  ['^(.*)+ $', 'x'.repeat(90), false],
  ['^(a|a)*$', `${'a'.repeat(90)}!`, false],
  ['(x+x+)+y', 'x'.repeat(90), false],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(90), false],
  ['(.*a){20}b', 'a'.repeat(90), false],
  ['(a?){40}a{40}', 'a'.repeat(40), true],
  ['^(\\w+\\s?)*$', `${'word '.repeat(40)}!`, false],
  [`${'(a|a)'.repeat(40)}b`, 'a'.repeat(90), false],
] as const

test.each(ENDLESS)('%s comes to an end', async (source, text, expected) => {
  expect((await safePattern(source)).test(text)).toBe(expected)
})

test.each([
  ['a.c', 'xabcx', true],
  ['^\\d{2,3}$', '1234', false],
  ['(?<year>\\d{4})-', '2026-11', true],
  ['\\u00e9|\\u{1F600}', '😀', true],
  ['\\ud83d\\ude00', '😀', true],
  ['^[^]$', '😀', true],
  ['\\p{Script=Greek}', 'α', true],
  ['\\\\p', '\\p', true],
  ['(?<=loss=)0', 'loss=0', true],
  ['(?<!x)y', 'xy', false],
  ['[(?=]', '=', true],
  ['', 'anything', true],
])('%s in %j: %j, as JavaScript says', async (source, text, expected) => {
  expect(new RegExp(source, 'u').test(text)).toBe(expected)
  expect((await safePattern(source)).test(text)).toBe(expected)
})

test('case is ignored where it is asked for, in any script', async () => {
  const pattern = await safePattern('ärger \\w+', { ignoreCase: true })
  expect(pattern.test('ÄRGER Code')).toBe(true)
  expect((await safePattern('ärger')).test('ÄRGER')).toBe(false)
})

test('matches are found from an offset on', async () => {
  const pattern = await safePattern('b+')
  expect(pattern.find('😀abbb b', 0)).toEqual([3, 6])
  expect(pattern.find('😀abbb b', 6)).toEqual([7, 8])
  expect(pattern.find('😀abbb b', 8)).toBeNull()
  expect(pattern.find('b', 5)).toBeNull()
})

describe('what is refused', () => {
  test.each([
    ['(', /Unterminated group/],
    ['[z-a]', /out of order/],
    ['a(?=b)', /lookahead/],
    ['a(?!b)', /lookahead/],
    ['(a)\\1', /reference to a group/],
    ['(?<n>a)\\k<n>', /reference to a group/],
    ['a{1000}{1000}', /./],
    ['((a{0,100}){0,100}){0,100}', /takes too long; simplify it/],
    ['\\p{L}{900}', /takes too long; simplify it/],
    ['(?i)\\pL{100}', /./],
    ['a'.repeat(501), /too long/],
  ])('%s, in words', async (source, words) => {
    const refusal = safePattern(source)
    await expect(refusal).rejects.toThrow(PatternError)
    await expect(refusal).rejects.toThrow(words)
  })
})

test('the larger a pattern, the less of a text one look takes in', async () => {
  const small = await safePattern('ab+c$')
  const large = await safePattern('(a|b)*a(a|b){100}c')
  expect(small.reach).toBeGreaterThan(20_000)
  expect(large.reach).toBeLessThan(1_000)
  expect(large.reach).toBeGreaterThan(200)
  expect(small.test(`${'x'.repeat(small.reach)}abc`)).toBe(false)
})

test.each([
  ['abc', 3],
  ['a{10}', 20],
  ['(ab|c){2,5}', 35],
  ['a{3,}', 8],
  ['[a-z\\]]x', 2],
  ['\\{2\\}', 3],
])('%s weighs %i', (source, weight) => {
  expect(patternWeight(source, false)).toBe(weight)
})
