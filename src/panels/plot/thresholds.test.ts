import { expect, test } from 'vitest'
import { beyondWords, crossings, gaugeFraction, worstBeyond, type Threshold } from './thresholds.ts'

const warm: Threshold = { value: 30, label: 'warm', level: 'warn', side: 'above' }
const hot: Threshold = { value: 40, label: '', level: 'bad', side: 'above' }
const cold: Threshold = { value: 5, label: 'cold', level: 'warn', side: 'below' }

test('the worst limit counts', () => {
  expect(worstBeyond([warm, hot, cold], 20)).toBeNull()
  expect(worstBeyond([warm, hot, cold], 30)).toBeNull()
  expect(worstBeyond([warm, hot, cold], 35)).toBe(warm)
  expect(worstBeyond([warm, hot, cold], 45)).toBe(hot)
  expect(worstBeyond([warm, hot, cold], 1)).toBe(cold)
  expect(worstBeyond([warm], Number.NaN)).toBeNull()
})

test('it is said in words', () => {
  expect(beyondWords(warm)).toBe('above warm (30)')
  expect(beyondWords(hot)).toBe('above 40')
})

test('a mark stands where a line goes beyond, not while it stays there', () => {
  const lows = Float64Array.of(20, 20, 31, Number.NaN, 20, 20, 20)
  const highs = Float64Array.of(20, 35, 36, Number.NaN, 20, 41, 20)
  expect(crossings(warm, lows, highs, 100, 10, 1)).toEqual([115, 155])
  expect(crossings(warm, lows, highs, 100, 10, 50)).toEqual([115])
})

test('a gauge is full at its limit', () => {
  expect(gaugeFraction(5, 0, 10)).toBe(0.5)
  expect(gaugeFraction(50, 0, 10)).toBe(1)
  expect(gaugeFraction(Number.NaN, 0, 10)).toBeNull()
  expect(gaugeFraction(5, 10, 10)).toBeNull()
})
