import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { pace } from './use-paced.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the first change shows at once, a storm once per period, the last one always', () => {
  const store = createStore(() => ({ n: 0 }))
  const paced = pace(store, 100)
  const seen: number[] = []
  const stop = paced.subscribe(() => seen.push(paced.get().n))
  vi.advanceTimersByTime(500)
  for (let n = 1; n <= 50; n++) {
    store.setState({ n })
    vi.advanceTimersByTime(5)
  }
  expect(seen).toEqual([1, 20, 40])
  vi.advanceTimersByTime(500)
  expect(seen.at(-1)).toBe(50)
  const count = seen.length
  stop()
  store.setState({ n: 99 })
  vi.advanceTimersByTime(500)
  expect(seen.length).toBe(count)
  expect(vi.getTimerCount()).toBe(0)
})

test('a change before the subscription is not missed', () => {
  const store = createStore(() => ({ n: 0 }))
  const paced = pace(store, 100)
  store.setState({ n: 7 })
  const listener = vi.fn()
  paced.subscribe(listener)
  expect(listener).toHaveBeenCalledOnce()
  expect(paced.get().n).toBe(7)
})
