import { expect, test } from 'vitest'
import { formatAge, formatMoment, formatRange, formatTimeTick } from './time-words.ts'

const AT = Date.UTC(2026, 10, 21, 14, 5, 9, 120)

test('ticks are as exact as their distance', () => {
  expect(formatTimeTick(AT, 60_000, true)).toBe('14:05')
  expect(formatTimeTick(AT, 5_000, true)).toBe('14:05:09')
  expect(formatTimeTick(AT, 20, true)).toBe('05:09.120')
  expect(formatTimeTick(Date.UTC(2026, 10, 22), 3_600_000, true)).toBe('22 Nov')
})

test('moments have their day unless it is today', () => {
  expect(formatMoment(AT, 1_000, true, AT)).toBe('14:05:09.120')
  expect(formatMoment(AT, 86_400_000, true, AT + 86_400_000)).toBe('21 Nov 14:05:09')
  expect(formatRange(AT - 60_000, AT, true, AT)).toBe('14:04:09 to 14:05:09')
  expect(formatRange(AT - 100, AT, true, AT)).toBe('14:05:09.020 to 14:05:09.120')
})

test.each([
  [300, 'now'],
  [12_400, '12 s'],
  [200_000, '3 min'],
  [7_300_000, '2 h'],
  [300_000_000, '3 d'],
])('%i ms old reads %s', (ms, text) => expect(formatAge(ms)).toBe(text))
