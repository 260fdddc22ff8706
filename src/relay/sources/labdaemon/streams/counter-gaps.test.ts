import { expect, test } from 'vitest'
import { CounterGaps, missedText } from './counter-gaps.ts'

/** The holes that a series of messages has. */
function holesOf(bodies: readonly unknown[]) {
  const gaps = new CounterGaps()
  return bodies.flatMap((body) => gaps.next(body))
}

const blocks = (...numbers: number[]) => numbers.map((block) => ({ block, values: [1, 2] }))

test('a counter that rose by 1 three times in a row, and goes on so, tells what is missing', () => {
  const hole = { name: 'block', from: 4, to: 15, count: 12 }
  expect(holesOf(blocks(0, 1, 2, 3, 16, 17))).toEqual([])
  expect(holesOf(blocks(0, 1, 2, 3, 16, 17, 18))).toEqual([hole])
  expect(holesOf(blocks(0, 1, 2, 3, 16, 17, 20, 21, 22))).toEqual([
    hole,
    { name: 'block', from: 18, to: 19, count: 2 },
  ])
})

test('one that moves in larger strides from then on has lost nothing', () => {
  const long = Array.from({ length: 50 }, (_, n) => n)
  expect(holesOf(blocks(...long, 60, 70, 80, 90, 100, 110))).toEqual([])
})

test('where one counter shows that no message is missing, another that jumps has not counted messages', () => {
  const bodies = Array.from({ length: 30 }, (_, n) => ({ n, index: n < 15 ? n * 4 : n * 4 + 400 }))
  expect(holesOf(bodies)).toEqual([])
})

test('a value that happens to rise by 1 is no counter for long', () => {
  const photons = (...counts: number[]) => counts.map((count) => ({ count }))
  expect(holesOf(photons(3, 4, 5, 6, 180, 220, 190, 400))).toEqual([])
  // Of holes that no rise by 1 follows none is told, nor of those before them.
  expect(holesOf(photons(3, 4, 5, 6, 180, 220, 290, 291, 292, 300))).toEqual([])
  // New starts one after another.
  expect(holesOf(photons(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 5, 6, 7))).toEqual([])
  // A fall that is no new start, and a value twice.
  expect(holesOf(photons(3, 4, 5, 6, 5, 6, 9, 10, 11, 12))).toEqual([])
  expect(holesOf(photons(3, 4, 5, 6, 6, 9, 10, 11))).toEqual([])
})

test('before that nothing is claimed', () => {
  expect(holesOf(blocks(0, 1, 2, 9, 10, 11, 20))).toEqual([])
  expect(holesOf(blocks(0, 2, 4, 6, 8, 20))).toEqual([])
})

test('a fall is a new start, and so is what follows an interruption', () => {
  expect(holesOf(blocks(4, 5, 6, 7, 0, 1, 2))).toEqual([])
  const gaps = new CounterGaps()
  for (const body of blocks(0, 1, 2, 3)) gaps.next(body)
  gaps.interrupted()
  expect([50, 53, 54, 55].map((block) => gaps.next({ block }))).toEqual([
    [],
    [],
    [],
    [{ name: 'block', from: 51, to: 52, count: 2 }],
  ])
})

test('a bare number, a time and a value are no counters; one inside an envelope is', () => {
  expect(holesOf([0, 1, 2, 3, 9])).toEqual([])
  const times = [0, 1, 2, 3, 9].map((t) => ({ t: 1_770_000_000 + t, celsius: t }))
  expect(holesOf(times)).toEqual([])
  const wrapped = [0, 1, 2, 3, 5, 6, 7].map((n) => ({ device_id: 'd', payload: { seq: n } }))
  expect(holesOf(wrapped)).toMatchObject([{ name: 'seq', from: 4, to: 4 }])
})

test('of several counters one speaks for the message; a jump beyond all bounds is no loss', () => {
  expect(holesOf([0, 1, 2, 3, 8, 9, 10].map((n) => ({ n, frame: n * 10 + 5, block: n })))).toHaveLength(1)
  expect(holesOf(blocks(0, 1, 2, 3, 4e9))).toEqual([])
})

test('holes in words', () => {
  const hole = { name: 'block', from: 40, to: 51, count: 12 }
  expect(missedText([hole])).toBe('12 messages not received: block 40 to 51')
  expect(missedText([{ name: 'n', from: 7, to: 7, count: 1 }])).toBe('1 message not received: n 7')
  expect(missedText([hole, { name: 'block', from: 60, to: 61, count: 2 }])).toBe(
    '14 messages not received between block 40 and 61',
  )
})
