import { expect, test } from 'vitest'
import { StepGaps } from './step-gaps.ts'

interface Told {
  total?: number | null
  interruptedBefore?: number
}

/** What is said at each step, and at the end of a task that completed. */
function texts(steps: readonly number[], { total = null, interruptedBefore }: Told = {}) {
  const gaps = new StepGaps()
  const told = steps.flatMap((step, i) => {
    if (i === interruptedBefore) gaps.interrupted()
    return gaps.next(step, total, 0).map(({ text }) => `${i}: ${text}`)
  })
  const atEnd = gaps.atEnd(0, true)
  return atEnd ? [...told, `end: ${atEnd.text}`] : told
}

const range = (from: number, to: number, stride = 1) =>
  Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, i) => from + i * stride)

test('counting from 0, from 1 or from the first stride is no hole; a later first step is', () => {
  expect(texts(range(0, 39), { total: 40 })).toEqual([])
  expect(texts(range(1, 40), { total: 40 })).toEqual([])
  expect(texts(range(10, 100, 10), { total: 100 })).toEqual([])
  expect(texts([99, 100], { total: 400 })).toEqual(['0: not recorded before step 99'])
  expect(texts([7, 8, 9, 10, 11], { total: 400 })).toEqual(['3: not recorded before step 7'])
  expect(texts([50, 51, 52, 53], { total: 100 })).toEqual(['3: not recorded before step 50'])
  expect(texts([99, 100, 101, 102, 103])).toEqual(['3: not recorded before step 99'])
  expect(texts([97], { total: 100 })).toEqual(['0: not recorded before step 97'])
})

test('what is recorded already did not begin late', () => {
  const gaps = new StepGaps()
  gaps.goOnFrom(25, 5_000)
  const told = range(55, 60).flatMap((step) => gaps.next(step, 5_000, 0))
  expect(told.map(({ text }) => text)).toEqual([
    'the stream was interrupted between step 25 and step 55; what it missed is not known',
  ])
})

test('what does not count steps has no late begin', () => {
  expect(texts([2.5, 2.6, 2.7, 2.8])).toEqual([])
  expect(texts([100, 99, 98, 97, 96], { total: 100 })).toEqual([])
  expect(texts([5, 10, 20, 50, 100], { total: 100 })).toEqual([])
  expect(texts([2, 3, 5, 7, 11, 13, 17, 19, 23], { total: 23 })).toEqual([])
  expect(texts([100], { total: 100 })).toEqual([])
})

test('where both ends of a count are missing, one of them was made', () => {
  expect(texts(range(1, 39), { total: 40 })).toEqual([
    'end: step 0 or step 40 not received: of 40 steps 1 to 39 were',
  ])
  expect(texts(range(5, 95, 5), { total: 100 })).toEqual([
    'end: step 0 or step 100 not received: of 100 steps 5 to 95 were',
  ])
  const cancelled = new StepGaps()
  for (const step of range(1, 39)) cancelled.next(step, 40, 0)
  expect(cancelled.atEnd(0, false)).toBeNull()
})

test('a hole of a proven count is told with its steps, and where it is', () => {
  const gaps = new StepGaps()
  const told = [0, 1, 2, 3, 25, 26, 27].flatMap((step) => gaps.next(step, 30, 7))
  expect(told).toEqual([
    {
      at: 7,
      cause: 'dropped',
      text: 'steps 4 to 24 not received: dropped by the server',
      missed: 21,
      before: 25,
    },
  ])
  expect(texts([0, 10, 20, 30, 50, 60, 70])).toEqual(['6: step 40 not received: dropped by the server'])
})

test('steps that repeat, begin anew or do not count are no holes', () => {
  expect(texts([0, 0, 1, 1, 2, 2, 3, 3, 4])).toEqual([])
  expect(texts([...range(0, 9), ...range(0, 9), ...range(0, 9)])).toEqual([])
  expect(texts([1, 2, 5, 10, 20, 50, 100], { total: 100 })).toEqual([])
  expect(texts([0.1, 0.25, 0.5])).toEqual([])
})

test.each([
  ['powers of two', [1, 2, 4, 8, 16, 32, 64, 128, 256]],
  ['powers of ten', [1, 10, 100, 1_000]],
  ['powers of 1.5', [1, 1.5, 2.25, 3.375, 5.0625, 7.59375]],
  ['squares', [0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100]],
  ['Fibonacci numbers', [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]],
  ['wider and wider', [...range(0, 9), ...range(10, 100, 10), ...range(200, 1_000, 100)]],
  ['times', range(0, 30).map((i) => 1_700_000_000 + i * 0.5)],
  ['two counts in turn', [0, 100, 1, 101, 2, 102, 3, 103, 4, 104]],
  ['back to what was, twice', [...range(0, 112), ...range(3, 112), ...range(0, 112)]],
  ['downwards', range(0, 30).map((i) => 30 - i)],
  ['below 0', range(-5, 20)],
])('no loss is read into %s', (_, steps) => {
  expect(texts(steps)).toEqual([])
  if (Math.max(...steps) <= 1_000) expect(texts(steps, { total: steps.at(-1)! })).toEqual([])
})

test('a hole after an interruption is laid to it, with its steps where they count', () => {
  expect(texts([0, 1, 2, 3, 27, 28], { interruptedBefore: 4 })).toEqual([
    '4: steps 4 to 26 not received: the stream was interrupted',
  ])
  expect(texts([10, 25], { interruptedBefore: 1 })).toEqual([
    '1: the stream was interrupted between step 10 and step 25; what it missed is not known',
  ])
  expect(texts([1, 2, 5, 10, 50], { interruptedBefore: 4 })).toEqual([
    '4: the stream was interrupted between step 10 and step 50; what it missed is not known',
  ])
  expect(texts([0, 1, 2], { interruptedBefore: 2 })).toEqual([])
  expect(texts(range(0, 9), { interruptedBefore: 6 })).toEqual([])
  expect(texts([...range(40, 54), 16, 17, 18, 19], { total: 500, interruptedBefore: 15 })).toEqual([
    '0: not recorded before step 40',
    '15: the stream was interrupted at step 54, and steps began anew at 16; what it missed is not known',
  ])
})

test('without steps an interruption is a hole of unknown size', () => {
  const gaps = new StepGaps()
  gaps.next(0, null, 0)
  gaps.interrupted()
  expect(gaps.next(null, null, 5)).toMatchObject([{ cause: 'disconnected', missed: null }])
})

test('an interruption that lasts to the end leaves a hole', () => {
  const gaps = new StepGaps()
  expect(gaps.atEnd(1, true)).toBeNull()
  gaps.next(0, null, 0)
  gaps.interrupted()
  expect(gaps.atEnd(1, true)).toMatchObject({ cause: 'disconnected' })
})
