import { createParser } from 'eventsource-parser'
import { beforeEach, expect, test, vi } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { DeviceEvent, Readings } from '#model/device-events.ts'
import { parsePythonJson } from '#protocols/labdaemon/json.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { TopicStore, type StoreOf } from '#streams/topic-store.ts'
import { DEVICE } from '#topics/device.ts'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { createTestRecord } from '#testing/hub.ts'
import type { TopicRecord } from './record.ts'
import { SampleRecorder } from './sample-recorder.ts'

const recordings = import.meta.glob<string>('../../testing/wire/labdaemon/stream-*.sse', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const TOPIC = deviceTopic('lab', 'd')

let clock: ManualClock
let record: TopicRecord
let book: SampleRecorder
let watched: boolean

beforeEach(() => {
  clock = new ManualClock()
  watched = true
  record = createTestRecord(clock, { tail: 1e9 })
  book = new SampleRecorder(record, { wants: () => watched })
  record.observe(book)
  tellOf(record)
})

/** Has pages told each tick, as the hub does. */
function tellOf(record: TopicRecord): void {
  let tick: unknown
  record.observe({
    grew() {
      tick ??= clock.setTimeout(() => {
        tick = undefined
        record.telling()
      }, 16)
    },
  })
}

/** Messages of a recording as a client of the stream reads them. */
function messagesOf(name: string): string[] {
  const messages: string[] = []
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'device_data') messages.push(data)
    },
  })
  parser.feed(recordings[`../../testing/wire/labdaemon/stream-${name}.sse`]!)
  return messages
}

function receive(...bodies: unknown[]): void {
  book.receive(
    DEVICE,
    'lab',
    'd',
    bodies.map((body) => ({ json: JSON.stringify(body), body })),
  )
}

/** What pages were sent, as they read it. */
function sent(): DeviceEvent[] {
  return (record.tail.read(TOPIC, 0, record.tail.last) ?? []).map(
    ({ json }) => JSON.parse(json) as DeviceEvent,
  )
}

/** The snapshot as a page reads it. */
function toldAnew(of = record): DeviceSnapshot | null {
  of.settle(TOPIC)
  return JSON.parse(JSON.stringify(of.snapshot(TOPIC))) as DeviceSnapshot | null
}

/** Who tells the page. */
const FROM = { epoch: 'e', boot: '', at: 0 }

function pageWith(
  events: DeviceEvent[],
  snapshot: DeviceSnapshot | null = null,
): StoreOf<typeof DEVICE_VIEW> {
  const store = new TopicStore(DEVICE_VIEW)
  store.snapshot(snapshot ?? { record: { ...book.record(DEVICE, 'lab', 'none') }, recent: null }, FROM)
  store.push(events)
  store.commit()
  return store
}

test.each([
  ['thermo', { celsius: 'number', t: 'number', n: 'number' }],
  ['daq-flat', { '': 'array' }],
  ['daq-matrix', { '[0]': 'array', '[1]': 'array', '[2]': 'array', '[3]': 'array' }],
  [
    'daq-named',
    {
      block: 'number',
      t: 'number',
      sample_rate_hz: 'number',
      'channels.ai0': 'array',
      'channels.ai1': 'array',
      'channels.ai2': 'array',
    },
  ],
  ['nan', { n: 'number', value: 'number', up: 'number', down: 'number', ok: 'number' }],
  ['scalar', { '': 'number' }],
  ['text', { '': 'state' }],
])('a page gets the channels of the recording %s, and every message counted', async (name, channels) => {
  const messages = messagesOf(name)
  for (const json of messages) {
    book.receive(DEVICE, 'lab', 'd', [{ json, body: parsePythonJson(json) }])
    await clock.advance(100)
  }
  await clock.advance(1_000)
  const { record } = pageWith(sent()).store.getState()
  expect(Object.fromEntries(record.channels.map(({ name: c, kind }) => [c, kind]))).toEqual(channels)
  expect(record.messages).toBe(messages.length)
  expect(record.latest?.size).toBe(messages.at(-1)!.length)
  expect(record).toEqual(book.record(DEVICE, 'lab', 'd'))
})

test('a page has every sample of a slow stream, in its place', async () => {
  for (let i = 0; i < 50; i++) {
    receive({ celsius: i / 10, ok: i % 25 !== 0 })
    await clock.advance(100)
  }
  const { tracks, states } = pageWith(sent()).bulk
  const seen: number[] = []
  tracks.get('celsius')!.forEach(-Infinity, Infinity, (_, value) => void seen.push(value))
  expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i / 10))
  expect(tracks.get('celsius')!.last).toBe(clock.now() - 100)
  expect(states.get('ok')!.values).toEqual([false, true, false, true])
})

test('of a fast stream a page gets the extremes and exact statistics, the relay keeps every sample', async () => {
  let n = 0
  const all: number[] = []
  for (let block = 0; block < 20; block++) {
    const values = Array.from({ length: 1_000 }, () => Math.sin(n++ / 50))
    if (block === 7) values[500] = 99
    all.push(...values)
    receive(values)
    await clock.advance(10)
  }
  await clock.advance(200)
  const page = pageWith(sent()).bulk.tracks.get('')!
  expect(page.points).toBeLessThan(all.length / 10)
  expect(page.received).toBe(all.length)
  const stats = page.stats(-Infinity, Infinity)
  expect(stats.max).toBe(99)
  expect(stats.mean).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 9)
  const kept = (await book.samples(DEVICE, 'lab', 'd', { from: 0, to: Infinity, points: 1e6, channels: [] }))!
  expect(kept.exact).toBe(true)
  expect(book.tracks(DEVICE, 'lab', 'd')!.tracks.get('')!.points).toBe(all.length)
})

test('samples of arrays follow each other without holes or overlaps', async () => {
  for (let block = 0; block < 30; block++) {
    receive({ sample_rate_hz: 10_000, ai: Array.from({ length: 1_000 }, (_, i) => i) })
    // The messages come unevenly, as through a busy server.
    await clock.advance(block % 2 ? 60 : 140)
  }
  const times: number[] = []
  book
    .tracks(DEVICE, 'lab', 'd')!
    .tracks.get('ai')!
    .forEach(-Infinity, Infinity, (t) => void times.push(t))
  expect(times).toHaveLength(30_000)
  const steps = times.slice(1).map((t, i) => t - times[i]!)
  expect(Math.min(...steps)).toBeGreaterThan(0.0995)
  expect(Math.max(...steps)).toBeLessThan(0.1005)
})

test('messages that came together are spread over the time since those before', async () => {
  for (let burst = 0; burst < 10; burst++) {
    receive(...Array.from({ length: 10 }, (_, i) => burst * 10 + i))
    await clock.advance(100)
  }
  const times: number[] = []
  book
    .tracks(DEVICE, 'lab', 'd')!
    .tracks.get('')!
    .forEach(-Infinity, Infinity, (t) => void times.push(t))
  const steps = times.slice(11).map((t, i) => Math.round(t - times[i + 10]!))
  expect(new Set(steps)).toEqual(new Set([10]))
})

test('after a pause samples are as far apart as before it', async () => {
  const block = () => Array.from({ length: 100 }, (_, i) => i)
  for (let i = 0; i < 10; i++) {
    receive(block())
    await clock.advance(1_000)
  }
  await clock.advance(60_000)
  receive(block())
  const times: number[] = []
  book
    .tracks(DEVICE, 'lab', 'd')!
    .tracks.get('')!
    .forEach(-Infinity, Infinity, (t) => void times.push(t))
  const lengths = Array.from({ length: 11 }, (_, i) => Math.round(times[i * 100 + 99]! - times[i * 100]!))
  expect(lengths.slice(1, 10)).toEqual(Array.from({ length: 9 }, () => 990))
  expect(lengths[10]).toBeLessThan(3_000)
  expect(times.at(-1)).toBe(clock.now())
})

test('the newest array, picture and message always come, however fast they follow', async () => {
  for (let i = 0; i < 100; i++) {
    receive({ frame: i, image: `data:image/png;base64,${i}`, wave: [i, i, i, i, i, i] })
    await clock.advance(3)
  }
  await clock.advance(1_000)
  const page = pageWith(sent())
  expect(page.bulk.images.get('image')?.url).toBe('data:image/png;base64,99')
  expect(Array.from(page.bulk.frames.get('wave')!.values)).toEqual([99, 99, 99, 99, 99, 99])
  expect(page.store.getState().record.latest?.json).toContain('"frame":99')
  const pictures = sent().filter((event) => event.k === 'readings' && event.images)
  expect(pictures.length).toBeLessThan(10)
})

test('samples do not wait for their turn of what is shown rarely', async () => {
  for (let i = 0; i < 100; i++) {
    receive([i, i, i, i, i])
    await clock.advance(20)
  }
  await clock.advance(200)
  const told = sent().filter((event) => event.k === 'readings' && event.series)
  expect(told.length).toBe(100)
  expect(sent().filter((event) => event.k === 'readings' && event.frames).length).toBeLessThan(25)
})

test('an array of a million is shown by its extremes, and its message is not sent along', () => {
  const values = Array.from({ length: 1_000_000 }, (_, i) => (i === 123_456 ? -5 : i % 7))
  receive(values)
  const snapshot = toldAnew()!
  const page = pageWith([], snapshot)
  const frame = page.bulk.frames.get('')!
  expect(frame.n).toBe(1_000_000)
  expect(frame.values.length).toBeLessThanOrEqual(3_000)
  expect(Math.min(...frame.values)).toBe(-5)
  expect(frame.index![frame.values.indexOf(-5)]).toBe(123_456)
  expect(snapshot.record.latest?.json).toBeNull()
  expect(JSON.stringify(snapshot).length).toBeLessThan(200_000)
})

test('a page that comes later has the same facts, and each sample once', async () => {
  for (let i = 0; i < 20; i++) {
    receive({ x: i, mode: i < 10 ? 'a' : 'b' })
    await clock.advance(100)
  }
  receive({ x: 20, mode: 'b' })
  // Still waiting for its tick when the page comes.
  const snapshot = toldAnew()
  const cursor = record.tail.last
  receive({ x: 21, mode: 'b' })
  await clock.advance(1_000)
  const rest = (record.tail.read(TOPIC, cursor, record.tail.last) ?? []).map(
    ({ json }) => JSON.parse(json) as DeviceEvent,
  )
  const late = pageWith(rest, snapshot)
  const early = pageWith(sent())
  const values = (store: StoreOf<typeof DEVICE_VIEW>) => {
    const seen: [number, number][] = []
    store.bulk.tracks.get('x')!.forEach(-Infinity, Infinity, (t, value) => void seen.push([t, value]))
    return seen
  }
  expect(values(late)).toEqual(values(early))
  expect(late.bulk.states.get('mode')).toEqual(early.bulk.states.get('mode'))
  expect(late.store.getState().record).toEqual(early.store.getState().record)
})

test('a page whose relay began anew keeps what it had, with a break, however often it is told', async () => {
  receive({ x: 1, mode: 'a' })
  await clock.advance(100)
  const page = pageWith(sent())
  const another = createTestRecord(clock, {}, 'f')
  const other = new SampleRecorder(another, { wants: () => true })
  another.observe(other)
  const told = () => {
    page.snapshot(toldAnew(another), { ...FROM, epoch: 'f' })
    page.commit()
  }
  const seen = () => {
    const values: number[] = []
    page.bulk.tracks.get('x')!.forEach(-Infinity, Infinity, (_, value) => void values.push(value))
    return values
  }
  await clock.advance(60_000)
  other.know(DEVICE, 'lab', 'd')
  told()
  expect(seen()).toEqual([1, Number.NaN])
  expect(page.store.getState().record.firstAt).not.toBeNull()
  other.receive(DEVICE, 'lab', 'd', [{ json: '{"x":2}', body: { x: 2, mode: 'b' } }])
  told()
  told()
  expect(seen()).toEqual([1, Number.NaN, 2])
  expect(page.bulk.states.get('mode')!.values).toEqual(['a', null, 'b'])
  const { record } = page.store.getState()
  expect(record.gaps.map(({ cause }) => cause)).toEqual(['restarted'])
  expect(record.messages).toBe(2)
  expect(record.channels.map(({ name }) => name)).toEqual(['x', 'mode'])
})

test('a gap breaks the lines, and comes after what was received before it', async () => {
  receive({ x: 1 })
  book.gap(DEVICE, 'lab', 'd', {
    at: clock.now(),
    cause: 'dropped',
    text: '3 messages not received',
    missed: 3,
  })
  await clock.advance(100)
  receive({ x: 5 })
  await clock.advance(100)
  expect(sent().map(({ k }) => k)).toEqual(['readings', 'gap', 'readings'])
  const page = pageWith(sent())
  expect(page.store.getState().record).toMatchObject({ gapCount: 1, missed: 3 })
  const seen: number[] = []
  page.bulk.tracks.get('x')!.forEach(-Infinity, Infinity, (_, value) => void seen.push(value))
  expect(seen).toEqual([1, Number.NaN, 5])
})

test('channels may change their type, vanish and come back', async () => {
  for (const body of [{ a: 1, b: 2 }, { a: 'off', b: 2 }, { b: [1, 2, 3, 4, 5] }, { a: null }, { a: 3 }]) {
    receive(body)
    await clock.advance(200)
  }
  const page = pageWith(sent())
  const { channels } = page.store.getState().record
  expect(channels.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'a number',
    'b number',
    'a state',
    'b array',
  ])
  const seen: number[] = []
  page.bulk.tracks.get('a')!.forEach(-Infinity, Infinity, (_, value) => void seen.push(value))
  expect(seen).toEqual([1, Number.NaN, 3])
})

test('what says something else each time is a text, not a state', async () => {
  for (let i = 0; i < 200; i++) {
    receive({ message: `step ${i} of 200`, phase: i < 100 ? 'heating' : 'holding' })
    await clock.advance(20)
  }
  await clock.advance(1_000)
  const snapshot = toldAnew()!
  expect(snapshot.record.channels.map(({ name, role }) => `${name}: ${role}`)).toEqual([
    'message: text',
    'phase: value',
  ])
  expect(snapshot.recent?.states?.map(({ c }) => c)).toEqual(['phase'])
  expect(pageWith(sent()).store.getState().record.channels).toEqual(snapshot.record.channels)
})

test('how old a message is by the device’s own clock', async () => {
  receive({ t: (clock.now() - 2_500) / 1_000, x: 1 })
  await clock.advance(100)
  const readings = sent()[0] as Readings
  expect(readings.age).toBeCloseTo(2_500, 0)
})

test('what nobody watches is kept, not journalled; who comes has it all', async () => {
  watched = false
  for (let i = 0; i < 30; i++) {
    receive({ x: i })
    await clock.advance(100)
  }
  expect(sent()).toEqual([])
  const page = pageWith([], toldAnew())
  expect(page.bulk.tracks.get('x')!.points).toBe(30)
  expect(page.store.getState().record.messages).toBe(30)
})

test('a device that is dropped leaves nothing', async () => {
  receive({ x: 1 })
  book.drop(DEVICE, 'lab', 'd')
  await clock.advance(1_000)
  expect(record.snapshot(TOPIC)).toBeNull()
  expect(sent()).toEqual([])
})

test('statistics of a window are of all samples, for a page that comes later too', async () => {
  let seed = 1
  const noise = () => {
    seed = (seed * 16_807) % 2_147_483_647
    return seed / 2_147_483_647
  }
  for (let i = 0; i < 100; i++) {
    // A drift: parts of the range differ.
    receive({ sample_rate_hz: 100_000, v: Array.from({ length: 10_000 }, () => noise() + i / 10) })
    await clock.advance(100)
  }
  await clock.advance(1_000)
  const early = pageWith(sent()).bulk.tracks.get('v')!
  const late = pageWith([], toldAnew()).bulk.tracks.get('v')!
  const true_ = book.tracks(DEVICE, 'lab', 'd')!.tracks.get('v')!
  for (const [from, to] of [
    [0, Infinity],
    [clock.now() - 4_000, clock.now()],
  ] as const) {
    const { n, mean, deviation } = true_.stats(from, to)
    for (const page of [early, late]) {
      const seen = page.stats(from, to)
      expect(seen.n / n).toBeCloseTo(1, 1)
      expect(seen.mean / mean).toBeCloseTo(1, 1)
      expect(seen.deviation / deviation).toBeCloseTo(1, 1)
    }
  }
})

test('a range read again is put before what came live, with its statistics', async () => {
  for (let i = 0; i < 40; i++) {
    receive(Array.from({ length: 1_000 }, (_, k) => k % 10))
    await clock.advance(100)
  }
  await clock.advance(500)
  const track = book.tracks(DEVICE, 'lab', 'd')!.tracks.get('')!
  const middle = (track.first! + track.last!) / 2
  const page = new TopicStore(DEVICE_VIEW)
  page.snapshot({ record: book.record(DEVICE, 'lab', 'd'), recent: null }, FROM)
  page.commit()
  const answer = (await book.samples(DEVICE, 'lab', 'd', { from: 0, to: middle, points: 500, channels: [] }))!
  expect(answer.exact).toBe(false)
  page.bulk.prepend(answer.series)
  const kept = page.bulk.tracks.get('')!
  expect(kept.points).toBeLessThanOrEqual(1_100)
  expect(kept.stats(0, Infinity).n / track.stats(0, middle).n).toBeCloseTo(1, 2)
  expect(kept.stats(0, Infinity).mean).toBeCloseTo(4.5, 1)
  const times: number[] = []
  kept.forEach(-Infinity, Infinity, (t) => void times.push(t))
  expect(times).toEqual([...times].sort((a, b) => a - b))
})

test('a clock that is set back stops no plot', async () => {
  for (let i = 0; i < 20; i++) {
    receive({ x: i })
    await clock.advance(100)
  }
  const told = clock.now.bind(clock)
  clock.now = () => told() - 3_600_000
  for (let i = 0; i < 20; i++) {
    receive({ x: i })
    await clock.advance(100)
  }
  const times: number[] = []
  book
    .tracks(DEVICE, 'lab', 'd')!
    .tracks.get('x')!
    .forEach(-Infinity, Infinity, (t) => void times.push(t))
  expect(new Set(times).size).toBe(40)
})

test('bounds hold for devices that stream no more, and for very many', async () => {
  const inAll = 240_000
  book = new SampleRecorder(
    record,
    { wants: () => false },
    { inAll, perDevice: 40_000, ofTasks: 80_000, perTask: 1_000 },
  )
  for (let d = 0; d < 12; d++) {
    const body = Array.from({ length: 1_000 }, (_, i) => i % 7)
    for (let i = 0; i < 41; i++) book.receive(DEVICE, 'lab', `d${d}`, [{ json: '[]', body }])
    await clock.advance(1_000)
  }
  let points = 0
  for (let d = 0; d < 12; d++) points += book.tracks(DEVICE, 'lab', `d${d}`)!.tracks.get('')!.points
  expect(points).toBeLessThan(inAll * 1.3)
})

test('samples closer than times can tell are all kept', () => {
  receive({ sample_rate: 1e9, v: Array.from({ length: 20_000 }, (_, i) => i) })
  receive({ sample_rate: 1e-9, v: [1, 2, 3, 4, 5] })
  const times: number[] = []
  book
    .tracks(DEVICE, 'lab', 'd')!
    .tracks.get('v')!
    .forEach(-Infinity, Infinity, (t) => void times.push(t))
  expect(new Set(times).size).toBe(20_005)
  expect(times.at(-1)! - times[0]!).toBeLessThan(1_000)
})

test('traces that are short beside the time between them stand where they came', async () => {
  for (let i = 0; i < 10; i++) {
    receive({ sample_rate: 1_000_000, v: Array.from({ length: 100 }, (_, k) => k) })
    await clock.advance(100)
  }
  const times: number[] = []
  book
    .tracks(DEVICE, 'lab', 'd')!
    .tracks.get('v')!
    .forEach(-Infinity, Infinity, (t) => void times.push(t))
  const starts = Array.from({ length: 10 }, (_, i) => times[i * 100]!)
  for (let i = 2; i < 10; i++) expect(starts[i]! - starts[i - 1]!).toBeCloseTo(100, 0)
})

/** What a page that was open all the time, and one that is opened now, take for the newest of a channel. */
function newestOn(channel: string) {
  const [open, fresh] = [pageWith(sent()), pageWith([], toldAnew())]
  return [open, fresh].map((page) => {
    const track = page.bulk.tracks.get(channel)
    return { value: track?.newest, at: track?.newestAt }
  })
}

test('a channel that is silent since its stream was opened again says what it said last, and when', async () => {
  receive({ a: 1, b: 7 })
  await clock.advance(1_000)
  const at = clock.now()
  receive({ a: 2, b: 8 })
  await clock.advance(1_000)
  book.gap(DEVICE, 'lab', 'd', { at: clock.now(), cause: 'disconnected', text: 'cut', missed: null })
  book.ended(DEVICE, 'lab', 'd')
  for (let n = 0; n < 200; n++) {
    await clock.advance(1_000)
    receive({ a: n })
  }
  await clock.advance(1_000)
  expect(newestOn('b')).toEqual([
    { value: 8, at },
    { value: 8, at },
  ])
})

test.each([
  ['text', 'overload'],
  ['true', true],
  ['null', null],
])('a number that becomes %s was no NaN: it breaks there', async (_, other) => {
  receive({ a: 1 })
  await clock.advance(1_000)
  const at = clock.now()
  receive({ a: 2 })
  await clock.advance(1_000)
  receive({ a: other })
  await clock.advance(1_000)
  receive({ a: other }, { a: other })
  await clock.advance(1_000)
  expect(newestOn('a')).toEqual([
    { value: 2, at },
    { value: 2, at },
  ])
  receive({ a: 3 })
  await clock.advance(1_000)
  expect(newestOn('a').map(({ value }) => value)).toEqual([3, 3])
  const values: number[] = []
  pageWith(sent())
    .bulk.tracks.get('a')!
    .forEach(0, Infinity, (_t, value) => void values.push(value))
  expect(values).toEqual([1, 2, Number.NaN, 3])
})

test('NaN and infinity that were sent are what the channel says', async () => {
  for (const value of [1, Infinity, Number.NaN]) {
    receive({ a: value })
    await clock.advance(1_000)
    expect(newestOn('a').map((newest) => newest.value)).toEqual([value, value])
  }
  book.gap(DEVICE, 'lab', 'd', { at: clock.now(), cause: 'disconnected', text: 'cut', missed: null })
  await clock.advance(1_000)
  expect(newestOn('a').map((newest) => newest.value)).toEqual([Number.NaN, Number.NaN])
})

test('arrays and pictures keep the time they came at on a page opened later', async () => {
  const at = clock.now()
  receive({ wave: [1, 2, 3, 4, 5, 6], image: 'data:image/png;base64,99' })
  await clock.advance(60_000)
  receive({ a: 1 })
  await clock.advance(1_000)
  const page = pageWith([], toldAnew())
  expect(page.bulk.frames.get('wave')!.at).toBe(at)
  expect(page.bulk.images.get('image')!.at).toBe(at)
})

test('a message that Weir itself fails at is a gap of that device, and the next ones are taken', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('a fault')
      },
    },
  )
  receive({ a: 1 })
  await clock.advance(100)
  book.receive(DEVICE, 'lab', 'd', [{ json: '{}', body: hostile }])
  await clock.advance(100)
  receive({ a: 2 })
  await clock.advance(2_000)
  expect(said).toHaveBeenCalled()
  said.mockRestore()
  expect(sent().map(({ k }) => k)).toEqual(['readings', 'gap', 'readings', 'readings'])
  expect(book.record(DEVICE, 'lab', 'd').gaps).toMatchObject([
    { text: "a fault of Weir's own: Error: a fault" },
  ])
})
