import { expect, it } from 'vitest'
import {
  contentHeight,
  isScaled,
  lastTop,
  MAX_HEIGHT_PX,
  ROW_PX,
  scrolledTop,
  scrollTopFor,
  topFor,
  visibleRows,
} from './viewport.ts'

const SMALL = { rows: 1_000, viewPx: 720 }
const HUGE = { rows: 10_000_000, viewPx: 720 }

it('maps pixels to rows one to one while the log fits', () => {
  expect(contentHeight(SMALL.rows)).toBe(18_000)
  expect(isScaled(SMALL)).toBe(false)
  expect(topFor(1_809, SMALL)).toBeCloseTo(100.5)
  expect(scrollTopFor(100.5, SMALL)).toBeCloseTo(1_809)
  expect(scrolledTop({ top: 0, scrollTop: 0 }, 9, SMALL)).toBeCloseTo(0.5)
})

it('has no scroll range when all rows are in sight', () => {
  const few = { rows: 10, viewPx: 720 }
  expect(lastTop(few)).toBe(0)
  expect(scrollTopFor(0, few)).toBe(0)
  expect(topFor(100, few)).toBe(0)
  expect(visibleRows(0, few)).toEqual({ from: 0, to: 10 })
})

it('keeps the element within what browsers lay out', () => {
  expect(contentHeight(HUGE.rows)).toBe(MAX_HEIGHT_PX)
  expect(isScaled(HUGE)).toBe(true)
  expect(topFor(MAX_HEIGHT_PX - 720, HUGE)).toBeCloseTo(lastTop(HUGE))
  expect(topFor(scrollTopFor(4_321_000, HUGE), HUGE)).toBeCloseTo(4_321_000)
})

it('scrolls a scaled log by the pixel for short moves, in proportion for long ones', () => {
  const before = { top: 5_000_000, scrollTop: scrollTopFor(5_000_000, HUGE) }
  expect(scrolledTop(before, before.scrollTop + 3 * ROW_PX, HUGE)).toBeCloseTo(5_000_003)
  expect(scrolledTop(before, before.scrollTop - ROW_PX, HUGE)).toBeCloseTo(4_999_999)
  expect(scrolledTop(before, scrollTopFor(9_000_000, HUGE), HUGE)).toBeCloseTo(9_000_000)
})

it('reaches both ends of a scaled log', () => {
  const nearStart = { top: 50, scrollTop: 30 }
  expect(scrolledTop(nearStart, 0, HUGE)).toBe(0)
  const nearEnd = { top: lastTop(HUGE) - 50, scrollTop: MAX_HEIGHT_PX - 750 }
  expect(scrolledTop(nearEnd, MAX_HEIGHT_PX - 720, HUGE)).toBe(lastTop(HUGE))
})

it('draws the rows that are partly in sight', () => {
  expect(visibleRows(10.5, SMALL)).toEqual({ from: 10, to: 51 })
  expect(visibleRows(lastTop(SMALL), SMALL)).toEqual({ from: 960, to: 1_000 })
})
