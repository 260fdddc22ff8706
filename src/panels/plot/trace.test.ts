import { expect, test } from 'vitest'
import { Track } from '#model/track.ts'
import { Columns } from './columns.ts'
import { noPoints, takePoints, traceColumns, tracePoints, type Pen } from './trace.ts'
import { gridOf } from './view.ts'

function pen() {
  const said: string[] = []
  const at = (name: string) => (x: number, y: number) => {
    said.push(`${name} ${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`)
  }
  const made: Pen = { moveTo: at('M'), lineTo: at('L') }
  return { pen: made, said }
}

function columnsOf(track: Track, to: number, count: number): Columns {
  const columns = new Columns()
  columns.update(track, gridOf({ from: 0, to }, count))
  return columns
}

test('a column is drawn from the side that the line comes from, with two points at most', () => {
  const track = new Track()
  track.append([1, 2, 11, 12, 21], [0, 10, 8, 20, 3])
  const { pen: made, said } = pen()
  traceColumns(made, columnsOf(track, 30, 3), 100, 10, (value) => value)
  expect(said).toEqual(['M 105 0', 'L 105 10', 'L 115 8', 'L 115 20', 'L 125 3'])
})

test('breaks, and what a scale has no place for, interrupt the line', () => {
  const track = new Track()
  track.append([1, 11, 21, 31, 41], [1, 2, Number.NaN, -4, 5])
  const { pen: made, said } = pen()
  traceColumns(made, columnsOf(track, 50, 5), 0, 10, (value) => (value > 0 ? value : Number.NaN))
  expect(said).toEqual(['M 5 1', 'L 5.5 1', 'L 15 2', 'M 45 5', 'L 45.5 5'])
})

test('an empty column without a break is bridged', () => {
  const track = new Track()
  track.append([1, 21], [1, 2])
  const { pen: made, said } = pen()
  traceColumns(made, columnsOf(track, 30, 3), 0, 10, (value) => value)
  expect(said).toEqual(['M 5 1', 'L 5.5 1', 'L 25 2'])
})

test('points are taken with their neighbours outside, and drawn where they are', () => {
  const track = new Track()
  track.append([0, 10, 20, 30, 40], [1, 2, Number.POSITIVE_INFINITY, 4, 5])
  const points = noPoints(8)
  takePoints(track, { from: 5, to: 35 }, points)
  expect(points.n).toBe(5)
  const { pen: made, said } = pen()
  tracePoints(
    made,
    points,
    (t) => t * 2,
    (value) => value,
  )
  expect(said).toEqual(['M 0 1', 'L 20 2', 'M 60 4', 'L 80 5'])
})
