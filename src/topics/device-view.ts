import {
  EMPTY_RECORD,
  reduceDevice,
  type Channel,
  type DeviceEvent,
  type DeviceRecord,
} from '#model/device-events.ts'
import { firstTimeOf, HeldSamples } from '#model/held-samples.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'
import type { Place, TopicView } from './view.ts'

/** A snapshot brings the samples of so long along, ms; earlier ones are read by range. */
export const RECENT_MS = 60_000

/** What a Weir that was stopped had received in its last moments may not have lasted, ms. */
const UNSURE_MS = 2_000
const LOST =
  'The newest samples that were shown here did not reach Weir’s record before it was stopped, and are gone'

/** What a page shows of a device's stream beside its samples. */
export interface DeviceViewState {
  record: DeviceRecord
}

/** The samples of a device, and what is known of the records that they are from. */
export class DeviceBulk extends HeldSamples {
  /** When the relay's record began, as it told last; null before it did. ms since epoch. */
  toldFirstAt: number | null = null
  /** What records of before knew, which are no more. */
  earlier: DeviceRecord | null = null
  /** Up to where the samples are of those, ms since epoch. */
  earlierTo = -Infinity
}

/** One device as pages show it. */
export const DEVICE_VIEW: TopicView<DeviceViewState, DeviceEvent, DeviceSnapshot, DeviceBulk> = {
  name: 'devices',
  empty: () => ({ record: EMPTY_RECORD }),
  bulk: () => new DeviceBulk(),
  holds: ({ record }) => record.firstAt !== null,
  begin({ record: before }, { record, recent }, bulk, place) {
    const { toldFirstAt } = bulk
    bulk.toldFirstAt = record.firstAt
    if (before.firstAt === null) {
      bulk.begin(recent)
      return { state: { record }, cut: null }
    }
    const isOther = place.record === 'other' || (toldFirstAt !== null && record.firstAt !== toldFirstAt)
    if (isOther && toldFirstAt !== null) {
      bulk.breakAt(before.eventAt ?? place.at)
      bulk.earlierTo = bulk.lastAt ?? -Infinity
      bulk.earlier = withGap(before, record.firstAt ?? place.at, place)
    }
    const state = { record: bulk.earlier ? joined(bulk.earlier, record) : record }
    if (record.firstAt === null) return { state, cut: null }
    const wasRestarted = place.record === 'restarted'
    let heldTo = before.eventAt ?? place.at
    const isLost = wasRestarted && heldTo > (record.eventAt ?? Infinity)
    if (wasRestarted) {
      heldTo = Math.max(heldTo - UNSURE_MS, bulk.earlierTo)
      bulk.cutAfter(heldTo)
    }
    // Where Weir was started anew its memory begins with that; what it had before is read by range.
    const hasRecent = place.record === 'same' && !isOther
    const recentFrom = hasRecent
      ? (record.eventAt ?? place.at) - RECENT_MS
      : (firstTimeOf(recent) ?? place.at)
    bulk.goOn(recent, heldTo, recentFrom)
    return { state, cut: isLost ? LOST : null }
  },
  reduce({ record }, events, bulk) {
    for (const event of events) {
      if (event.k === 'readings') {
        bulk.toldFirstAt ??= event.at
        bulk.take(event)
      }
      // The line breaks where something is missing.
      else bulk.breakAt(event.at)
    }
    return { record: reduceDevice(record, events) }
  },
}

/** The numbers of one task as pages show them: as what a device streams. */
export const NUMBERS_VIEW: typeof DEVICE_VIEW = { ...DEVICE_VIEW, name: 'numbers' }

/** A record that ends here, while the page holds what it knew. */
function withGap(record: DeviceRecord, at: number, place: Place): DeviceRecord {
  const [cause, text] =
    place.record === 'other'
      ? (['restarted', 'Weir was restarted: what came before is kept by this page alone'] as const)
      : (['evicted', 'Weir let go of what came before: it is kept by this page alone'] as const)
  return reduceDevice(record, [{ k: 'gap', at, cause, text, missed: null }])
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
