import { expect, test } from 'vitest'
import { StepGaps } from './step-gaps.ts'

function texts(steps: readonly (number | null)[], interruptedBefore?: number): (string | undefined)[] {
  const gaps = new StepGaps()
  return steps.map((step, i) => {
    if (i === interruptedBefore) gaps.interrupted()
    return gaps.next(step, 0)?.text
  })
}

test('counting from 0 or 1 is no hole, a later first step is', () => {
  expect(texts([0, 1, 2])).toEqual([undefined, undefined, undefined])
  expect(texts([1, 2])).toEqual([undefined, undefined])
  expect(texts([99, 100])).toEqual(['not recorded before step 99', undefined])
})

test('a jump is a hole with its steps named', () => {
  expect(texts([0, 1, 2, 25, 26])).toEqual([
    undefined,
    undefined,
    undefined,
    'steps 3 to 24 not received: dropped by the server',
    undefined,
  ])
  expect(texts([0, 1, 3])[2]).toBe('step 2 not received: dropped by the server')
})

test('strides are no holes', () => {
  expect(texts([0, 10, 20, 40])).toEqual([
    undefined,
    undefined,
    undefined,
    'step 30 not received: dropped by the server',
  ])
})

test('repeated steps and new passes are no holes', () => {
  expect(texts([0, 1, 1, 2, 0, 1])).toEqual(Array(6).fill(undefined))
})

test('a hole after an interruption is laid to it', () => {
  expect(texts([0, 1, 2, 27, 28], 3)[3]).toBe('steps 3 to 26 not received: the stream was interrupted')
  expect(texts([10, 25], 1)[1]).toBe('steps 11 to 24 not received: the stream was interrupted')
  expect(texts([0, 1, 2], 2)[2]).toBeUndefined()
})

test('without steps an interruption is a hole of unknown size', () => {
  const gaps = new StepGaps()
  gaps.next(0, 0)
  gaps.interrupted()
  expect(gaps.next(null, 5)).toMatchObject({ cause: 'disconnected', missed: null })
})

test('an interruption that lasts to the end leaves a hole', () => {
  const gaps = new StepGaps()
  expect(gaps.atEnd(1)).toBeNull()
  gaps.next(0, 0)
  gaps.interrupted()
  expect(gaps.atEnd(1)).toMatchObject({ cause: 'disconnected' })
})
