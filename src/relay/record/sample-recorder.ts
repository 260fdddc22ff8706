import type { Clock } from '#lib/clock.ts'
import { inBackground, report } from '#lib/isolate.ts'
import { EMPTY_RECORD, type DeviceEvent, type DeviceRecord } from '#model/device-events.ts'
import type { Gap } from '#model/gap.ts'
import { partsOf } from '#model/series-parts.ts'
import type { DeviceMessage, Samples } from '#model/samples.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { StateTrack } from '#model/state-track.ts'
import type { Track } from '#model/track.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import { addressOf } from '#topics/address.ts'
import type { DEVICE } from '#topics/device.ts'
import { NUMBERS } from '#topics/numbers.ts'
import { TASK } from '#topics/task.ts'
import { ownFault } from '../own-fault.ts'
import type { Topic } from './kind-table.ts'
import type { RecordObserver, TopicRecord } from './record.ts'
import { memoryPages, samplesCsv, storedPages } from './samples-csv.ts'
import type { SampleRange } from './store.ts'
import type { Watchers } from './watchers.ts'

/** What may only be told later waits no shorter than a tick of the pages'. */
const TICK_MS = 16
/** While nobody listens only the counts of the record are brought up to date, this often. */
const UNTOLD_MS = 1_000
/** The two clocks may go apart by so much without one having been set. */
const SLIP_MS = 50
/** Samples kept of all devices and tasks together. Each has its share of them, and no more than so many. */
const POINTS: SampleBounds = { inAll: 24_000_000, perDevice: 4_000_000, ofTasks: 8_000_000, perTask: 100_000 }
/** The same where they are kept elsewhere too: for live views and their beginnings. */
const CACHED: SampleBounds = { inAll: 4_000_000, perDevice: 1_000_000, ofTasks: 1_000_000, perTask: 20_000 }
/** Devices, and streams of tasks, whose samples are kept; those that streamed longest ago go first. */
const MOST_STREAMED = 3_000

/** Numbers of samples. */
export interface SampleBounds {
  inAll: number
  perDevice: number
  ofTasks: number
  perTask: number
}

/** Kinds of topics that have samples. */
export type SampledKind = typeof DEVICE | typeof NUMBERS

/** What is under way with one topic's samples. */
interface Entry {
  topic: Topic
  /** For what nobody is told now: the counts of the record, or what may only be told later. */
  timer: unknown
  /** When something was received last, by the wall clock and by the monotonic one. */
  heard: { at: number; mono: number } | null
}

/**
 * Enters what devices and tasks stream: every sample within bounds, and for the pages what a view can show of them,
 * when they are about to be told.
 */
export class SampleRecorder implements RecordObserver {
  readonly #record: TopicRecord
  readonly #clock: Clock
  readonly #watchers: Watchers
  readonly #points: SampleBounds
  readonly #entries = new Map<Topic, Entry>()
  /** What pages wait for. */
  readonly #fresh = new Set<Entry>()

  constructor(record: TopicRecord, watchers: Watchers, points = record.lasts ? CACHED : POINTS) {
    this.#record = record
    this.#clock = record.clock
    this.#watchers = watchers
    this.#points = points
  }

  /** Reads back what the streams of unfinished tasks have brought so far: they go on. */
  async begin(): Promise<void> {
    for (const { key, state } of this.#record.all(TASK))
      if (!isTerminal((state as Task).status)) await this.#record.load(NUMBERS, key.source, key.id)
  }

  /** Makes a topic with samples known, so that it can be watched. */
  know(kind: SampledKind, source: string, id: string): void {
    if (!this.#isAway(kind, source, id)) this.#entry(kind, source, id)
  }

  /** Forgets a topic and all that it streamed. */
  drop(kind: SampledKind, source: string, id: string): void {
    const topic = this.#record.topic(kind, source, id)
    if (topic) this.#record.remove(topic)
  }

  /** A topic went: so does what waits of it, and the numbers of a task go with the task. */
  forgot(topic: Topic, isKept: boolean): void {
    if (topic.kind === TASK && !isKept) this.drop(NUMBERS, topic.key.source, topic.key.id)
    const entry = this.#entries.get(topic)
    if (!entry) return
    this.#clock.clearTimeout(entry.timer)
    this.#entries.delete(topic)
    this.#fresh.delete(entry)
  }

  record(kind: SampledKind, source: string, id: string): DeviceRecord {
    return this.#record.get<{ record: DeviceRecord }>(kind, source, id)?.record ?? EMPTY_RECORD
  }

  /** Enters messages that were received together, in order. */
  receive(kind: SampledKind, source: string, id: string, messages: readonly DeviceMessage[]): void {
    if (messages.length === 0) return
    if (this.#isAway(kind, source, id)) {
      inBackground(
        this.#record.load(kind, source, id).then(() => {
          this.receive(kind, source, id, messages)
        }),
      )
      return
    }
    const entry = this.#entry(kind, source, id)
    const told = this.#watchers.wants(entry.topic.address)
    const now = this.#now(entry)
    this.#safely(entry, () => {
      samplesOf(entry).receive(now, messages, told)
    })
    if (!told) {
      if (entry.timer === undefined) this.#schedule(entry, UNTOLD_MS)
    } else if (!this.#fresh.has(entry)) {
      this.#fresh.add(entry)
      this.#record.grew()
    }
  }

  /** Pages are about to be told: what they wait for is entered. */
  telling(): void {
    for (const entry of this.#fresh) this.#flush(entry)
  }

  /** Enters a hole: the lines of all its channels break there. */
  gap(kind: SampledKind, source: string, id: string, gap: Gap): void {
    const entry = this.#entry(kind, source, id)
    this.#flush(entry)
    samplesOf(entry).breakAt(gap.at)
    this.#append(entry, { k: 'gap', ...gap }, this.#watchers.wants(entry.topic.address))
  }

  /** The stream is over: nothing more comes that what waits for its turn could go with. */
  ended(kind: SampledKind, source: string, id: string): void {
    const topic = this.#record.topic(kind, source, id)
    const entry = topic && this.#entries.get(topic)
    if (!entry) return
    samplesOf(entry).hurry()
    this.#flush(entry)
    samplesOf(entry).interrupted()
  }

  /** Tells what waits: it would be in a snapshot, and must not come again. */
  settling(topic: Topic): void {
    const entry = this.#entries.get(topic)
    if (entry) this.#flush(entry)
  }

  /**
   * Kept samples from `from` to `to` (ms since epoch), about `points` a channel; null for an unknown topic. Where
   * the record lasts they are read from there, unless it cannot be read.
   * @param channels names of channels; none: all
   */
  async samples(
    kind: SampledKind,
    source: string,
    id: string,
    range: SampleRange,
  ): Promise<SamplesAnswer | null> {
    if (!this.#record.knows(kind, source, id)) return null
    const { store } = this.#record.keeper
    if (!store) return this.#inMemory(kind, source, id, range)
    await this.#record.keeper.settled()
    if (this.#record.keeper.problem) return this.#inMemory(kind, source, id, range)
    return store.samples(addressOf(kind.name, source, id), range)
  }

  #inMemory(kind: SampledKind, source: string, id: string, range: SampleRange): SamplesAnswer | null {
    const samples = this.#record.topic(kind, source, id)?.bulk.samples
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

  /** All kept samples of a range as CSV text, piece by piece; null for an unknown topic. */
  async csv(
    kind: SampledKind,
    source: string,
    id: string,
    range: Omit<SampleRange, 'points'>,
  ): Promise<AsyncIterable<string> | null> {
    const topic = await this.#record.load(kind, source, id)
    if (!topic) return null
    const { channels } = recordOf(topic)
    const wanted = (name: string) => range.channels.length === 0 || range.channels.includes(name)
    const { store } = this.#record.keeper
    await this.#record.keeper.settled()
    const pages =
      store && !this.#record.keeper.problem
        ? storedPages(store, topic.address, range)
        : memoryPages(topic.bulk.samples!)
    return samplesCsv(pages, channels, range, wanted)
  }

  /** The kept samples themselves; null for an unknown topic. */
  tracks(
    kind: SampledKind,
    source: string,
    id: string,
  ): { tracks: ReadonlyMap<string, Track>; states: ReadonlyMap<string, StateTrack> } | null {
    return this.#record.topic(kind, source, id)?.bulk.samples ?? null
  }

  stop(): void {
    for (const entry of this.#entries.values()) this.#clock.clearTimeout(entry.timer)
  }

  /** It is to be read back before anything can be entered. */
  #isAway(kind: SampledKind, source: string, id: string): boolean {
    return !this.#record.topic(kind, source, id) && this.#record.knows(kind, source, id)
  }

  #entry(kind: SampledKind, source: string, id: string): Entry {
    const topic = this.#record.topic(kind, source, id) ?? this.#record.begin(kind, { source, id })
    let entry = this.#entries.get(topic)
    if (!entry) {
      entry = { topic, timer: undefined, heard: null }
      this.#entries.set(topic, entry)
    }
    return entry
  }

  #flush(entry: Entry): void {
    this.#clock.clearTimeout(entry.timer)
    entry.timer = undefined
    this.#fresh.delete(entry)
    const samples = samplesOf(entry)
    const first = recordOf(entry.topic).eventAt === null
    const told = this.#watchers.wants(entry.topic.address)
    this.#safely(entry, () => {
      const readings = samples.flush(this.#clock.now(), told)
      if (readings) this.#append(entry, readings, told)
      if (first && readings) this.#share()
    })
    if (samples.dueIn !== null) this.#schedule(entry, Math.max(TICK_MS, samples.dueIn))
  }

  #schedule(entry: Entry, ms: number): void {
    this.#clock.clearTimeout(entry.timer)
    entry.timer = this.#clock.setTimeout(() => {
      this.#flush(entry)
    }, ms)
  }

  #append({ topic: { kind, key } }: Entry, event: DeviceEvent, told: boolean): void {
    this.#record.append(kind, key, [event], told)
  }

  /** A fault of Weir's own at one device's messages is said there, and costs nothing else. */
  #safely(entry: Entry, act: () => void): void {
    try {
      act()
    } catch (error) {
      report(error)
      const gap: Gap = {
        at: this.#clock.now(),
        cause: 'malformed',
        text: ownFault(error),
        missed: null,
      }
      this.#append(entry, { k: 'gap', ...gap }, this.#watchers.wants(entry.topic.address))
    }
  }

  /** Another device began to stream: all that did keep their share of what may be kept. */
  #share(): void {
    const streamed = [...this.#entries.values()].filter(({ topic }) => recordOf(topic).eventAt !== null)
    if (streamed.length > MOST_STREAMED) this.#forgetOldest(streamed)
    const tasks = streamed.filter(({ topic }) => topic.kind === NUMBERS)
    const devices = streamed.filter(({ topic }) => topic.kind !== NUMBERS)
    const { inAll, perDevice, ofTasks, perTask } = this.#points
    const left = inAll - Math.min(ofTasks, tasks.length * perTask)
    for (const entry of tasks) samplesOf(entry).limit(Math.min(perTask, ofTasks / tasks.length))
    for (const entry of devices) samplesOf(entry).limit(Math.min(perDevice, left / devices.length))
  }

  #forgetOldest(streamed: Entry[]): void {
    streamed.sort((a, b) => recordOf(a.topic).eventAt! - recordOf(b.topic).eventAt!)
    for (const { topic } of streamed.slice(0, streamed.length - MOST_STREAMED))
      if (!this.#watchers.wants(topic.address)) this.#record.clear(topic)
  }

  /** Now, and never before what was received already, though the clock is set back. */
  #now(entry: Entry): number {
    const mono = this.#clock.monotonic()
    const now = Math.max(
      this.#clock.now(),
      entry.heard ? entry.heard.at + (mono - entry.heard.mono) - SLIP_MS : 0,
    )
    entry.heard = { at: now, mono }
    return now
  }
}

function samplesOf({ topic }: Entry): Samples {
  return topic.bulk.samples!
}

function recordOf({ state }: Topic): DeviceRecord {
  return (state as { record: DeviceRecord }).record
}
