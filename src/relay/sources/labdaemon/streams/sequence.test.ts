import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Sequence, type Hole } from './sequence.ts'

function holesOf(numbers: readonly number[]): Hole[] {
  const sequence = new Sequence()
  return numbers.flatMap((number) => sequence.next(number))
}

const range = (from: number, to: number, stride = 1) =>
  Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, i) => from + i * stride)

const count = (from: number, to: number, stride = 1): Hole => ({
  from,
  to,
  count: (to - from) / stride + 1,
})

test('a counter that has shown its stride tells its holes once the stride is back', () => {
  expect(holesOf([0, 1, 2, 3, 25, 26])).toEqual([])
  expect(holesOf([0, 1, 2, 3, 25, 26, 27])).toEqual([count(4, 24)])
  expect(holesOf([0, 10, 20, 30, 60, 70, 80])).toEqual([count(40, 50, 10)])
  expect(holesOf([...range(0, 99), ...range(140, 149), ...range(190, 199)])).toEqual([
    count(100, 139),
    count(150, 189),
  ])
})

test.each([
  ['a log scale', [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]],
  ['what comes after it', [1, 2, 5, 10, 20, 50, 100, 101, 102, 103, 104]],
  ['fractions', [0.1, 0.25, 0.5, 0.75, 1, 1.25, 2.5]],
  ['even fractions', [0.5, 1, 1.5, 2, 3.5, 4, 4.5, 5]],
  ['decades', [...range(1, 10), ...range(20, 100, 10), ...range(200, 1_000, 100)]],
  ['every step at first, every tenth later', [...range(0, 200), ...range(210, 900, 10)]],
  ['a geometric series without repeats', [1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 17, 21, 26, 32, 39, 48, 59, 73]],
  ['squares', range(0, 40).map((n) => n * n)],
  ['primes', [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]],
  ['a count that starts again', [...range(110, 112), ...range(0, 2), ...range(0, 2)]],
  ['a count inside another', [...range(100, 112), ...range(0, 9), ...range(113, 120)]],
  ['two counts in turn', range(0, 20).flatMap((n) => [n, 1_000 + n])],
  ['a count down', range(0, 50).map((n) => 50 - n)],
  ['a jump at the very end', [...range(0, 50), 100]],
  ['numbers beyond all counting', [0, 1, 2, 3, 4e9, 4e9 + 1, 4e9 + 2, 2 ** 53, 1e300, Infinity, NaN, 5]],
])('%s has no hole', (_, numbers) => {
  expect(holesOf(numbers)).toEqual([])
})

test('every hole of a steady counter is told, and nothing else', () => {
  const run = fc.record({ kept: fc.integer({ min: 8, max: 30 }), lost: fc.integer({ min: 1, max: 500 }) })
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(run, { minLength: 1, maxLength: 30 }),
      (start, stride, runs) => {
        const numbers: number[] = []
        const holes: Hole[] = []
        let next = start
        for (const { kept, lost } of runs) {
          for (let i = 0; i < kept; i++, next += stride) numbers.push(next)
          holes.push({ from: next, to: next + (lost - 1) * stride, count: lost })
          next += lost * stride
        }
        // Behind the last run nothing comes.
        expect(holesOf(numbers)).toEqual(holes.slice(0, -1))
      },
    ),
  )
})

test('single steps that are lost by chance are told', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 300 }),
      (dice) => {
        const intact = 40
        const kept = range(0, intact + dice.length + 20).filter(
          (n) => n < intact || n >= intact + dice.length || dice[n - intact]! > 0.1,
        )
        // Rows of losses so long that it might count something else now are beyond this.
        const rises = kept.slice(1).map((n, i) => n - kept[i]!)
        fc.pre(!/(?:[^1],){5}/.test(`${rises.map((rise) => (rise > 1 ? 'x' : '1')).join(',')},`))
        const missed = holesOf(kept).flatMap(({ from, to }) => range(from, to))
        expect(missed).toEqual(range(0, kept.at(-1)!).filter((n) => !kept.includes(n)))
      },
    ),
  )
})

test('a series that rises irregularly has no hole', () => {
  fc.assert(
    fc.property(
      // No rise comes twice in a row.
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 200 }),
      (rises) => {
        let at = 0
        const numbers = rises.filter((rise, i) => rise !== rises[i - 1]).map((rise) => (at += rise))
        const sequence = new Sequence()
        const proven = numbers.flatMap((n) => (sequence.next(n).length > 0 ? [n] : []))
        fc.pre(!hasRow(numbers))
        expect(proven).toEqual([])
      },
    ),
  )
})

/** True where three equal rises come in a row after all. */
function hasRow(numbers: readonly number[]): boolean {
  const rises = numbers.slice(1).map((n, i) => n - numbers[i]!)
  return rises.some((rise, i) => rise === rises[i + 1] && rise === rises[i + 2])
}
