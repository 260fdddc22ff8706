import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { packNumbers } from '#lib/pack.ts'
import { EMPTY_RECORD } from '#model/device-events.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import { TopicStore } from '#streams/topic-store.ts'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import type { DeviceStore } from '../device/device-store.ts'
import { SampleLoader, type ReadSamples } from './sample-loader.ts'
import { TimeAxis } from './time-axis.ts'

const NOW = 1_000_000
/** Who tells the page. */
const FROM = { epoch: 'e', boot: '1', at: NOW }
let store: DeviceStore
let axis: TimeAxis
let asked: {
  from: number
  to: number
  points: number
  signal: AbortSignal
  answer: (with_: SamplesAnswer) => void
}[]
let loader: SampleLoader
let stop: () => void

const read: ReadSamples = (range, signal) =>
  new Promise((resolve, reject) => {
    asked.push({ ...range, signal, answer: resolve })
    signal.addEventListener('abort', () => reject(new Error('aborted')))
  })

/** Samples from `from` to `to`, `step` ms apart. */
function answerOf(from: number, to: number, step: number, exact: boolean): SamplesAnswer {
  const t = Float64Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
  return { series: [{ c: 'a', t: packNumbers(t), v: packNumbers(t) }], states: [], exactFrom: from, exact }
}

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  store = new TopicStore(DEVICE_VIEW)
  store.snapshot({ record: { ...EMPTY_RECORD, firstAt: NOW - 600_000, eventAt: NOW }, recent: null }, FROM)
  const t = Float64Array.from({ length: 100 }, (_, i) => NOW - 10_000 + i * 100)
  store.commit()
  // Of ten samples received, one came along.
  store.push([
    {
      k: 'readings',
      at: NOW,
      messages: 100,
      size: 1,
      series: [{ c: 'a', t: packNumbers(t), v: packNumbers(t), m: [1_000, 0, 1] }],
    },
  ])
  store.commit()
  axis = new TimeAxis(() => NOW, 5_000)
  loader = new SampleLoader(store, axis, read)
  stop = loader.start()
})
afterEach(() => {
  stop()
  vi.useRealTimers()
})

const rest = () => vi.advanceTimersByTimeAsync(250)

test('a view that the page holds asks for nothing', async () => {
  await rest()
  expect(asked).toEqual([])
})

test('a longer view has what was before put in front, once', async () => {
  axis.setSpan(60_000)
  await rest()
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({ from: NOW - 90_000, to: NOW - 10_000 })
  expect(loader.state().loading).toBe('earlier')
  asked[0]!.answer(answerOf(NOW - 90_000, NOW - 10_100, 100, true))
  await rest()
  expect(store.bulk.tracks.get('a')!.first).toBe(NOW - 90_000)
  expect(loader.state()).toEqual({ loading: null, error: null, exactFrom: null })
  await rest()
  expect(asked).toHaveLength(1)
})

test('nothing is asked for from before the device sent anything', async () => {
  axis.setSpan(24 * 3_600_000)
  await rest()
  expect(asked[0]).toMatchObject({ from: NOW - 600_000 })
  asked[0]!.answer(answerOf(NOW - 600_000, NOW - 10_100, 1_000, false))
  await rest()
  await rest()
  expect(asked).toHaveLength(1)
})

test('a narrow view that stands still reads all samples, beside those of the page', async () => {
  axis.show({ from: NOW - 6_000, to: NOW - 5_000 })
  await rest()
  expect(asked).toHaveLength(1)
  expect(loader.state().loading).toBe('detail')
  const view = { from: NOW - 6_000, to: NOW - 5_000 }
  expect(loader.track('a', view)).toBe(store.bulk.tracks.get('a'))
  const { from, to } = asked[0]!
  asked[0]!.answer(answerOf(from, to, 10, true))
  await rest()
  expect(loader.track('a', view)!.countWithin(view.from, view.to, 1_000)).toBe(101)
  // Beyond what was read, the page's own.
  expect(loader.track('a', { from: NOW - 9_000, to: NOW })).toBe(store.bulk.tracks.get('a'))
  await rest()
  expect(asked).toHaveLength(1)
})

test('what the relay keeps thinned is read once, said, and not counted for all', async () => {
  const view = { from: NOW - 6_000, to: NOW - 5_000 }
  axis.show(view)
  await rest()
  const { from, to } = asked[0]!
  asked[0]!.answer({ ...answerOf(from, to, 50, false), exactFrom: NOW - 1_000 })
  await rest()
  expect(loader.state()).toEqual({ loading: null, error: null, exactFrom: NOW - 1_000 })
  expect(loader.track('a', view)).not.toBe(store.bulk.tracks.get('a'))
  expect(loader.counted('a', view)).toBe(store.bulk.tracks.get('a'))
  await rest()
  expect(asked).toHaveLength(1)
  axis.goLive()
  expect(loader.state().exactFrom).toBeNull()
})

test('a view that moves on takes back what was asked for it', async () => {
  axis.show({ from: NOW - 6_000, to: NOW - 5_000 })
  await rest()
  axis.show({ from: NOW - 3_000, to: NOW - 2_000 })
  expect(asked[0]!.signal.aborted).toBe(true)
  await rest()
  await rest()
  expect(asked).toHaveLength(2)
  expect(loader.state().error).toBeNull()
})

test('a failure is said, and tried again only later', async () => {
  const failing = vi.fn<ReadSamples>(() => Promise.reject(new Error('The relay does not answer')))
  const other = new SampleLoader(store, axis, failing)
  const stopOther = other.start()
  axis.setSpan(60_000)
  await rest()
  expect(other.state()).toMatchObject({ loading: null, error: 'The relay does not answer' })
  axis.setSpan(61_000)
  await rest()
  expect(failing).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(5_000)
  axis.setSpan(62_000)
  await rest()
  expect(failing).toHaveBeenCalledTimes(2)
  stopOther()
})
