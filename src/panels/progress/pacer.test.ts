import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { ListState } from '#streams/row-store.ts'
import { Frames } from '#lib/frames.ts'
import { Pacer } from './pacer.ts'

let now = 0
let frames: (() => void)[] = []

beforeEach(() => {
  now = 10_000
  frames = []
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }))
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback))
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = []
  })
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function runFrames(count: number, between: () => void = () => {}): void {
  for (let frame = 0; frame < count; frame++) {
    now += 1_000 / 60
    between()
    const due = frames
    frames = []
    for (const callback of due) callback()
  }
}

function setUp() {
  const store = createStore<ListState<number>>(() => ({
    ready: true,
    asOf: null,
    left: 0,
    items: new Map([['a', 0]]),
  }))
  const set = (value: number) => {
    store.setState({ items: new Map([['a', value]]) })
  }
  const item = new Pacer(store, new Frames()).item('a')
  let calls = 0
  const leave = item.subscribe(() => {
    calls += 1
  })
  return { set, item, leave, calls: () => calls }
}

it('shows a change of every frame some eight times a second, and the last one always', () => {
  const { set, item, calls } = setUp()
  let value = 0
  runFrames(60, () => {
    set(++value)
  })
  expect(calls()).toBeGreaterThanOrEqual(7)
  expect(calls()).toBeLessThanOrEqual(10)
  runFrames(12)
  expect(item.get()).toBe(60)
})

it('asks for no frame while nothing changes', () => {
  const { set } = setUp()
  expect(frames).toHaveLength(0)
  set(1)
  runFrames(30)
  expect(frames).toHaveLength(0)
})

it('is up to date from its first look on, and silent once left', () => {
  const { set, item, leave, calls } = setUp()
  leave()
  set(7)
  runFrames(30)
  expect(calls()).toBe(0)
  item.subscribe(() => {})
  expect(item.get()).toBe(7)
})

it('shows a change after a rest at once', () => {
  const { set, item } = setUp()
  set(1)
  expect(item.get()).toBe(1)
  now += 10
  set(2)
  expect(item.get()).toBe(1)
  runFrames(12)
  expect(item.get()).toBe(2)
})
