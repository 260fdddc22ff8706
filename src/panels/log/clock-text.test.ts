import { expect, it } from 'vitest'
import { bothClocks, ClockText } from './clock-text.ts'

const AT = Date.UTC(2026, 10, 20, 3, 2, 8, 7)

it('writes UTC', () => {
  const clock = new ClockText(true)
  expect([clock.day(AT), clock.time(AT), clock.zone]).toEqual(['2026-11-20', '03:02:08.007', 'UTC'])
})

it('writes local time', () => {
  const local = new Date(2026, 10, 20, 3, 2, 8, 45).getTime()
  expect([new ClockText(false).day(local), new ClockText(false).time(local)]).toEqual([
    '2026-11-20',
    '03:02:08.045',
  ])
})

it('names both in full', () => {
  expect(bothClocks(AT)).toContain('2026-11-20 03:02:08.007 UTC')
})

it('knows today', () => {
  const clock = new ClockText(true)
  expect(clock.isToday(Date.now())).toBe(true)
  expect(clock.isToday(Date.now() - 86_400_000)).toBe(false)
})
