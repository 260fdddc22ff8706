import { expect, test } from 'vitest'
import { dropTargetAt, unitsOf, type Box } from './drop-target.ts'

const box = (key: string, left: number, top: number, right: number, bottom: number): Box => ({
  key,
  left,
  top,
  right,
  bottom,
})
const WALL = [box('a', 0, 0, 490, 300), box('b', 510, 0, 1_000, 300), box('c', 0, 320, 1_000, 620)]

test.each([
  [
    { x: 100, y: 100 },
    { key: 'a', side: 'before', axis: 'x' },
  ],
  [
    { x: 400, y: 100 },
    { key: 'a', side: 'after', axis: 'x' },
  ],
  [
    { x: 990, y: 299 },
    { key: 'b', side: 'after', axis: 'x' },
  ],
  [
    { x: 900, y: 400 },
    { key: 'c', side: 'before', axis: 'y' },
  ],
  [
    { x: 100, y: 900 },
    { key: 'c', side: 'after', axis: 'y' },
  ],
] as const)('a panel dropped at %j goes to %j', (point, target) => {
  expect(dropTargetAt(WALL, point, 1_000)).toEqual(target)
})

test('an empty wall has no place beside a panel', () => {
  expect(dropTargetAt([], { x: 0, y: 0 }, 1_000)).toBeNull()
})

test('lengths become columns and rows', () => {
  expect(unitsOf(490, 72, 12)).toBe(6)
  expect(unitsOf(60, 72, 12)).toBe(1)
})
