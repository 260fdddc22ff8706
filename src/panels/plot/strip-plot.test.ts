import { expect, test } from 'vitest'
import { StateTrack } from '#model/state-track.ts'
import { piecesOf } from './strip-plot.ts'

function track(...states: [number, string | boolean | null][]): StateTrack {
  const made = new StateTrack()
  for (const [t, value] of states) made.append(t, value)
  return made
}
const grid = { first: 0, width: 10, count: 100 }

test('a state lasts until the next, the newest as long as it holds', () => {
  expect(piecesOf(track([-500, 'idle'], [200, 'scan'], [600, true]), grid, 800)).toEqual([
    { value: 'idle', from: 0, to: 20 },
    { value: 'scan', from: 20, to: 60 },
    { value: true, from: 60, to: 80 },
  ])
})

test('where it is not known there is no piece', () => {
  expect(piecesOf(track([0, 'on'], [300, null], [500, 'on']), grid, Infinity)).toEqual([
    { value: 'on', from: 0, to: 30 },
    { value: 'on', from: 50, to: 100 },
  ])
})

test('before the first state there is none', () => {
  expect(piecesOf(track([400, 'on']), grid, Infinity)).toEqual([{ value: 'on', from: 40, to: 100 }])
})

test('changes too fast to be seen are one piece', () => {
  const states = Array.from({ length: 200 }, (_, i): [number, boolean] => [500 + i, i % 2 === 0])
  expect(piecesOf(track([0, 'steady'], ...states), grid, Infinity).length).toBeLessThan(5)
})
