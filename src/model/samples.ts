import { detached } from '#lib/detached.ts'
import { packNumbers, unpackNumbers } from '#lib/pack.ts'
import type { Channel, FramePart, ImagePart, Readings, SeriesPart, StatePart } from '#model/device-events.ts'
import { momentsOf } from '#model/moments.ts'
import { wireMoments } from '#model/series-parts.ts'
import { readMessage, roleOf, timeOf, unitOf, type Reading } from '#model/reading.ts'
import { StateTrack, type StateValue } from '#model/state-track.ts'
import { thin } from '#model/thin.ts'
import { Track } from '#model/track.ts'

/** Points of a channel that go to pages per ms: more than any view has columns for. */
const LIVE_PER_MS = 2
/** Whole arrays, pictures and the raw message follow each other no faster; the newest always comes. */
const SHOW_EVERY_MS = 100
/** Points of an array as pages get it. */
const FRAME_POINTS = 2_000
/** Longer messages and pictures do not go along. */
const LATEST_SIZE = 16_384
const IMAGE_SIZE = 4_000_000
/** Channels kept of one device; what comes beyond is in the raw message only. */
const MOST_CHANNELS = 256
const CHANNEL_POINTS = 500
/** Longer than this no message lasts, whatever sample rate it tells. */
const LONGEST_MS = 3_600_000
/** Times are doubles of ms since epoch: samples that are closer would fall together. */
const LEAST_STEP_MS = 5e-4
/** How the time between two messages is smoothed, and what it is taken for before the second. */
const SMOOTHING = 0.2
const FIRST_INTERVAL_MS = 100
/** So many bursts tell how far apart messages are; until then any time up to this is taken for usual. */
const KNOWN_BURSTS = 4
const FIRST_SPAN_MS = 10_000

/** One message of a device: its JSON, and the same parsed. */
export interface DeviceMessage {
  json: string
  body: unknown
}

/** A channel with more different strings than this says texts, not states. */
const MOST_STATES = 64

/** Samples that are still to be told: of a few, the times of each; of an array, where it begins. */
interface Pending {
  count: number
  parts: { t0: number; dt: number; values: Float64Array }[]
  /** When the line broke after them; null while it goes on. */
  brokenAt: number | null
}

/** The newest value of a channel that replaces the one before, and when it was received (ms since epoch). */
interface Newest<T> {
  at: number
  value: T
}

/**
 * The samples of one topic: all of them within bounds, and what of them is still to be told.
 * Samples get their times from when messages were received: those that came together are spread over the time
 * since the ones before, and the values of an array over the time of their message, or as far apart as the
 * message's own sample rate says.
 */
export class Samples {
  readonly tracks = new Map<string, Track>()
  readonly states = new Map<string, StateTrack>()
  /** The channels of each name: what comes under it may change its kind. */
  readonly #channels = new Map<string, Partial<Record<Channel['kind'], Channel>>>()
  #channelCount = 0
  readonly #arrays = new Map<string, Newest<Float64Array>>()
  readonly #images = new Map<string, Newest<string>>()
  /** Different strings of a channel, until they are too many. */
  readonly #words = new Map<string, Set<string>>()
  #limit = Number.POSITIVE_INFINITY
  #lastAt: number | null = null
  #interval = FIRST_INTERVAL_MS
  #bursts = 0
  #told = true
  #shownAt = -Infinity

  #messages = 0
  #size = 0
  #pending = new Map<string, Pending>()
  #pendingStates = new Map<string, StatePart>()
  #changed = new Set<Channel>()
  #newArrays = new Set<string>()
  #newImages = new Set<string>()
  #latest: string | null = null
  #age: number | null = null
  #at = 0

  /** ms until something waits to be told that may be; null when nothing does. */
  get dueIn(): number | null {
    if (this.#newArrays.size === 0 && this.#newImages.size === 0 && this.#latest === null) return null
    return Math.max(0, this.#shownAt + SHOW_EVERY_MS - this.#at)
  }

  /** Goes on from samples that were read back; what of them is known elsewhere is not new. */
  goOnFrom(series: readonly SeriesPart[], states: readonly StatePart[]): void {
    for (const { c, t, v, b } of series) {
      const track = this.#track(c)
      track.append(unpackNumbers(t), unpackNumbers(v))
      if (b !== undefined) track.breakAt(b)
      track.takeNew()
    }
    for (const { c, t, v } of states) {
      const track = new StateTrack()
      for (const [k, at] of t.entries()) track.append(at, v[k]!)
      track.takeNew()
      this.states.set(c, track)
    }
  }

  /** Keeps so many points in all; the oldest of what is more are thinned. */
  limit(points: number): void {
    this.#limit = points
    this.#share()
  }

  /**
   * @param at when they were received, ms since epoch
   * @param told false: nobody listens, so that nothing of it needs to be kept for telling
   */
  receive(at: number, messages: readonly DeviceMessage[], told: boolean): void {
    this.#at = at
    this.#told = told
    const count = messages.length
    const since = this.#lastAt === null ? this.#interval * count : Math.max(0, at - this.#lastAt)
    // After a pause the messages are as far apart as before it, not spread over all of it.
    const most = this.#bursts < KNOWN_BURSTS ? FIRST_SPAN_MS : this.#interval * count * 3
    const span = Math.min(since, most)
    this.#bursts += 1
    for (let k = 0; k < count; k++) {
      const { json, body } = messages[k]!
      this.#messages += 1
      this.#size += json.length
      const end = at - span + (span * (k + 1)) / count
      this.#take(readMessage(body), end, span / count, at)
    }
    if (this.#lastAt !== null && since > 0)
      this.#interval += SMOOTHING * (Math.min(since / count, this.#interval * 20) - this.#interval)
    this.#lastAt = at
    this.#latest = messages.at(-1)!.json
  }

  breakAt(t: number): void {
    for (const track of this.tracks.values()) track.breakAt(t)
    for (const track of this.states.values()) track.append(t, null)
  }

  /** The stream was left: the next message begins anew, and room that was ready for more goes. */
  interrupted(): void {
    for (const track of this.tracks.values()) track.trim()
    this.#lastAt = null
    this.#bursts = 0
  }

  /** What waits goes with the next flush. */
  hurry(): void {
    this.#shownAt = -Infinity
  }

  /**
   * What is new since the last flush, thinned to what views can show; null when nothing is.
   * @param told false: nobody listens, so that only what is known of the whole is of interest
   */
  flush(now: number, told: boolean): Readings | null {
    this.#at = now
    const show = now - this.#shownAt >= SHOW_EVERY_MS
    const shows = show && (this.#newArrays.size > 0 || this.#newImages.size > 0 || this.#latest !== null)
    if (this.#messages === 0 && !shows) return null
    const readings: Readings = {
      k: 'readings',
      at: this.#lastAt ?? now,
      messages: this.#messages,
      size: this.#size,
    }
    if (this.#changed.size > 0) readings.channels = [...this.#changed]
    if (told && this.#pending.size > 0)
      readings.series = Array.from(this.#pending, ([c, part]) => seriesOf(c, part))
    if (told && this.#pendingStates.size > 0) readings.states = [...this.#pendingStates.values()]
    if (this.#age !== null) readings.age = this.#age
    if (shows) {
      this.#shownAt = now
      if (told && this.#newArrays.size > 0)
        readings.frames = Array.from(this.#newArrays, (c) => frameOf(c, this.#arrays.get(c)!.value))
      if (told && this.#newImages.size > 0)
        readings.images = Array.from(this.#newImages, (c) => ({ c, url: this.#images.get(c)!.value }))
      if (this.#latest !== null)
        readings.latest = {
          json: this.#latest.length <= LATEST_SIZE ? detached(this.#latest) : null,
          size: this.#latest.length,
        }
      this.#newArrays.clear()
      this.#newImages.clear()
      this.#latest = null
    }
    this.#messages = this.#size = 0
    this.#pending = new Map()
    this.#pendingStates = new Map()
    this.#changed.clear()
    return readings
  }

  newestFrames(): FramePart[] {
    return Array.from(this.#arrays, ([c, { at, value }]) => ({ ...frameOf(c, value), at }))
  }

  newestImages(): ImagePart[] {
    return Array.from(this.#images, ([c, { at, value }]) => ({ c, url: value, at }))
  }

  /** @param step ms since the message before it */
  #take(reading: Reading, end: number, step: number, at: number): void {
    let rate: number | null = null
    for (const [name, value] of reading.numbers) {
      const channel = this.#channel(name, 'number', 1, value, at)
      if (!channel) continue
      if (channel.role === 'rate') rate = value
      if (channel.role === 'time') this.#age = ageOf(value, at)
      this.#point(name, end, value)
      if (this.states.has(name)) this.#state(name, end, null)
    }
    for (const [name, values] of reading.arrays) {
      if (!this.#channel(name, 'array', values.length, Number.NaN, at)) continue
      const told = rate === null ? Number.NaN : 1_000 / rate
      const isLikely = told * values.length <= LONGEST_MS
      this.#spread(name, values, end, isLikely ? told : step / values.length)
      this.#arrays.set(name, { at, value: values })
      if (this.#told) this.#newArrays.add(name)
    }
    for (const [name, value] of reading.states)
      if (this.#channel(name, 'state', 1, Number.NaN, at)) {
        this.#state(name, end, value)
        // What was a number until now is none: its line breaks.
        this.#break(name, end)
      }
    for (const [name, url] of reading.images)
      if (url.length <= IMAGE_SIZE && this.#channel(name, 'image', 1, Number.NaN, at)) {
        this.#images.set(name, { at, value: url })
        if (this.#told) this.#newImages.add(name)
      }
    for (const name of reading.nulls) {
      this.#break(name, end)
      if (this.states.has(name)) this.#state(name, end, null)
    }
  }

  #channel(
    name: string,
    kind: Channel['kind'],
    length: number,
    value: number,
    firstAt: number,
  ): Channel | undefined {
    const known = this.#channels.get(name)?.[kind]
    if (known?.length === length) return known
    if (!known && this.#channelCount >= MOST_CHANNELS) return undefined
    const channel: Channel = known
      ? { ...known, length }
      : {
          name,
          kind,
          length,
          firstAt,
          role: kind === 'number' ? roleOf(name, value) : 'value',
          unit: kind === 'number' || kind === 'array' ? unitOf(name) : null,
        }
    this.#replace(known, channel)
    return channel
  }

  /** True once a channel was seen to say something else each time; what was kept of it as states goes. */
  #isText(name: string, value: string): boolean {
    const channel = this.#channels.get(name)?.state
    if (channel?.role === 'text') return true
    let words = this.#words.get(name)
    if (!words) this.#words.set(name, (words = new Set()))
    words.add(value)
    if (words.size <= MOST_STATES || !channel) return false
    this.#words.delete(name)
    this.states.delete(name)
    this.#pendingStates.delete(name)
    this.#replace(channel, { ...channel, role: 'text' })
    return true
  }

  #replace(before: Channel | undefined, channel: Channel): void {
    const { name, kind } = channel
    const named = this.#channels.get(name)
    if (named) named[kind] = channel
    else this.#channels.set(name, { [kind]: channel })
    if (before) this.#changed.delete(before)
    else this.#channelCount += 1
    this.#changed.add(channel)
  }

  #track(name: string): Track {
    let track = this.tracks.get(name)
    if (!track) {
      this.tracks.set(name, (track = new Track()))
      this.#share()
    }
    return track
  }

  #share(): void {
    const share = Math.max(CHANNEL_POINTS, Math.floor(this.#limit / this.tracks.size))
    for (const track of this.tracks.values()) track.limit(share)
  }

  #point(name: string, t: number, value: number): void {
    this.#track(name).add(t, value)
    if (this.#told) this.#pend(name, t, 0, Float64Array.of(value))
  }

  /** A line ends here: what was sent is no number, which is not to say that it was NaN. */
  #break(name: string, t: number): void {
    const track = this.tracks.get(name)
    if (!track || track.brokenAt !== null) return
    track.breakAt(t)
    if (this.#told) this.#pendingOf(name).brokenAt = t
  }

  /** Places an array's values so that they end when their message came, or go on from those before. */
  #spread(name: string, values: Float64Array, end: number, dt: number): void {
    const track = this.#track(name)
    const n = values.length
    const step = Math.max(dt, LEAST_STEP_MS)
    let t0 = end - (n - 1) * step
    const next = track.last === null ? null : track.last + step
    // By the device's own rate the samples follow each other, however unevenly their messages came.
    // Traces that are short beside the time between them stand each where it came.
    const slack = n * step * 2 < this.#interval ? 0 : Math.max(250, 3 * n * step)
    if (next !== null && (next > t0 || next - t0 > -slack)) t0 = next
    if (t0 + (n - 1) * step > end + 1_000) t0 = end - (n - 1) * step
    track.appendEven(t0, step, values)
    if (this.#told) this.#pend(name, t0, step, values)
  }

  #pend(name: string, t0: number, dt: number, values: Float64Array): void {
    const pending = this.#pendingOf(name)
    if (pending.brokenAt !== null) {
      pending.count += 1
      pending.parts.push({ t0: pending.brokenAt, dt: 0, values: Float64Array.of(Number.NaN) })
      pending.brokenAt = null
    }
    pending.count += values.length
    pending.parts.push({ t0, dt, values })
  }

  #pendingOf(name: string): Pending {
    let pending = this.#pending.get(name)
    if (!pending) this.#pending.set(name, (pending = { count: 0, parts: [], brokenAt: null }))
    return pending
  }

  #state(name: string, t: number, value: StateValue): void {
    if (typeof value === 'string' && this.#isText(name, value)) return
    let track = this.states.get(name)
    if (!track) this.states.set(name, (track = new StateTrack()))
    if (!track.append(t, value) || !this.#told) return
    let part = this.#pendingStates.get(name)
    if (!part) this.#pendingStates.set(name, (part = { c: name, t: [], v: [] }))
    part.t.push(t)
    part.v.push(value)
  }
}

function seriesOf(c: string, pending: Pending): SeriesPart {
  const part = pending.count > 0 ? pointsOf(c, pending) : { c, t: '', v: '' }
  return pending.brokenAt === null ? part : { ...part, b: pending.brokenAt }
}

function pointsOf(c: string, { count, parts }: Pending): SeriesPart {
  const t = new Float64Array(count)
  const v = new Float64Array(count)
  let n = 0
  for (const { t0, dt, values } of parts) {
    v.set(values, n)
    for (let i = 0; i < values.length; i++) t[n++] = t0 + i * dt
  }
  const stretches = Math.max(8, Math.ceil((t[count - 1]! - t[0]!) * (LIVE_PER_MS / 2)))
  if (count <= stretches * 2) return { c, t: packNumbers(t), v: packNumbers(v) }
  const few = thin(t, v, stretches)
  const part: SeriesPart = { c, t: packNumbers(few.t), v: packNumbers(few.v) }
  const m = wireMoments(momentsOf(v))
  if (m) part.m = m
  return part
}

function frameOf(c: string, values: Float64Array): FramePart {
  if (values.length <= FRAME_POINTS) return { c, n: values.length, v: packNumbers(values) }
  const index = Float64Array.from({ length: values.length }, (_, i) => i)
  const few = thin(index, values, FRAME_POINTS / 2)
  return { c, n: values.length, v: packNumbers(few.v), i: packNumbers(few.t) }
}

/** How old a message is by the device's own clock; null when the clock cannot be meant. */
function ageOf(value: number, at: number): number | null {
  const time = timeOf(value)
  if (time === null || Math.abs(at - time) > 24 * 3_600_000) return null
  return Math.max(0, at - time)
}
