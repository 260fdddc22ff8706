import type { Clock } from '#lib/clock.ts'
import { report } from '#lib/isolate.ts'
import {
  EMPTY_RECORD,
  reduceDevice,
  type DeviceEvent,
  type DeviceRecord,
  type Readings,
} from '#model/device-events.ts'
import { streamDeviceOf } from '#model/device.ts'
import { partsOf } from '#model/series-parts.ts'
import type { Gap } from '#model/gap.ts'
import type { StateTrack } from '#model/state-track.ts'
import type { Track } from '#model/track.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'
import { deviceTopic, type DeviceTopic } from '#protocols/weir/topics.ts'
import { DeviceSamples, type DeviceMessage } from './device-samples.ts'
import type { Journal } from './journal.ts'
import { ownFault } from './own-fault.ts'

/** What arrives within a tick travels as one event. */
const TICK_MS = 16
/** While nobody listens only the counts of the record are brought up to date, this often. */
const UNTOLD_MS = 1_000
/** Samples that a snapshot brings along; earlier ones are read by range. */
const RECENT = { ms: 60_000, points: 1_500 }
/** The two clocks may go apart by so much without one having been set. */
const SLIP_MS = 50
/** Samples kept of all devices and tasks together. Each has its share of them, and no more than so many. */
const POINTS = { inAll: 24_000_000, perDevice: 4_000_000, ofTasks: 8_000_000, perTask: 100_000 }
/** Devices, and streams of tasks, whose samples are kept; those that streamed longest ago go first. */
const MOST_STREAMED = 3_000

interface Entry {
  topic: DeviceTopic
  record: DeviceRecord
  samples: DeviceSamples
  /** It is the stream by which a task reports. */
  ofTask: boolean
  timer: unknown
  /** When something was received last, by the wall clock and by the one that nobody sets. */
  heard: { at: number; mono: number } | null
  /** The timer is for what may only be told later: what comes before has a tick of its own. */
  late: boolean
}

export interface DeviceBookOptions {
  clock: Clock
  journal: Journal
  /** A topic began: new device. */
  began(topic: DeviceTopic): void
  /** The journal has new events. */
  grew(): void
  /** True while events of a topic are to be journalled: who comes later starts from its snapshot. */
  wants(topic: DeviceTopic): boolean
}

/**
 * The record of what devices streamed: every sample within bounds, and for the pages what a view can show of
 * them, journalled once per tick.
 */
export class DeviceBook {
  readonly #options: DeviceBookOptions
  readonly #entries = new Map<DeviceTopic, Entry>()

  constructor(options: DeviceBookOptions) {
    this.#options = options
  }

  /** Makes a device known, so that its topic exists. */
  know(source: string, id: string): void {
    this.#entry(source, id)
  }

  /** Forgets a device and all that it streamed. */
  drop(source: string, id: string): void {
    const topic = deviceTopic(source, id)
    const entry = this.#entries.get(topic)
    if (!entry) return
    this.#options.clock.clearTimeout(entry.timer)
    this.#entries.delete(topic)
    this.#options.journal.drop(topic)
  }

  record(source: string, id: string): DeviceRecord {
    return this.#entries.get(deviceTopic(source, id))?.record ?? EMPTY_RECORD
  }

  /** Enters messages that were received together, in order. */
  receive(source: string, id: string, messages: readonly DeviceMessage[]): void {
    if (messages.length === 0) return
    const entry = this.#entry(source, id)
    const told = this.#options.wants(entry.topic)
    const now = this.#now(entry)
    this.#safely(entry, () => {
      entry.samples.receive(now, messages, told)
    })
    if (entry.timer !== undefined && !(told && entry.late)) return
    this.#schedule(entry, told ? TICK_MS : UNTOLD_MS, !told)
  }

  /** Enters a hole: the lines of all its channels break there. */
  gap(source: string, id: string, gap: Gap): void {
    const entry = this.#entry(source, id)
    this.#flush(entry)
    entry.samples.breakAt(gap.at)
    this.#append(entry, { k: 'gap', ...gap }, this.#options.wants(entry.topic))
  }

  /** The stream is over: nothing more comes that what waits for its turn could go with. */
  ended(source: string, id: string): void {
    const entry = this.#entries.get(deviceTopic(source, id))
    if (!entry) return
    entry.samples.hurry()
    this.#flush(entry)
    entry.samples.interrupted()
  }

  /** Tells what waits: it would be in a snapshot, and must not come again. */
  settle(topic: DeviceTopic): void {
    const entry = this.#entries.get(topic)
    if (entry) this.#flush(entry)
  }

  /**
   * What a page that begins to watch a device is given; null when there is no such device.
   * @param fault the whole could not be told, and why: the least there is, with these words
   */
  snapshot(topic: DeviceTopic, fault?: string): DeviceSnapshot | null {
    const entry = this.#entries.get(topic)
    if (!entry) return null
    if (fault !== undefined) {
      const gap: Gap = { at: this.#options.clock.now(), cause: 'malformed', text: fault, missed: null }
      return { record: { ...EMPTY_RECORD, gaps: [gap], gapCount: 1 }, recent: null }
    }
    this.#flush(entry)
    const { record, samples } = entry
    if (record.eventAt === null) return { record, recent: null }
    const from = record.eventAt - RECENT.ms
    const recent: Readings = {
      k: 'readings',
      at: record.eventAt,
      messages: 0,
      size: 0,
      // The newest sample goes along however old it is: it is what the channel says.
      series: [...samples.tracks].flatMap(
        ([c, track]) =>
          partsOf(c, track, Math.min(from, track.newestAt ?? from), Infinity, RECENT.points).parts,
      ),
      states: [...samples.states].map(([c, track]) => ({ c, ...track.range(from, Infinity) })),
      frames: samples.newestFrames(),
      images: samples.newestImages(),
    }
    return { record, recent }
  }

  /**
   * Kept samples from `from` to `to` (ms since epoch), about `points` a channel; null for an unknown device.
   * @param wanted names of channels; none: all
   */
  samples(
    source: string,
    id: string,
    range: { from: number; to: number; points: number; channels: readonly string[] },
  ): SamplesAnswer | null {
    const samples = this.#entries.get(deviceTopic(source, id))?.samples
    if (!samples) return null
    const { from, to, points } = range
    const wanted = (c: string) => range.channels.length === 0 || range.channels.includes(c)
    const found = [...samples.tracks].flatMap(([c, track]) =>
      wanted(c)
        ? [{ ...partsOf(c, track, from, to, points), exactFrom: track.exactFrom, whole: track.isWhole }]
        : [],
    )
    const exactFrom = found.reduce<number | null>(
      (latest, part) => (part.exactFrom === null ? latest : Math.max(latest ?? -Infinity, part.exactFrom)),
      null,
    )
    return {
      series: found.flatMap(({ parts }) => parts),
      states: [...samples.states].flatMap(([c, track]) =>
        wanted(c) ? [{ c, ...track.range(from, to) }] : [],
      ),
      exactFrom,
      exact: found.every(
        (part) => !part.thinned && (part.whole || part.exactFrom === null || from >= part.exactFrom),
      ),
    }
  }

  /** The kept samples themselves, for exports; null for an unknown device. */
  tracks(
    source: string,
    id: string,
  ): { tracks: ReadonlyMap<string, Track>; states: ReadonlyMap<string, StateTrack> } | null {
    return this.#entries.get(deviceTopic(source, id))?.samples ?? null
  }

  stop(): void {
    for (const entry of this.#entries.values()) this.#options.clock.clearTimeout(entry.timer)
  }

  #entry(source: string, id: string): Entry {
    const topic = deviceTopic(source, id)
    let entry = this.#entries.get(topic)
    if (!entry) {
      entry = {
        topic,
        record: EMPTY_RECORD,
        samples: new DeviceSamples(),
        ofTask: id.startsWith(streamDeviceOf('')),
        timer: undefined,
        heard: null,
        late: false,
      }
      this.#entries.set(topic, entry)
      this.#options.began(topic)
    }
    return entry
  }

  #flush(entry: Entry): void {
    const { clock, wants } = this.#options
    clock.clearTimeout(entry.timer)
    entry.timer = undefined
    const { samples } = entry
    const first = entry.record.eventAt === null
    const told = wants(entry.topic)
    this.#safely(entry, () => {
      const readings = samples.flush(clock.now(), told)
      if (readings) this.#append(entry, readings, told)
      if (first && readings) this.#share()
    })
    if (samples.dueIn !== null) this.#schedule(entry, Math.max(TICK_MS, samples.dueIn), true)
  }

  #schedule(entry: Entry, ms: number, late: boolean): void {
    const { clock } = this.#options
    clock.clearTimeout(entry.timer)
    entry.late = late
    entry.timer = clock.setTimeout(() => {
      this.#flush(entry)
    }, ms)
  }

  #append(entry: Entry, event: DeviceEvent, told: boolean): void {
    // Written first: what cannot be changes nothing.
    const json = told ? JSON.stringify(event) : ''
    entry.record = reduceDevice(entry.record, [event])
    if (!told) return
    this.#options.journal.append(entry.topic, this.#options.clock.now(), json, 1)
    this.#options.grew()
  }

  /** A fault of Weir's own at one device's messages is said there, and costs nothing else. */
  #safely(entry: Entry, act: () => void): void {
    try {
      act()
    } catch (error) {
      report(error)
      const gap: Gap = {
        at: this.#options.clock.now(),
        cause: 'malformed',
        text: ownFault(error),
        missed: null,
      }
      this.#append(entry, { k: 'gap', ...gap }, this.#options.wants(entry.topic))
    }
  }

  /** Another device began to stream: all that did keep their share of what may be kept. */
  #share(): void {
    const streamed = [...this.#entries.values()].filter(({ record }) => record.eventAt !== null)
    if (streamed.length > MOST_STREAMED) this.#forgetOldest(streamed)
    const tasks = streamed.filter(({ ofTask }) => ofTask)
    const devices = streamed.filter(({ ofTask }) => !ofTask)
    const left = POINTS.inAll - Math.min(POINTS.ofTasks, tasks.length * POINTS.perTask)
    for (const { samples } of tasks) samples.limit(Math.min(POINTS.perTask, POINTS.ofTasks / tasks.length))
    for (const { samples } of devices) samples.limit(Math.min(POINTS.perDevice, left / devices.length))
  }

  #forgetOldest(streamed: Entry[]): void {
    streamed.sort((a, b) => a.record.eventAt! - b.record.eventAt!)
    for (const entry of streamed.slice(0, streamed.length - MOST_STREAMED)) {
      if (this.#options.wants(entry.topic)) continue
      entry.record = EMPTY_RECORD
      entry.samples = new DeviceSamples()
      this.#options.journal.drop(entry.topic)
    }
  }

  /** Now, and never before what was received already, though the clock is set back. */
  #now(entry: Entry): number {
    const { clock } = this.#options
    const mono = clock.monotonic()
    const now = Math.max(clock.now(), entry.heard ? entry.heard.at + (mono - entry.heard.mono) - SLIP_MS : 0)
    entry.heard = { at: now, mono }
    return now
  }
}
