import { expect, it } from 'vitest'
import { everyLine, extended, isSelected, kept, pressed, rangeOf } from './selection.ts'

it('starts at a line and extends in both directions', () => {
  const start = pressed(null, 10, false)
  expect(rangeOf(start)).toEqual({ from: 10, to: 11 })
  expect(rangeOf(pressed(start, 14, true))).toEqual({ from: 10, to: 15 })
  expect(rangeOf(pressed(pressed(start, 14, true), 8, true))).toEqual({ from: 8, to: 11 })
  expect(rangeOf(pressed(start, 3, false))).toEqual({ from: 3, to: 4 })
})

it('extends by keys from the line in sight', () => {
  const next = (line: number) => line + 1
  const start = extended(null, 7, next)
  expect(rangeOf(start)).toEqual({ from: 7, to: 8 })
  expect(rangeOf(extended(start, 0, next))).toEqual({ from: 7, to: 9 })
})

it('knows what is in it', () => {
  const all = everyLine(5, 8)
  expect([4, 5, 7, 8].map((line) => isSelected(all, line))).toEqual([false, true, true, false])
  expect(isSelected(null, 5)).toBe(false)
  expect(everyLine(5, 5)).toBeNull()
})

it('shrinks as old lines go', () => {
  expect(kept({ anchor: 5, head: 9 }, 7)).toEqual({ anchor: 7, head: 9 })
  expect(kept({ anchor: 9, head: 5 }, 7)).toEqual({ anchor: 9, head: 7 })
  expect(kept({ anchor: 5, head: 6 }, 7)).toBeNull()
})
