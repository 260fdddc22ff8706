import { csvLine } from '#lib/csv.ts'
import { unitOf } from '#model/reading.ts'
import type { StateTrack, StateValue } from '#model/state-track.ts'
import type { Track } from '#model/track.ts'

/** Points taken from a track at once. */
const CHUNK = 4_096
/** Rows made at once. */
const ROWS = 2_000

export interface SamplesOfDevice {
  tracks: ReadonlyMap<string, Track>
  states: ReadonlyMap<string, StateTrack>
}

/**
 * All kept samples from `from` to `to` (ms since epoch) as CSV text, piece by piece: a header, then a row for
 * each time, in order. What is no number is an empty cell; a state stands in each row as long as it lasts.
 * @param wanted which channels, by name
 */
export function* samplesCsv(
  { tracks, states }: SamplesOfDevice,
  range: { from: number; to: number },
  wanted: (channel: string) => boolean,
): Generator<string> {
  const series = [...tracks].filter(([name]) => wanted(name))
  const strips = [...states].filter(([name]) => wanted(name))
  const header = [
    'time',
    ...series.map(([name]) => headingOf(name)),
    ...strips.map(([name]) => (tracks.has(name) ? `${headingOf(name)} (state)` : headingOf(name))),
  ]
  yield csvLine(header)
  const points = series.map(([, track]) => new PointCursor(track, range.from, range.to))
  const changes = strips.map(([, track]) => new StateCursor(track, range.from, range.to))
  const timeText = new TimeText()
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

  constructor(track: StateTrack, from: number, to: number) {
    const { t, v } = track.range(from, to)
    // The state that lasts at the beginning began before it.
    this.#times = t.map((time) => Math.max(time, from))
    this.#values = v
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
