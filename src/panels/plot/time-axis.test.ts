import { beforeEach, expect, test, vi } from 'vitest'
import { keyOnAxis } from './plot-input.ts'
import { TimeAxis } from './time-axis.ts'

let now = 0
let axis: TimeAxis

beforeEach(() => {
  now = 100_000
  axis = new TimeAxis(() => now, 10_000)
})

const press = (key: string, shiftKey = false) =>
  keyOnAxis(axis, { key, shiftKey, ctrlKey: false, metaKey: false, altKey: false })

test('a live view ends at the newest and moves on; paused it stands', () => {
  expect(axis.view()).toEqual({ from: 90_000, to: 100_000 })
  now = 105_000
  expect(axis.view().to).toBe(105_000)
  axis.pause()
  now = 120_000
  expect(axis.view().to).toBe(105_000)
  axis.goLive()
  expect(axis.view().to).toBe(120_000)
})

test('the newest of all plots counts, and one with nothing to say does not', () => {
  axis.follow(() => null)
  const stop = axis.follow(() => 98_000)
  axis.follow(() => 97_000)
  expect(axis.edge()).toBe(98_000)
  stop()
  expect(axis.edge()).toBe(97_000)
})

test('moving back pauses, moving beyond the newest goes live', () => {
  const told = vi.fn<() => void>()
  axis.subscribe(told)
  axis.panBy(-3_000)
  expect(axis.state()).toMatchObject({ live: false, to: 97_000 })
  axis.panBy(4_000)
  expect(axis.state().live).toBe(true)
  expect(told).toHaveBeenCalledTimes(2)
})

test('zooming a live view keeps it live; at a place it stands still there', () => {
  axis.zoomBy(0.5)
  expect(axis.state()).toMatchObject({ live: true, span: 5_000, home: 10_000 })
  axis.zoomBy(0.5, 96_000)
  expect(axis.state().live).toBe(false)
  expect(axis.view()).toEqual({ from: 95_500, to: 98_000 })
  axis.reset()
  expect(axis.state()).toMatchObject({ live: true, span: 10_000 })
})

test('the cursor keeps its place in the view, so its time moves on', () => {
  axis.setCursor(0.5)
  expect(axis.cursorTime()).toBe(95_000)
  now += 1_000
  expect(axis.cursorTime()).toBe(96_000)
  axis.setCursor(7)
  expect(axis.cursor()).toBe(1)
  axis.setCursor(null)
  expect(axis.cursorTime()).toBeNull()
})

test('keys steer', () => {
  expect(press('ArrowLeft')).toBe(true)
  expect(axis.state()).toMatchObject({ live: false, to: 99_000 })
  press('+')
  expect(axis.state().span).toBe(8_000)
  press('-')
  expect(axis.state().span).toBe(10_000)
  press('Home')
  expect(axis.state().live).toBe(true)
  press(' ')
  expect(axis.state().live).toBe(false)
  press('ArrowLeft', true)
  expect(axis.cursor()).toBeCloseTo(0.99)
  expect(press('Escape')).toBe(true)
  expect(axis.cursor()).toBeNull()
  // What means nothing here is left to the page.
  expect(press('Escape')).toBe(false)
  expect(press('x')).toBe(false)
  expect(keyOnAxis(axis, { key: '+', shiftKey: false, ctrlKey: true, metaKey: false, altKey: false })).toBe(
    false,
  )
})

test('the right arrow leaves a live view alone', () => {
  press('ArrowRight')
  expect(axis.state().live).toBe(true)
})
