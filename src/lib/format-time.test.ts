import { describe, expect, it } from 'vitest'
import { formatBoth, formatClock, formatClockShort, formatFinish, formatWhen } from './format-time.ts'

const noon = Date.UTC(2026, 10, 21, 12, 0, 0)
const minute = 60_000
const hour = 60 * minute

describe('times', () => {
  it('are clocks in the zone of the page', () => {
    expect(formatClock(noon + 5_432, 'UTC')).toBe('12:00:05')
    expect(formatClockShort(noon, 'Europe/Berlin')).toBe('13:00')
    expect(formatClock(null)).toBe('–')
  })

  it('name the day unless it is today', () => {
    expect(formatWhen(noon, noon + hour, 'UTC')).toBe('12:00:00')
    expect(formatWhen(noon, noon + 24 * hour, 'UTC')).toMatch(/^Sat,? 21 Nov, 12:00$/)
  })

  it('carry both zones in the tooltip', () => {
    expect(formatBoth(noon, 'Europe/Berlin')).toBe(
      '21 Nov 2026, 13:00:00 Europe/Berlin\n2026-11-21 12:00:00.000 UTC',
    )
  })
})

describe('the finish', () => {
  it('is a range of clocks', () => {
    expect(formatFinish(noon + 5 * minute, noon + 9 * minute, noon, 'UTC')).toBe('≈ 12:05 to 12:09')
  })

  it('is one clock when both ends read the same', () => {
    expect(formatFinish(noon + 5 * minute, noon + 5 * minute + 20_000, noon, 'UTC')).toBe('≈ 12:05')
  })

  it('says so when it is on another day', () => {
    expect(formatFinish(noon + 11 * hour, noon + 13 * hour, noon, 'UTC')).toBe('≈ 23:00 to 01:00 +1')
  })
})
