import { expect, test } from 'vitest'
import { fileName, legendRows } from './plot-image.ts'

test('names of files say what, and are fit for any file system', () => {
  expect(fileName(['daq/1', 'power: mW'], Date.UTC(2026, 10, 21, 14, 5, 9), 'png')).toBe(
    'daq_1 power_ mW 2026-11-21 140509.png',
  )
})

test('a legend breaks into rows', () => {
  const legend = Array.from({ length: 4 }, (_, index) => ({ index, text: 'x'.repeat(10) }))
  expect(legendRows(legend, 250).map((row) => row.map(({ x }) => x))).toEqual([
    [0, 110],
    [0, 110],
  ])
})
