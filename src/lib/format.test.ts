import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatRate,
  formatRoughly,
  formatSi,
} from './format.ts'

describe('durations', () => {
  it.each([
    [0, '0.0s'],
    [940, '0.9s'],
    [9_949, '9.9s'],
    [9_999, '9.9s'],
    [25_000, '25s'],
    [59_970, '59s'],
    [60_000, '1m 0s'],
    [724_000, '12m 4s'],
    [3_599_999, '59m 59s'],
    [3_840_000, '1h 4m'],
    [90_000_000, '1d 1h'],
  ])('%i ms reads %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  it('are never negative, and a dash when unknown', () => {
    expect(formatDuration(-5_000)).toBe('0.0s')
    expect(formatDuration(null)).toBe('–')
    expect(formatDuration(Number.NaN)).toBe('–')
  })

  it('are rough in prose', () => {
    expect(formatRoughly(240_000)).toBe('4 min')
    expect(formatRoughly(12_000)).toBe('12 s')
    expect(formatRoughly(10)).toBe('1 s')
    expect(formatRoughly(3 * 3_600_000)).toBe('3 h')
  })
})

describe('numbers', () => {
  it('have SI prefixes and three digits', () => {
    expect([0, 412, 999.6, 18_234, 3_400_000, 2e9].map(formatSi)).toEqual([
      '0',
      '412',
      '1k',
      '18.2k',
      '3.4M',
      '2G',
    ])
  })

  it('of bytes have their unit', () => {
    expect([0, 999, 1_000, 61_234_000, 999_960, 5e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '61.2 MB',
      '1 MB',
      '5 GB',
    ])
    expect(formatBytes(null)).toBe('–')
  })

  it('of steps are grouped', () => {
    expect(formatCount(1_000)).toBe('1,000')
    expect(formatCount(null)).toBe('–')
  })

  it('of percent are cut: 100 % is only for what is done', () => {
    expect(formatPercent(99.99)).toBe('99 %')
    expect(formatPercent(100)).toBe('100 %')
    expect(formatPercent(-3)).toBe('0 %')
    expect(formatPercent(null)).toBe('–')
  })

  it('of rates go by the second, the minute or the hour', () => {
    expect(formatRate(0.5714, 'steps')).toBe('0.57 steps/s')
    expect(formatRate(0.05, 'steps')).toBe('3 steps/min')
    expect(formatRate(0.0005, '')).toBe('1.8/h')
    expect(formatRate(26.24, '')).toBe('26.2/s')
    expect(formatRate(-1, 'steps')).toBe('–')
  })
})
