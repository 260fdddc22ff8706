import { expect, test } from 'vitest'
import { StateTrack, type StateValue } from '#model/state-track.ts'
import { Track } from '#model/track.ts'
import type { Channel } from '#model/device-events.ts'
import { memoryPages, samplesCsv, storedPages } from './samples-csv.ts'
import type { Store } from './store.ts'

const AT = Date.UTC(2026, 10, 21, 12, 0, 0)
const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER }

function trackOf(times: readonly number[], values: readonly number[]): Track {
  const track = new Track()
  track.append(
    times.map((t) => AT + t),
    values,
  )
  return track
}

function statesOf(...changes: [t: number, value: StateValue][]): StateTrack {
  const track = new StateTrack()
  for (const [t, value] of changes) track.append(AT + t, value)
  return track
}

function channelsOf(tracks: Record<string, Track>, states: Record<string, StateTrack>): Channel[] {
  const of = (kind: Channel['kind']) => (name: string) =>
    ({ name, kind, role: 'value', unit: null, length: 1, firstAt: AT }) as const
  return [...Object.keys(tracks).map(of('number')), ...Object.keys(states).map(of('state'))]
}

async function rows(
  tracks: Record<string, Track>,
  states: Record<string, StateTrack> = {},
  range = ALL,
  wanted: (name: string) => boolean = () => true,
): Promise<string[]> {
  const samples = { tracks: new Map(Object.entries(tracks)), states: new Map(Object.entries(states)) }
  const pieces: string[] = []
  for await (const piece of samplesCsv(memoryPages(samples), channelsOf(tracks, states), range, wanted))
    pieces.push(piece)
  return pieces.join('').split('\r\n').slice(0, -1)
}

test('channels of different times share rows where they share times', async () => {
  expect(
    await rows({ power_mw: trackOf([0, 1_000, 2_000], [1, 2.5, -3]), n: trackOf([1_000, 1_500.25], [7, 8]) }),
  ).toEqual([
    'time,power_mw [mW],n',
    '2026-11-21T12:00:00.000Z,1,',
    '2026-11-21T12:00:01.000Z,2.5,7',
    '2026-11-21T12:00:01.500250Z,,8',
    '2026-11-21T12:00:02.000Z,-3,',
  ])
})

test('states stand in every row as long as they last, and have a row of their own when they change', async () => {
  expect(
    await rows({ n: trackOf([0, 1_000, 2_000], [1, 2, 3]) }, { mode: statesOf([500, 'on'], [1_500, false]) }),
  ).toEqual([
    'time,n,mode',
    '2026-11-21T12:00:00.000Z,1,',
    '2026-11-21T12:00:00.500Z,,on',
    '2026-11-21T12:00:01.000Z,2,on',
    '2026-11-21T12:00:01.500Z,,false',
    '2026-11-21T12:00:02.000Z,3,false',
  ])
})

test('breaks of lines are no rows; infinities are numbers', async () => {
  expect(await rows({ '': trackOf([0, 1, 2], [1, Number.NaN, Infinity]) })).toEqual([
    'time,value',
    '2026-11-21T12:00:00.000Z,1',
    '2026-11-21T12:00:00.002Z,Infinity',
  ])
})

test('a range is kept to, with the state that lasts at its beginning', async () => {
  const range = { from: AT + 1_000, to: AT + 2_000 }
  const n = trackOf([0, 1_000, 2_000, 3_000], [1, 2, 3, 4])
  expect(
    await rows({ n, other: n }, { mode: statesOf([0, 'on']) }, range, (name) => name !== 'other'),
  ).toEqual(['time,n,mode', '2026-11-21T12:00:01.000Z,2,on', '2026-11-21T12:00:02.000Z,3,on'])
})

test('what a spreadsheet would run is text, in names and in states', async () => {
  expect(await rows({ '=cmd()': trackOf([0], [-1]) }, { 'a,"b"': statesOf([0, '=HYPERLINK("x")']) })).toEqual(
    [`time,'=cmd(),"a,""b"""`, `2026-11-21T12:00:00.000Z,-1,"'=HYPERLINK(""x"")"`],
  )
})

test('long tracks come in pieces, each point once, also where many share a time', async () => {
  const track = new Track()
  track.appendEven(
    AT,
    0.01,
    Float64Array.from({ length: 20_000 }, (_, i) => i),
  )
  track.append(
    Float64Array.from({ length: 9_000 }, () => AT + 5_000),
    Float64Array.from({ length: 9_000 }, (_, i) => i),
  )
  const pieces: string[] = []
  const memory = memoryPages({ tracks: new Map([['v', track]]), states: new Map() })
  for await (const piece of samplesCsv(memory, channelsOf({ v: track }, {}), ALL, () => true))
    pieces.push(piece)
  expect(pieces.length).toBeGreaterThan(10)
  const values = pieces
    .join('')
    .trim()
    .split('\r\n')
    .slice(1)
    .map((row) => Number(row.split(',')[1]))
  expect(values).toEqual([
    ...Array.from({ length: 20_000 }, (_, i) => i),
    ...Array.from({ length: 9_000 }, (_, i) => i),
  ])
})

test('nothing recorded is a header alone', async () => {
  expect(await rows({})).toEqual(['time'])
})

test('what is kept elsewhere comes page by page, with each row once and states that go on', async () => {
  const run = (at: number, value: number) => ({
    channel: 'n',
    times: Float64Array.of(AT + at),
    t0: 0,
    dt: 0,
    values: Float64Array.of(value),
    breaks: false,
  })
  const on = { channel: 'mode', t: [AT], v: ['on'] }
  const pages = [
    { runs: [run(0, 1), run(1_000, 2)], states: [on], next: AT + 1_000 },
    { runs: [run(2_000, 3)], states: [on], next: null },
  ]
  const store = { sampleRuns: () => Promise.resolve(pages.shift()!) } as unknown as Store
  const range = { ...ALL, channels: [] }
  const text: string[] = []
  const csv = samplesCsv(
    storedPages(store, 'lab/devices/d', range),
    channelsOf({ n: new Track() }, { mode: new StateTrack() }),
    range,
    () => true,
  )
  for await (const piece of csv) text.push(piece)
  expect(text.join('').trim().split('\r\n')).toEqual([
    'time,n,mode',
    '2026-11-21T12:00:00.000Z,1,on',
    '2026-11-21T12:00:01.000Z,2,on',
    '2026-11-21T12:00:02.000Z,3,on',
  ])
})
