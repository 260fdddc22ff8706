import { expect, test } from 'vitest'
import { Track } from '#model/track.ts'
import { Columns } from './columns.ts'
import { gridOf } from './view.ts'

const RATE = 4

/** A track of 4 samples per ms that can be written on. */
function writing() {
  const track = new Track()
  let t = 0
  const write = (ms: number) => {
    const n = ms * RATE
    const times = Float64Array.from({ length: n }, (_, i) => t + i / RATE)
    track.append(
      times,
      times.map((at) => Math.sin(at / 50) * (1 + (at % 7))),
    )
    t += ms
  }
  return { track, write }
}

function whole(track: Track, first: number, width: number, count: number) {
  const lows = new Float64Array(count)
  const highs = new Float64Array(count)
  const breaks = new Uint8Array(count)
  track.columns(first * width, (first + count) * width, lows, highs, breaks)
  return { lows, highs, breaks }
}

test('a view that moves on has the same columns as one computed anew, and costs its new ones only', () => {
  const { track, write } = writing()
  const columns = new Columns()
  write(1_000)
  for (let end = 1_000; end < 1_400; end += 16) {
    write(16)
    if (end === 1_096) track.breakAt(end + 16)
    const grid = gridOf({ from: end + 16 - 500, to: end + 16 }, 250)
    expect(columns.update(track, grid)).toBe(true)
    const anew = whole(track, grid.first, grid.width, grid.count)
    expect(columns.lows).toEqual(anew.lows)
    expect(columns.highs).toEqual(anew.highs)
    expect(columns.breaks).toEqual(anew.breaks)
    if (end > 1_000) expect(columns.computed).toBeLessThan(12)
  }
})

test('what comes behind a view that stands still changes nothing', () => {
  const { track, write } = writing()
  const columns = new Columns()
  write(2_000)
  const grid = gridOf({ from: 500, to: 1_000 }, 100)
  expect(columns.update(track, grid)).toBe(true)
  write(100)
  expect(columns.update(track, grid)).toBe(false)
})

test('samples put in front, another width or another track are computed anew', () => {
  const { track, write } = writing()
  const columns = new Columns()
  track.append([999], [0])
  write(1_200)
  const grid = gridOf({ from: 0, to: 1_000 }, 100)
  columns.update(track, grid)
  track.insert([100, 200], [5, 6])
  expect(columns.update(track, grid)).toBe(true)
  expect(columns.computed).toBe(100)
  expect(columns.lows[10]).toBe(5)
  columns.update(track, gridOf({ from: 0, to: 1_000 }, 50))
  expect(columns.lows.length).toBe(50)
  expect(columns.update(new Track(), gridOf({ from: 0, to: 1_000 }, 50))).toBe(true)
  expect(columns.lows.every(Number.isNaN)).toBe(true)
})
