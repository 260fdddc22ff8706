import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStored, textsOf } from './stored.ts'

let kept: Map<string, string>
let tellStorage: (event: { key: string }) => void

beforeEach(() => {
  kept = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
  vi.stubGlobal('addEventListener', (_: string, listener: typeof tellStorage) => {
    tellStorage = listener
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test('what an earlier version kept under another key is taken over once', () => {
  kept.set('weir.hosts', '["a"]')
  const options = { formerKey: 'weir.hosts' }
  expect(createStored('weir:hosts', [], textsOf, options).get()).toEqual(['a'])
  expect([...kept]).toEqual([['weir:hosts', '["a"]']])
  createStored('weir:hosts', [], textsOf, options).set(['b'])
  kept.set('weir.hosts', '["old"]')
  expect(createStored('weir:hosts', [], textsOf, options).get()).toEqual(['b'])
})

test('what cannot be read is as if nothing had been kept', () => {
  kept.set('weir:hosts', '{"a":')
  expect(createStored('weir:hosts', ['none'], textsOf).get()).toEqual(['none'])
  kept.set('weir:hosts', '7')
  expect(createStored('weir:hosts', ['none'], textsOf).get()).toEqual(['none'])
})

test('what is shared follows what another tab sets', () => {
  const shared = createStored('weir:watched', [], textsOf, { shared: true })
  kept.set('weir:watched', '["lab/a"]')
  tellStorage({ key: 'weir:other' })
  expect(shared.get()).toEqual([])
  tellStorage({ key: 'weir:watched' })
  expect(shared.get()).toEqual(['lab/a'])
})
