import { expect, test } from 'vitest'
import { lengthOf } from './time-limits.tsx'
import { usageIn } from './usage.ts'

test('usage is told in words, whatever else is in it', () => {
  expect(
    usageIn([
      { type: 'gpu', model: 'weir-gpu-1', tier: 'cloud', quantity: 353, unit: 'second' },
      { type: 'tokens', quantity: 1 },
      { quantity: 'many' },
      null,
    ]),
  ).toEqual([
    { what: 'gpu · weir-gpu-1 · cloud', amount: '353 seconds' },
    { what: 'tokens', amount: '1' },
  ])
  expect(usageIn('nothing')).toEqual([])
})

test.each([
  ['10', 'minutes', 600_000],
  ['0,5', 'hours', 1_800_000],
  ['', 'minutes', null],
  ['soon', 'minutes', null],
  ['0', 'seconds', null],
  ['-1', 'hours', null],
  ['1e9', 'hours', null],
] as const)('%j %s is %j ms', (text, unit, ms) => {
  expect(lengthOf(text, unit)).toBe(ms)
})
