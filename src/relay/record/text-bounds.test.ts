import { expect, test } from 'vitest'
import { LiveRows } from './rows.ts'
import { TextBounds } from './text-bounds.ts'

const LONG = 'x'.repeat(10_000_000)

test('what is short is given back itself', () => {
  const item = {
    id: 'a',
    message: 'short',
    phases: [{ status: 'running', note: null }],
    progress: { step: 1 },
  }
  expect(new TextBounds(100).of(item)).toBe(item)
})

test('every text is bounded, however deep in the item; what names something is not cut', () => {
  const id = 'n'.repeat(500)
  const item = {
    id,
    message: LONG,
    phases: [{ note: LONG }, { note: 'b' }],
    error: { message: LONG },
    taskIds: [id],
  }
  const bounds = new TextBounds(100)
  const told = bounds.of(item)
  expect(JSON.stringify(told).length).toBeLessThan(1_500)
  expect(told).toMatchObject({ id, taskIds: [id], message: `${'x'.repeat(99)}…` })
  expect(told.phases[1]).toBe(item.phases[1])
  expect(item.message).toBe(LONG)
  // A part that did not change is no news.
  const next = bounds.of({ ...item, message: 'other' })
  expect(next.error).toBe(told.error)
  expect(next.phases).toBe(told.phases)
})

test('no change of a list is larger for a text that its source made large', () => {
  let message = 'step 1'
  const rows = new LiveRows<object>({ rowOf: () => ({ source: 'lab', id: 'a', message }) })
  rows.mark('lab/a')
  rows.flush(1)
  message = LONG
  rows.mark('lab/a')
  rows.flush(2)
  expect(rows.since(1)!.length).toBeLessThan(5_000)
  expect(rows.whole().length).toBeLessThan(5_000)
})
