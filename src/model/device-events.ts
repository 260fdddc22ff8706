import type { Gap } from './gap.ts'
import type { StateValue } from './state-track.ts'

/**
 * `number`: a scalar a message; `array`: many numbers a message; `state`: strings and booleans; `image`: data
 * URLs. A name may be of several kinds, one after another or at once.
 */
export type ChannelKind = 'number' | 'array' | 'state' | 'image'

/**
 * What a channel is for, told from its name and values: `counter` counts messages or steps,
 * `time` is the device's own clock, `rate` its samples per second, `text` says something else each time and
 * is no state: it is in the newest message only.
 */
export type ChannelRole = 'value' | 'counter' | 'time' | 'rate' | 'text'

/** One named thing that a device's messages carry. Times are ms since epoch. */
export interface Channel {
  /** Path in the message, `channels.ai0` or `[3]`; the empty string for a bare value. */
  name: string
  kind: ChannelKind
  role: ChannelRole
  /** Unit told from the name ("power_mw"); null when there is none. */
  unit: string | null
  /** Length of the newest array; 1 for all else. */
  length: number
  firstAt: number
}

/**
 * Samples of one channel in order of time (ms since epoch); NaN as a value breaks the line. Numbers are packed
 * (`#lib/pack.ts`).
 */
export interface SeriesPart {
  c: string
  /** Packed values. */
  v: string
  /** Packed times, one of each. */
  t: string
  /** When the line broke after them, where it did: nothing was sent, not even NaN. */
  b?: number
  /** Number, mean and sum of squared deviations of the samples received, where only some of them go along. */
  m?: [n: number, mean: number, m2: number]
}

/** The newest array of a channel, for views in which each message replaces the one before. */
export interface FramePart {
  c: string
  /** Its length as received. */
  n: number
  v: string
  /** Packed indexes where it was thinned; without: 0, 1, 2 … */
  i?: string
  /** When it was received, where that was before the newest message. */
  at?: number
}

/** The newest picture of a channel. */
export interface ImagePart {
  c: string
  url: string
  /** When it was received, where that was before the newest message. */
  at?: number
}

/** Changes of a channel of strings or booleans, in order of time. */
export interface StatePart {
  c: string
  t: number[]
  v: StateValue[]
}

/** What the messages of one tick brought, thinned to what a view can show. */
export interface Readings {
  k: 'readings'
  /** When the newest of them was received, ms since epoch. */
  at: number
  messages: number
  /** Characters of JSON. */
  size: number
  /** Channels that are new or changed, whole. */
  channels?: Channel[]
  series?: SeriesPart[]
  frames?: FramePart[]
  states?: StatePart[]
  images?: ImagePart[]
  /** The newest message as it came; null when it is too long to go along (read it with `/raw`). */
  latest?: { json: string | null; size: number }
  /** How old the newest message was by the device's own clock, ms; where messages carry one. */
  age?: number
}

/** One change of a device's topic. */
export type DeviceEvent = Readings | ({ k: 'gap' } & Gap)

/** What is known of a device's stream as a whole; the samples are beside it. Times are ms since epoch. */
export interface DeviceRecord {
  channels: readonly Channel[]
  messages: number
  /** Characters of JSON received. */
  size: number
  firstAt: number | null
  eventAt: number | null
  latest: { json: string | null; size: number; at: number } | null
  age: number | null
  /** The newest gaps; `gapCount` counts all. */
  gaps: readonly Gap[]
  gapCount: number
  /** Messages missed, where the device counts them. */
  missed: number
}

/** The newest gaps kept with a record. */
const GAPS_KEPT = 200

export const EMPTY_RECORD: DeviceRecord = {
  channels: [],
  messages: 0,
  size: 0,
  firstAt: null,
  eventAt: null,
  latest: null,
  age: null,
  gaps: [],
  gapCount: 0,
  missed: 0,
}

/** Folds events into a record; samples are the caller's to keep. */
export function reduceDevice(record: DeviceRecord, events: readonly DeviceEvent[]): DeviceRecord {
  let next = record
  for (const event of events) {
    if (event.k === 'gap') {
      const { k: _, ...gap } = event
      next = {
        ...next,
        gaps: [...next.gaps, gap].slice(-GAPS_KEPT),
        gapCount: next.gapCount + 1,
        missed: next.missed + (gap.missed ?? 0),
      }
      continue
    }
    const { at, messages, size, channels, latest, age } = event
    next = {
      ...next,
      channels: channels ? withChannels(next.channels, channels) : next.channels,
      messages: next.messages + messages,
      size: next.size + size,
      firstAt: next.firstAt ?? at,
      eventAt: at,
      latest: latest ? { ...latest, at } : next.latest,
      age: age ?? next.age,
    }
  }
  return next
}

function withChannels(before: readonly Channel[], changed: readonly Channel[]): readonly Channel[] {
  const next = [...before]
  for (const channel of changed) {
    const index = next.findIndex(({ name, kind }) => name === channel.name && kind === channel.kind)
    if (index < 0) next.push(channel)
    else next[index] = channel
  }
  return next
}
