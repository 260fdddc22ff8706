import { deviceKey, taskOfStream, UNTOUCHED, type Device, type StreamHold } from '#model/device.ts'
import {
  EMPTY_RECORD,
  reduceDevice,
  type DeviceEvent,
  type DeviceRecord,
  type Readings,
} from '#model/device-events.ts'
import { LONGEST_TRACEBACK } from '#protocols/labdaemon/schemas.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'
import type { Samples } from '#model/samples.ts'
import { partsOf } from '#model/series-parts.ts'
import { RECENT_MS } from './device-view.ts'
import type { TopicKind } from './kind.ts'

/** Samples of a channel that a snapshot brings along. */
const RECENT_POINTS = 1_500

/** What is known of a device: its row in lists, null where its source never listed it, and its stream as a whole. */
export interface DeviceState {
  device: Device | null
  record: DeviceRecord
  /** By whose word Weir streamed it when it ended; until it is known whether it goes on. */
  heldBefore?: StreamHold | null
}

/** Its source, or what Weir does with it, says something new of the device itself; null: it is listed no more. */
export interface ListedEvent {
  k: 'listed'
  device: Device | null
}

/** One device: how its source lists it, and what its stream brings. */
export const DEVICE: TopicKind<DeviceState, DeviceEvent | ListedEvent, Device, DeviceSnapshot> = {
  name: 'devices',
  bulk: { samples: true },
  lasts: true,
  // A device has no other record of its error than its row.
  longestText: LONGEST_TRACEBACK,
  empty: () => ({ device: null, record: EMPTY_RECORD }),
  reduce(state, events) {
    let { device } = state
    const { heldBefore = null } = state
    const streamed: DeviceEvent[] = []
    for (const event of events)
      if (event.k === 'listed') device = event.device
      else streamed.push(event)
    return {
      device,
      heldBefore,
      record: streamed.length > 0 ? reduceDevice(state.record, streamed) : state.record,
    }
  },
  row: ({ device }) => device,
  unlisted: ({ record }, { source, id }) =>
    record.eventAt === null
      ? null
      : { ...UNTOUCHED, ...UNLISTED, source, id, streamOf: taskOfStream(id), eventAt: record.eventAt },
  rowKey: deviceKey,
  columns: ({ id, type, onServer, eventAt }) => ({
    status: null,
    type,
    began: 0,
    ended: onServer ? null : (eventAt ?? 0),
    words: `${id} ${type}`.toLowerCase(),
  }),
  snapshot: ({ record }, { samples }) => ({ record, recent: recentOf(record, samples!) }),
  leastSnapshot: (_state, _bulk, text) => {
    const gap = { at: 0, cause: 'malformed', text, missed: null } as const
    return { record: { ...EMPTY_RECORD, gaps: [gap], gapCount: 1 }, recent: null }
  },
  fault: (at, text) => ({ k: 'gap', at, cause: 'malformed', text, missed: null }),
  kept: (events) => events.flatMap((event) => (event.k === 'listed' ? [] : [withoutSamples(event)])),
  newestSample: ({ record }) => record.eventAt,
  cleared: ({ device }) => ({ device, record: EMPTY_RECORD }),
  began: (row) => DEVICE.restored(row, null),
  restored: (row, checkpoint) => ({
    // What Weir itself did with it ended with Weir. Streams of tasks that are over are in no list.
    device: row.streamOf !== null && !row.onServer ? null : { ...row, ...UNTOUCHED, eventAt: row.eventAt },
    record: checkpoint?.record ?? EMPTY_RECORD,
    heldBefore: row.hold,
  }),
}

/** A device of which only the stream is known. */
const UNLISTED = {
  type: '',
  connected: false,
  streaming: false,
  ownedBy: null,
  lastError: null,
  onServer: false,
} as const

function withoutSamples(event: DeviceEvent): DeviceEvent {
  if (event.k === 'gap') return event
  const { k, at, messages, size, channels, age } = event
  return {
    k,
    at,
    messages,
    size,
    ...(channels ? { channels } : {}),
    ...(age === undefined ? {} : { age }),
  }
}

function recentOf(record: DeviceRecord, samples: Samples): Readings | null {
  if (record.eventAt === null) return null
  const from = record.eventAt - RECENT_MS
  return {
    k: 'readings',
    at: record.eventAt,
    messages: 0,
    size: 0,
    // The newest sample goes along however old it is: it is what the channel says.
    series: [...samples.tracks].flatMap(
      ([c, track]) =>
        partsOf(c, track, Math.min(from, track.newestAt ?? from), Infinity, RECENT_POINTS).parts,
    ),
    states: [...samples.states].map(([c, track]) => ({ c, ...track.range(from, Infinity) })),
    frames: samples.newestFrames(),
    images: samples.newestImages(),
  }
}
