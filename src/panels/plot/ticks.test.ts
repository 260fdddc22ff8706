import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fractionOf, logTicks, niceStep, ticks, type Ticks } from './ticks.ts'

const read = (label: string) => Number(label.replaceAll('−', '-'))

/** What is wrong with ticks between two bounds; null where nothing is. */
function faultOf({ values, labels }: Ticks, min: number, max: number): string | null {
  if (values.length === 0) return 'none'
  if (values.length > 40) return 'too many'
  if (new Set(labels).size !== values.length) return `labels are the same: ${labels.join(' ')}`
  for (const [i, value] of values.entries()) {
    if (value < min || value > max) return `${value} is beyond`
    if (i > 0 && value <= values[i - 1]!) return `${value} comes late`
    if (read(labels[i]!) !== value) return `${labels[i]} says another value than ${value}`
  }
  return null
}

/** The number next to another, away from 0. */
function next(value: number, by = 1): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer)
  bits[0]! += BigInt(by)
  return new Float64Array(bits.buffer)[0]!
}

const tenths = Array.from({ length: 10 }, () => 0.1).reduce((sum, each) => sum + each)

test.each([
  [1, 1.0000000000000002],
  [tenths, 1],
  [0, 5e-324],
  [-5e-324, 5e-324],
  [1e300, 1.0000000000000002e300],
  [-1e308, 1e308],
  [-Number.MAX_VALUE, Number.MAX_VALUE],
  [next(Number.MAX_VALUE, -1), Number.MAX_VALUE],
  [2 ** 53, 2 ** 53 + 2],
  [-1e-310, 3e-310],
  [0, 1e-323],
])('from %d to %d there are ticks that say where they are', (min, max) => {
  for (const px of [0, 40, 150, 600, 1e9, Number.NaN])
    expect(faultOf(ticks(min, max, px), min, max)).toBeNull()
})

test('any two numbers have ticks between them', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(number, number, fc.integer({ min: 0, max: 4_000 }), (a, b, px) => {
      fc.pre(a !== b)
      const [min, max] = a < b ? [a, b] : [b, a]
      expect(faultOf(ticks(min, max, px), min, max)).toBeNull()
      if (min > 0) expect(faultOf(logTicks(min, max, px), min, max)).toBeNull()
      expect(fractionOf(min, min, max)).toBe(0)
      expect(fractionOf(max, min, max)).toBe(1)
    }),
    { numRuns: 2_000 },
  )
})

test('so have any neighbours', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: 5e-324, max: 1e308 }),
      fc.integer({ min: 1, max: 400 }),
      fc.boolean(),
      (low, by, negative) => {
        const high = next(low, by)
        const [min, max] = negative ? [-high, -low] : [low, high]
        expect(faultOf(ticks(min, max, 150), min, max)).toBeNull()
      },
    ),
    { numRuns: 2_000 },
  )
})

test.each<[number, number, number, string[]]>([
  [0, 10, 150, ['0', '2', '4', '6', '8', '10']],
  [0, 12.5, 150, ['0', '5', '10']],
  [-1.5, 1.5, 200, ['−1.5', '−1.0', '−0.5', '0.0', '0.5', '1.0', '1.5']],
  [0, 0.04, 150, ['0.00', '0.01', '0.02', '0.03', '0.04']],
  [0, 5e6, 150, ['0', '1000000', '2000000', '3000000', '4000000', '5000000']],
  [0, 4e9, 150, ['0', '1e9', '2e9', '3e9', '4e9']],
  [-6e-11, 0, 100, ['−6e−11', '−4e−11', '−2e−11', '0']],
  [101324.995, 101325.015, 150, ['101324.995', '101325.000', '101325.005', '101325.010', '101325.015']],
  [1420405751.74, 1420405751.8, 120, ['1420405751.74', '1420405751.76', '1420405751.78', '1420405751.80']],
])('from %d to %d in %d px', (min, max, px, labels) => {
  expect(ticks(min, max, px).labels).toEqual(labels)
})

test('indexes are whole', () => {
  expect(ticks(0, 3, 900, 60, 0).values).toEqual([0, 1, 2, 3])
  expect(ticks(0.2, 0.8, 900, 60, 0).values).toEqual([])
})

test('decades, and what lies between where there is room', () => {
  expect(logTicks(0.01, 1_000, 200).labels).toEqual(['0.01', '0.1', '1', '10', '100', '1000'])
  expect(logTicks(1, 100, 400).labels).toEqual(['1', '2', '5', '10', '20', '50', '100'])
  expect(logTicks(1e-9, 1e9, 150).labels).toEqual(['1e−8', '0.0001', '1', '10000', '1e8'])
})

test.each([
  [0.3, 0.5],
  [1, 1],
  [1.2, 2],
  [700, 1_000],
  [5e-324, 5e-324],
  [1.7e308, Number.MAX_VALUE],
])('the round number from %d on is %d', (least, step) => expect(niceStep(least)).toBe(step))
