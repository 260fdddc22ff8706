import type { StoreApi } from 'zustand/vanilla'
import { callAll } from '#lib/isolate.ts'
import { packNumbers, unpackNumbers } from '#lib/pack.ts'
import {
  EMPTY_RECORD,
  reduceDevice,
  type Channel,
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
import { createIsolatedStore } from './isolated-store.ts'

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
  readonly store: StoreApi<DeviceState> = createIsolatedStore<DeviceState>(() => ({
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
  /** When the relay's record began, as its newest snapshot told. */
  #firstAt: number | null = null
  /** What relays of before knew, which are no more. */
  #earlier: DeviceRecord | null = null

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
    // Taken out first: whatever fails below, nothing is applied twice.
    const [snapshot, events] = [this.#snapshot, this.#events]
    this.#snapshot = undefined
    this.#events = []
    const before = this.store.getState()
    let { phase, record } = before
    if (snapshot) {
      phase = 'ready'
      record = this.#begin(snapshot, record)
    }
    // What this page holds of a device stays, also where the relay knows it no more.
    else if (snapshot === null && record.firstAt === null) phase = 'absent'
    if (phase === 'ready' && events.length > 0) {
      for (const event of events) {
        if (event.k === 'readings') {
          this.#firstAt ??= event.at
          this.#take(event)
        }
        // The line breaks where something is missing.
        else this.#breakAt(event.at)
      }
      record = reduceDevice(record, events)
    }
    if (phase !== before.phase || record !== before.record) this.store.setState({ phase, record })
    callAll(this.#listeners)
  }

  /** Puts samples of before, read by range, in front of those that came live. */
  prepend(answer: SamplesAnswer): void {
    for (const part of answer.series.toReversed()) {
      const { times, values } = pointsOf(part)
      this.#track(part.c).prepend(times, values, momentsOf(part))
    }
    callAll(this.#listeners)
  }

  /**
   * Starts from a snapshot. One of a relay that began anew knows less than this page: what was received stays,
   * with a break.
   */
  #begin({ record, recent }: DeviceSnapshot, before: DeviceRecord): DeviceRecord {
    const goesOn = this.#firstAt === null || record.firstAt === this.#firstAt
    const isEmpty = before.firstAt === null
    this.#firstAt = record.firstAt
    if (isEmpty || (goesOn && !this.#earlier)) {
      this.#clear()
      if (recent) this.#take(recent, true)
      return record
    }
    if (!goesOn) {
      this.#breakAt(record.firstAt)
      this.#earlier = withGap(before, record.firstAt ?? before.eventAt ?? 0)
    }
    if (recent) this.#take(this.#newerThanKept(recent), true)
    return joined(this.#earlier!, record)
  }

  #newerThanKept(recent: Readings): Readings {
    const series = (recent.series ?? []).flatMap((part) => {
      const last = this.tracks.get(part.c)?.last ?? -Infinity
      const { times, values } = pointsOf(part)
      const from = times.findIndex((t) => t > last)
      if (from === 0) return [part]
      const { c, b } = part
      const broken = b === undefined || b <= last ? {} : { b }
      if (from < 0) return 'b' in broken ? [{ c, t: '', v: '', ...broken }] : []
      return [{ c, t: packNumbers(times.slice(from)), v: packNumbers(values.slice(from)), ...broken }]
    })
    const states = (recent.states ?? []).map(({ c, t, v }) => {
      const last = this.states.get(c)?.times.at(-1) ?? -Infinity
      const from = t.findIndex((at) => at > last)
      return from < 0 ? { c, t: [], v: [] } : { c, t: t.slice(from), v: v.slice(from) }
    })
    return { ...recent, series, states }
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
  return { times: unpackNumbers(part.t), values: unpackNumbers(part.v) }
}

/** A record that ends with the relay that kept it. */
function withGap(record: DeviceRecord, at: number): DeviceRecord {
  const text = 'Weir was restarted: what came before is kept by this page alone'
  return reduceDevice(record, [{ k: 'gap', at, cause: 'restarted', text, missed: null }])
}

/** Two records of one device, one after the other. */
function joined(before: DeviceRecord, after: DeviceRecord): DeviceRecord {
  const isNew = (channel: Channel) =>
    !after.channels.some(({ name, kind }) => name === channel.name && kind === channel.kind)
  return {
    channels: [...before.channels.filter(isNew), ...after.channels],
    messages: before.messages + after.messages,
    size: before.size + after.size,
    firstAt: before.firstAt,
    eventAt: after.eventAt ?? before.eventAt,
    latest: after.latest ?? before.latest,
    age: after.age ?? before.age,
    gaps: [...before.gaps, ...after.gaps],
    gapCount: before.gapCount + after.gapCount,
    missed: before.missed + after.missed,
  }
}
