import { expect, test } from 'vitest'
import { ExactNumber } from '#lib/exact-json.ts'
import { numberOf } from './number-part.tsx'

test.each([
  ['5', '5'],
  [' 5 ', '5'],
  ['+5', '5'],
  ['007', '7'],
  ['.5', '0.5'],
  ['-.5', '-0.5'],
  ['1.', '1'],
  ['1.0', '1.0'],
  ['-0', '-0'],
  ['1e400', '1e400'],
  ['9007199254740993', '9007199254740993'],
  ['+09007199254740993', '9007199254740993'],
  ['18446744073709551615', '18446744073709551615'],
  ['0.1000000000000000055', '0.1000000000000000055'],
])('%j is the number %s', (text, literal) => {
  const number = numberOf(text)
  expect(typeof number === 'number' || number instanceof ExactNumber).toBe(true)
  expect(Object.is(number, -0) ? '-0' : String(number)).toBe(literal)
})

test.each(['', '1e', '-', 'five', '1,5', 'Infinity', 'NaN', '1 2'])('%j is none', (text) => {
  expect(numberOf(text)).toBe(text === '' ? undefined : text)
})
