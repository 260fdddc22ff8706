import { createStore, type StoreApi } from 'zustand/vanilla'
import { unpackNumbers } from '#lib/pack.ts'
import {
  EMPTY_RECORD,
  reduceDevice,
  type DeviceEvent,
  type DeviceRecord,
  type Readings,
  type SeriesPart,
} from '#model/device-events.ts'
import type { Moments } from '#model/moments.ts'
import { StateTrack } from '#model/state-track.ts'
import { Track } from '#model/track.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'

export interface DeviceState {
  /** `absent`: the relay knows no such device. */
  phase: 'loading' | 'ready' | 'absent'
  record: DeviceRecord
}

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

/** Points kept on the page for all channels of one device; each channel has its share. The relay has more. */
const PAGE_POINTS = 1_500_000
const CHANNEL_POINTS = { most: 1_000_000, least: 16_000 }

/**
 * The store of one watched device. Events wait until `commit`; the samples they carry go to buffers beside
 * the store, for which there is a subscription of its own: plots draw from them, outside React.
 */
export class DeviceStore {
  readonly store: StoreApi<DeviceState> = createStore<DeviceState>(() => ({
    phase: 'loading',
    record: EMPTY_RECORD,
  }))
  /** Numbers over time, by channel. */
  readonly tracks = new Map<string, Track>()
  /** Strings and booleans over time, by channel. */
  readonly states = new Map<string, StateTrack>()
  /** The newest array, by channel. */
  readonly frames = new Map<string, Frame>()
  /** The newest picture, by channel. */
  readonly images = new Map<string, { at: number; url: string }>()
  readonly #listeners = new Set<() => void>()
  #snapshot: DeviceSnapshot | null | undefined
  #events: DeviceEvent[] = []

  /** Bytes that the samples take. */
  get bytes(): number {
    let bytes = 0
    for (const track of this.tracks.values()) bytes += track.bytes
    return bytes
  }

  snapshot(snapshot: DeviceSnapshot | null): void {
    this.#snapshot = snapshot
    this.#events = []
  }

  push(events: readonly DeviceEvent[]): void {
    for (const event of events) this.#events.push(event)
  }

  /** Calls back after each commit that brought samples. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  commit(): void {
    const { phase, record: before } = this.store.getState()
    let record = before
    if (this.#snapshot === null) this.store.setState({ phase: 'absent', record: EMPTY_RECORD })
    else if (this.#snapshot) {
      record = this.#snapshot.record
      // A relay that began anew knows less than this page: what was received stays, with a break.
      if (before.firstAt === null || record.firstAt === before.firstAt) this.#clear()
      else this.#breakAt(record.firstAt)
      if (this.#snapshot.recent) this.#take(this.#snapshot.recent, true)
    }
    const known = this.#snapshot !== null && (this.#snapshot !== undefined || phase === 'ready')
    this.#snapshot = undefined
    if (known) {
      if (this.#events.length > 0) {
        for (const event of this.#events) {
          if (event.k === 'readings') this.#take(event)
          // The line breaks where something is missing.
          else this.#breakAt(event.at)
        }
        record = reduceDevice(record, this.#events)
      }
      this.store.setState({ phase: 'ready', record })
    }
    this.#events = []
    for (const listener of this.#listeners) listener()
  }

  /** Puts samples of before, read by range, in front of those that came live. */
  prepend(answer: SamplesAnswer): void {
    for (const part of answer.series.toReversed()) {
      const { times, values } = pointsOf(part)
      this.#track(part.c).prepend(times, values, momentsOf(part))
    }
    for (const listener of this.#listeners) listener()
  }

  /** @param t null: where each ends */
  #breakAt(t: number | null): void {
    for (const track of this.tracks.values()) track.breakAt(t ?? track.last ?? 0)
    for (const track of this.states.values()) track.append(t ?? track.times.at(-1) ?? 0, null)
  }

  #clear(): void {
    this.tracks.clear()
    this.states.clear()
    this.frames.clear()
    this.images.clear()
  }

  /** @param apart its parts are pieces of a past, each with moments of its own */
  #take(readings: Readings, apart = false): void {
    for (const part of readings.series ?? []) {
      const track = this.#track(part.c)
      const moments = momentsOf(part)
      if (part.t0 !== undefined && part.dt !== undefined)
        track.appendEven(part.t0, part.dt, unpackNumbers(part.v), moments)
      else {
        const { times, values } = pointsOf(part)
        track.append(times, values, moments, apart && moments !== undefined)
      }
    }
    for (const { c, n, v, i } of readings.frames ?? [])
      this.frames.set(c, {
        at: readings.at,
        n,
        values: unpackNumbers(v),
        index: i === undefined ? null : unpackNumbers(i),
      })
    for (const { c, t, v } of readings.states ?? []) {
      let track = this.states.get(c)
      if (!track) this.states.set(c, (track = new StateTrack()))
      for (let k = 0; k < t.length; k++) track.append(t[k]!, v[k]!)
    }
    for (const { c, url } of readings.images ?? []) this.images.set(c, { at: readings.at, url })
  }

  #track(channel: string): Track {
    let track = this.tracks.get(channel)
    if (!track) {
      this.tracks.set(channel, (track = new Track()))
      const share = Math.floor(PAGE_POINTS / this.tracks.size)
      const points = Math.max(CHANNEL_POINTS.least, Math.min(CHANNEL_POINTS.most, share))
      for (const each of this.tracks.values()) each.limit(points)
    }
    return track
  }
}

/** The moments of all samples of a part that has only some of them. */
export function momentsOf(part: SeriesPart): Moments | undefined {
  return part.m && { n: part.m[0], mean: part.m[1], m2: part.m[2] }
}

/** The points of a part, each with its time. */
export function pointsOf(part: SeriesPart): { times: Float64Array; values: Float64Array } {
  const values = unpackNumbers(part.v)
  if (part.t !== undefined) return { times: unpackNumbers(part.t), values }
  const { t0 = 0, dt = 0 } = part
  return { times: Float64Array.from({ length: values.length }, (_, i) => t0 + i * dt), values }
}
