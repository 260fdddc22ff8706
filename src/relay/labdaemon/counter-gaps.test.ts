import { expect, test } from 'vitest'
import { CounterGaps, missedText } from './counter-gaps.ts'

/** The holes that a series of messages has. */
function holesOf(bodies: readonly unknown[]) {
  const gaps = new CounterGaps()
  return bodies.map((body) => gaps.next(body)).filter((hole) => hole !== null)
}

const blocks = (...numbers: number[]) => numbers.map((block) => ({ block, values: [1, 2] }))

test('a counter that rose by 1 three times in a row tells what is missing', () => {
  expect(holesOf(blocks(0, 1, 2, 3, 16, 17))).toEqual([{ name: 'block', from: 4, to: 15, count: 12 }])
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
  expect(gaps.next({ block: 50 })).toBeNull()
  expect(gaps.next({ block: 53 })).toEqual({ name: 'block', from: 51, to: 52, count: 2 })
})

test('a bare number, a time and a value are no counters; one inside an envelope is', () => {
  expect(holesOf([0, 1, 2, 3, 9])).toEqual([])
  const times = [0, 1, 2, 3, 9].map((t) => ({ t: 1_770_000_000 + t, celsius: t }))
  expect(holesOf(times)).toEqual([])
  const wrapped = [0, 1, 2, 3, 5].map((n) => ({ device_id: 'd', payload: { seq: n } }))
  expect(holesOf(wrapped)).toMatchObject([{ name: 'seq', from: 4, to: 4 }])
})

test('of several counters one speaks for the message; a jump beyond all bounds is no loss', () => {
  expect(holesOf([0, 1, 2, 3, 8].map((n) => ({ n, frame: n * 10 + 5, block: n })))).toHaveLength(1)
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
