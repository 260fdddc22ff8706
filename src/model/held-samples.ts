import { packNumbers, unpackNumbers } from '#lib/pack.ts'
import type { Readings, SeriesPart } from './device-events.ts'
import type { Moments } from './moments.ts'
import { StateTrack } from './state-track.ts'
import { Track } from './track.ts'

/** The newest array of a channel. */
export interface Frame {
  /** When it was received, ms since epoch. */
  at: number
  /** Its length as received; `values` may be fewer. */
  n: number
  /** Index of each value; null: 0, 1, 2 … */
  index: Float64Array | null
  values: Float64Array
}

/** A stretch of time of which the relay may have samples, and this copy has none. Times are ms since epoch. */
export interface Hole {
  from: number
  to: number
  /** Where the lines end before it, by channel, and whether they were broken for it. */
  ends: ReadonlyMap<string, { at: number; isBroken: boolean }>
}

/** Points kept for all channels of one device; each channel has its share. The relay has more. */
const POINTS = 1_500_000
const CHANNEL_POINTS = { most: 1_000_000, least: 16_000 }

/** What a page holds of a device's samples: a thinned copy of those that the relay has, as far as they came. */
export class HeldSamples {
  /** Numbers over time, by channel. */
  readonly tracks = new Map<string, Track>()
  /** Strings and booleans over time, by channel. */
  readonly states = new Map<string, StateTrack>()
  /** The newest array, by channel. */
  readonly frames = new Map<string, Frame>()
  /** The newest picture, by channel. */
  readonly images = new Map<string, { at: number; url: string }>()
  /** What was missed, oldest first, until it is filled. */
  holes: readonly Hole[] = []

  /** Adds what came live. */
  take(readings: Readings): void {
    this.#take(readings, false)
  }

  /** The lines break: something is missing there. */
  breakAt(t: number): void {
    for (const track of this.tracks.values()) track.breakAt(t)
    for (const track of this.states.values()) track.append(t, null)
  }

  /** Begins with the newest samples of a record. */
  begin(recent: Readings | null): void {
    this.tracks.clear()
    this.states.clear()
    this.frames.clear()
    this.images.clear()
    this.holes = []
    if (recent) this.#take(recent, true)
  }

  /**
   * Goes on with the newest samples of a record, of which this holds some. They stay up to `heldTo`; what may be missing
   * between them and `recentFrom` is a hole.
   * @param heldTo up to when this surely has what the record has, ms since epoch
   * @param recentFrom from when on `recent` has all
   */
  goOn(recent: Readings | null, heldTo: number, recentFrom: number): void {
    if (heldTo < recentFrom) this.#openHole(heldTo, recentFrom)
    if (recent) this.takeNewer(recent)
  }

  /** Time of the newest point of any line, a break included, ms since epoch; null when there is none. */
  get lastAt(): number | null {
    let newest: number | null = null
    for (const { last } of this.tracks.values())
      if (last !== null && last > (newest ?? -Infinity)) newest = last
    return newest
  }

  /** Lets go of samples after a time. */
  cutAfter(t: number): void {
    for (const track of this.tracks.values()) track.cutAfter(t)
  }

  /** Adds of a past what is newer than what is held. */
  takeNewer(recent: Readings): void {
    const held = new Map(Array.from(this.tracks, ([c, track]) => [c, track.last ?? -Infinity]))
    const series = (recent.series ?? []).flatMap((part) => newerPart(part, held.get(part.c) ?? -Infinity))
    const states = (recent.states ?? []).map(({ c, t, v }) => {
      const last = this.states.get(c)?.times.at(-1) ?? -Infinity
      const from = t.findIndex((at) => at > last)
      return from < 0 ? { c, t: [], v: [] } : { c, t: t.slice(from), v: v.slice(from) }
    })
    this.#take({ ...recent, series, states }, true)
  }

  /** Puts samples of before, read by range, in front of those that are held. */
  prepend(series: readonly SeriesPart[]): void {
    for (const part of series.toReversed()) {
      const { times, values } = pointsOf(part)
      this.#track(part.c).insert(times, values, momentsOfPart(part))
    }
  }

  /** Puts samples in that were read of the stretch of a hole; those of a hole that is no more are left out. */
  fill(hole: Hole, series: readonly SeriesPart[]): void {
    if (!this.holes.includes(hole)) return
    this.holes = this.holes.filter((each) => each !== hole)
    for (const [c, { at, isBroken }] of hole.ends) if (isBroken) this.tracks.get(c)?.mendAt(at)
    for (const part of series)
      for (const newer of newerPart(part, hole.ends.get(part.c)?.at ?? hole.from)) {
        const { times, values } = pointsOf(newer)
        this.#track(part.c).insert(times, values, momentsOfPart(newer))
      }
  }

  #openHole(start: number, to: number): void {
    // One that is not filled yet goes on.
    const unfilled = this.holes.filter((hole) => hole.to >= start)
    const from = Math.min(start, ...unfilled.map((hole) => hole.from))
    const ends = new Map<string, { at: number; isBroken: boolean }>()
    for (const [c, track] of this.tracks) {
      const wasBroken = track.brokenAt !== null && !unfilled.some((hole) => hole.ends.get(c)?.isBroken)
      track.breakAt(from)
      ends.set(c, { at: track.last ?? from, isBroken: !wasBroken })
    }
    for (const track of this.states.values()) track.append(from, null)
    this.holes = [...this.holes.filter((hole) => !unfilled.includes(hole)), { from, to, ends }]
  }

  /** @param apart its parts are pieces of a past, each with moments of its own */
  #take(readings: Readings, apart: boolean): void {
    for (const part of readings.series ?? []) {
      const track = this.#track(part.c)
      const moments = momentsOfPart(part)
      const { times, values } = pointsOf(part)
      track.append(times, values, moments, apart && moments !== undefined)
      if (part.b !== undefined) track.breakAt(part.b)
    }
    for (const { c, n, v, i, at } of readings.frames ?? [])
      this.frames.set(c, {
        at: at ?? readings.at,
        n,
        values: unpackNumbers(v),
        index: i === undefined ? null : unpackNumbers(i),
      })
    for (const { c, t, v } of readings.states ?? []) {
      let track = this.states.get(c)
      if (!track) this.states.set(c, (track = new StateTrack()))
      for (let k = 0; k < t.length; k++) track.append(t[k]!, v[k]!)
    }
    for (const { c, url, at } of readings.images ?? []) this.images.set(c, { at: at ?? readings.at, url })
  }

  #track(channel: string): Track {
    let track = this.tracks.get(channel)
    if (!track) {
      this.tracks.set(channel, (track = new Track()))
      const share = Math.floor(POINTS / this.tracks.size)
      const points = Math.max(CHANNEL_POINTS.least, Math.min(CHANNEL_POINTS.most, share))
      for (const each of this.tracks.values()) each.limit(points)
    }
    return track
  }
}

/** The points of a part, each with its time. */
export function pointsOf(part: SeriesPart): { times: Float64Array; values: Float64Array } {
  return { times: unpackNumbers(part.t), values: unpackNumbers(part.v) }
}

/** The moments of all samples of a part that has only some of them. */
export function momentsOfPart(part: SeriesPart): Moments | undefined {
  return part.m && { n: part.m[0], mean: part.m[1], m2: part.m[2] }
}

/** What of a part is newer than a time: none of it, or a part again. */
function newerPart(part: SeriesPart, last: number): SeriesPart[] {
  const { times, values } = pointsOf(part)
  const from = times.findIndex((t) => t > last)
  if (from === 0) return [part]
  const { c, b } = part
  const broken = b === undefined || b <= last ? {} : { b }
  if (from < 0) return 'b' in broken ? [{ c, t: '', v: '', ...broken }] : []
  return [{ c, t: packNumbers(times.slice(from)), v: packNumbers(values.slice(from)), ...broken }]
}

/** Time of the first sample that readings bring, ms since epoch; null when they bring none. */
export function firstTimeOf(readings: Readings | null): number | null {
  let first: number | null = null
  for (const part of readings?.series ?? []) {
    const t = pointsOf(part).times[0]
    if (t !== undefined && t < (first ?? Infinity)) first = t
  }
  return first
}
