import { csvLine } from '#lib/csv.ts'
import { unitOf } from '#model/reading.ts'
import type { Channel } from '#model/device-events.ts'
import { StateTrack, type StateValue } from '#model/state-track.ts'
import { Track } from '#model/track.ts'
import type { SamplePage, SampleRange, Store } from './store.ts'

/** Points taken from a track at once. */
const CHUNK = 4_096
/** Rows made at once. */
const ROWS = 2_000

/** Kept samples of a stretch of time. */
export interface SamplePiece {
  tracks: ReadonlyMap<string, Track>
  states: ReadonlyMap<string, StateTrack>
  /** From and to which time they are to be told, both included, ms since epoch. */
  from: number
  to: number
}

/** All that is in memory, as one piece. */
export async function* memoryPages({
  tracks,
  states,
}: Omit<SamplePiece, 'from' | 'to'>): AsyncGenerator<SamplePiece> {
  yield await Promise.resolve({ tracks, states, from: -Infinity, to: Infinity })
}

/** What a store has of a range, piece by piece. */
export async function* storedPages(
  store: Store,
  address: string,
  range: Omit<SampleRange, 'points'>,
): AsyncGenerator<SamplePiece> {
  for (let after: number | null = null; ;) {
    const page: SamplePage = await store.sampleRuns(address, range, after)
    const tracks = new Map<string, Track>()
    const states = new Map<string, StateTrack>()
    for (const { channel, times, t0, dt, values } of page.runs) {
      let track = tracks.get(channel)
      if (!track) tracks.set(channel, (track = new Track(Infinity)))
      if (times) track.append(times, values)
      else track.appendEven(t0, dt, values)
    }
    for (const { channel, t, v } of page.states) {
      let track = states.get(channel)
      if (!track) states.set(channel, (track = new StateTrack()))
      for (const [k, time] of t.entries()) track.append(time, v[k]!)
    }
    yield { tracks, states, from: after ?? -Infinity, to: page.next ?? Infinity }
    if (page.next === null) return
    after = page.next
  }
}

/**
 * Samples from `from` to `to` (ms since epoch) as CSV text, piece by piece: a header, then a row for each time, in
 * order. What is no number is an empty cell; a state stands in each row as long as it lasts.
 * @param channels all that the device has
 * @param wanted which of them, by name
 */
export async function* samplesCsv(
  pieces: AsyncIterable<SamplePiece>,
  channels: readonly Channel[],
  range: { from: number; to: number },
  wanted: (channel: string) => boolean,
): AsyncGenerator<string> {
  const named = (kinds: readonly Channel['kind'][]) => [
    ...new Set(channels.flatMap(({ name, kind }) => (kinds.includes(kind) && wanted(name) ? [name] : []))),
  ]
  const series = named(['number', 'array'])
  const strips = named(['state'])
  yield csvLine([
    'time',
    ...series.map(headingOf),
    ...strips.map((name) => (series.includes(name) ? `${headingOf(name)} (state)` : headingOf(name))),
  ])
  const timeText = new TimeText()
  for await (const piece of pieces) {
    const from = Math.max(range.from, piece.from)
    const to = Math.min(range.to, piece.to)
    const points = series.map((name) => new PointCursor(piece.tracks.get(name) ?? NO_POINTS, from, to))
    const changes = strips.map(
      (name) => new StateCursor(piece.states.get(name) ?? NO_STATES, from, to, piece.from >= range.from),
    )
    yield* rowsOf(points, changes, timeText)
  }
}

const NO_POINTS = new Track()
const NO_STATES = new StateTrack()

function* rowsOf(points: PointCursor[], changes: StateCursor[], timeText: TimeText): Generator<string> {
  for (;;) {
    let text = ''
    for (let row = 0; row < ROWS; row++) {
      const t = Math.min(...points.map((cursor) => cursor.time), ...changes.map((cursor) => cursor.time))
      if (t === Infinity) {
        if (text !== '') yield text
        return
      }
      const cells = [
        ...points.map((cursor) => (cursor.time === t ? numberOf(cursor.take()) : null)),
        ...changes.map((cursor) => cursor.at(t)),
      ]
      // Only breaks of lines stand there.
      if (cells.every((cell) => cell === null || cell === '')) continue
      text += csvLine([timeText.of(t), ...cells])
    }
    if (text !== '') yield text
  }
}

/** One point after another, though the track grows and thins meanwhile. */
class PointCursor {
  readonly #track: Track
  readonly #to: number
  #times: number[] = []
  #values: number[] = []
  #next = 0
  #from: number
  /** Points at `#from` that were taken already. */
  #taken = 0

  constructor(track: Track, from: number, to: number) {
    this.#track = track
    this.#from = from
    this.#to = to
    this.#fill()
  }

  /** Time of the next point; infinite after the last. */
  get time(): number {
    return this.#times[this.#next] ?? Infinity
  }

  take(): number {
    const time = this.#times[this.#next]!
    const value = this.#values[this.#next++]!
    this.#taken = time === this.#from ? this.#taken + 1 : 1
    this.#from = time
    if (this.#next === this.#times.length) this.#fill()
    return value
  }

  #fill(): void {
    this.#times = []
    this.#values = []
    this.#next = 0
    let skip = this.#taken
    this.#track.forEach(this.#from, this.#to, (t, value) => {
      if (t === this.#from && skip > 0) {
        skip -= 1
        return true
      }
      this.#times.push(t)
      this.#values.push(value)
      return this.#times.length < CHUNK
    })
  }
}

/** One change after another, and the state that lasts at a time. */
class StateCursor {
  readonly #times: readonly number[]
  readonly #values: readonly StateValue[]
  #next = 0
  #last: StateValue | null = null

  /** @param goesOn rows before have told the state that lasts at the beginning */
  constructor(track: StateTrack, from: number, to: number, goesOn: boolean) {
    const { t, v } = track.range(from, to)
    // The state that lasts at the beginning began before it.
    this.#times = t.map((time) => Math.max(time, from))
    this.#values = v
    if (goesOn && this.time === from) this.#last = this.#values[this.#next++]!
  }

  get time(): number {
    return this.#times[this.#next] ?? Infinity
  }

  at(t: number): StateValue | null {
    while (this.time <= t) this.#last = this.#values[this.#next++]!
    return this.#last
  }
}

/** Times as ISO 8601 in UTC, with microseconds where there are any. */
class TimeText {
  #second = Number.NaN
  #text = ''

  of(t: number): string {
    const micros = Math.round(t * 1_000)
    const second = Math.floor(micros / 1e6)
    if (second !== this.#second) {
      this.#second = second
      this.#text = new Date(second * 1_000).toISOString().slice(0, 19)
    }
    const fraction = String(micros - second * 1e6).padStart(6, '0')
    return `${this.#text}.${fraction.endsWith('000') ? fraction.slice(0, 3) : fraction}Z`
  }
}

function headingOf(name: string): string {
  const unit = unitOf(name)
  return `${name === '' ? 'value' : name}${unit ? ` [${unit}]` : ''}`
}

function numberOf(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
