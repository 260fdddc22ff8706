import { deviceKey, UNTOUCHED, type Device } from '#model/device.ts'
import { EMPTY_RECORD, reduceDevice, type DeviceEvent, type DeviceRecord } from '#model/device-events.ts'
import { LONGEST_TRACEBACK } from '#model/task.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'
import type { TopicKind } from './kind.ts'
import { leastSampledSnapshot, sampledSnapshot, withoutSamples } from './sampled.ts'

/** What is known of a device: its row in lists, null where its source never listed it, and its stream as a whole. */
export interface DeviceState {
  device: Device | null
  record: DeviceRecord
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
    const streamed: DeviceEvent[] = []
    for (const event of events)
      if (event.k === 'listed') device = event.device
      else streamed.push(event)
    return {
      device,
      record: streamed.length > 0 ? reduceDevice(state.record, streamed) : state.record,
    }
  },
  row: ({ device }) => device,
  unlisted: ({ record }, { source, id }) =>
    record.eventAt === null ? null : { ...UNTOUCHED, ...UNLISTED, source, id, eventAt: record.eventAt },
  hasRow: ({ device, record }) => device !== null || record.eventAt !== null,
  rowKey: deviceKey,
  columns: ({ id, type, onServer, eventAt }) => ({
    status: null,
    type,
    began: 0,
    ended: onServer ? null : (eventAt ?? 0),
    words: `${id} ${type}`.toLowerCase(),
  }),
  snapshot: ({ record }, { samples }) => sampledSnapshot(record, samples!),
  leastSnapshot: (_state, _bulk, words) => leastSampledSnapshot(words),
  fault: (at, text) => ({ k: 'gap', at, cause: 'malformed', text, missed: null }),
  kept: (events) => events.flatMap((event) => (event.k === 'listed' ? [] : [withoutSamples(event)])),
  newestSample: ({ record }) => record.eventAt,
  cleared: ({ device }) => ({ device, record: EMPTY_RECORD }),
  began: (row) => DEVICE.restored(row, null),
  restored: (row, checkpoint) => ({
    // Streams of tasks that are over are in no list.
    device: row.streamOf !== null && !row.onServer ? null : resumedDevice(row),
    record: checkpoint?.record ?? EMPTY_RECORD,
  }),
}

/** What Weir itself did with a device ended with Weir, but for the word by which it streamed it. */
function resumedDevice(row: Device): Device {
  const { eventAt, hold, heldBefore } = row
  return { ...row, ...UNTOUCHED, eventAt, heldBefore: hold ?? heldBefore ?? null }
}

/** A device of which only the stream is known. */
const UNLISTED = {
  type: '',
  connected: false,
  streaming: false,
  ownedBy: null,
  lastError: null,
  streamOf: null,
  onServer: false,
} as const
