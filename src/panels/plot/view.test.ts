import { expect, test } from 'vitest'
import {
  clampSpan,
  formatSpan,
  gridOf,
  LONGEST_MS,
  panned,
  parseSpan,
  SHORTEST_MS,
  viewOf,
  zoomed,
} from './view.ts'

test('zooming keeps what is under the anchor where it is', () => {
  const view = { from: 1_000, to: 11_000 }
  const closer = zoomed(view, 0.5, 3_000)
  expect(closer).toEqual({ from: 2_000, to: 7_000 })
  expect(zoomed(closer, 2, 3_000)).toEqual(view)
  expect(panned(view, -500)).toEqual({ from: 500, to: 10_500 })
})

test('spans have bounds', () => {
  expect(clampSpan(0)).toBe(SHORTEST_MS)
  expect(clampSpan(Number.NaN)).toBe(LONGEST_MS)
  const tiny = zoomed({ from: 0, to: 10 }, 1e-6, 5)
  expect(tiny.to - tiny.from).toBe(SHORTEST_MS)
})

test('columns stay in place while a view moves on', () => {
  const now = 1_763_000_000_000
  const a = gridOf({ from: now - 5_000, to: now }, 1_200)
  const b = gridOf({ from: now - 4_990, to: now + 10 }, 1_200)
  expect(b.width).toBe(a.width)
  expect(Math.abs(b.first - a.first - 10 / a.width)).toBeLessThan(1)
  const c = gridOf({ from: now + 0.3 - 5_000, to: now + 0.3 }, 1_200)
  expect(c.width).toBe(a.width)
  expect(viewOf(a).to).toBeGreaterThanOrEqual(now - 1e-3)
  expect(viewOf(a).to - now).toBeLessThanOrEqual(a.width)
})

test.each([
  ['90', 90_000],
  ['90 s', 90_000],
  ['1.5 h', 5_400_000],
  ['1,5h', 5_400_000],
  ['1h 30m', 5_400_000],
  ['250ms', 250],
  ['2 d', 172_800_000],
])('%s is a span', (text, ms) => expect(parseSpan(text)).toBe(ms))

test.each(['', 'soon', '5 parsecs', '-3', '0', '1e9 d', '90 90'])('%s is none', (text) =>
  expect(parseSpan(text)).toBeNull(),
)

test.each([
  [120, '120 ms'],
  [5_000, '5 s'],
  [90_000, '1 min 30 s'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
  [86_400_000, '24 h'],
  [7 * 86_400_000, '7 d'],
])('%i ms reads %s', (ms, text) => expect(formatSpan(ms)).toBe(text))
