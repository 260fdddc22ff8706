import { expect, test } from 'vitest'
import { isBytes, lineIn, seriesIn } from './telemetry-series.ts'

const RECORDS = [
  { timestamp: '2026-11-21T12:00:00Z', gpu: [{ index: 0, utilization: 10 }], cpu: 5, odd: 'x' },
  { timestamp: '2026-11-21T12:00:10Z', gpu: [{ index: 0, utilization: 90 }], cpu: 5 },
]

test('quantities are found wherever they stand', () => {
  const series = seriesIn(RECORDS)
  expect(series.map(({ name, least, most, last }) => [name, least, most, last])).toEqual([
    ['gpu 0 utilization', 10, 90, 90],
    ['cpu', 5, 5, 5],
  ])
  expect(lineIn(series[0]!, 100, 20)).toBe('0,20 100,0')
  expect(lineIn(series[1]!, 100, 20)).toBe('0,10 100,10')
})

test('what is no list of records has none', () => {
  expect([seriesIn(null), seriesIn({ a: 1 }), seriesIn([1, 'x', null])]).toEqual([[], [], []])
})

test('amounts of memory are bytes', () => {
  expect([isBytes('ram used'), isBytes('gpu 0 memory used'), isBytes('cpu')]).toEqual([true, true, false])
})
