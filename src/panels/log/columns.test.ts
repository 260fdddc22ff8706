import { expect, it } from 'vitest'
import { measure } from '#lib/char-columns.ts'
import { breaks, offsetAt, shown } from './columns.ts'

it('counts wide characters twice and marks not at all', () => {
  expect(measure('abc')).toBe(3)
  expect(measure('漢字')).toBe(4)
  expect(measure('e\u0301')).toBe(1)
  expect(measure('🚀')).toBe(2)
  expect(measure('👩‍🚀')).toBe(2)
  expect(measure('−3.4 dBm · µ')).toBe(12)
})

it('breaks after so many columns, wide characters staying whole', () => {
  expect(breaks('abcdef', 4)).toEqual([0, 4])
  expect(breaks('abcd', 4)).toEqual([0])
  expect(breaks('', 4)).toEqual([0])
  expect(breaks('a漢字b', 4)).toEqual([0, 2])
  expect(breaks('é'.repeat(9), 4)).toEqual([0, 4, 8])
})

it('makes control and direction characters visible', () => {
  expect(shown('a\x07b\x7f', 0)).toBe('a␇b␡')
  expect(shown('\u202eevil\u202c', 0)).toBe('\ufffdevil\ufffd')
  expect(shown('שלום', 0)).toBe('שלום')
})

it('widens tabs to stops of eight', () => {
  expect(shown('a\tb', 0)).toBe('a       b')
  expect(shown('\tb', 6)).toBe('  b')
  expect(shown('漢\tb', 0)).toBe('漢      b')
})

it('finds the character in a column', () => {
  expect(offsetAt('abc', 2)).toBe(2)
  expect(offsetAt('漢字b', 2)).toBe(1)
  expect(offsetAt('漢字b', 99)).toBe(3)
})
