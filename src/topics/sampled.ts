import { EMPTY_RECORD, type DeviceEvent, type DeviceRecord, type Readings } from '#model/device-events.ts'
import type { Samples } from '#model/samples.ts'
import { partsOf } from '#model/series-parts.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'
import { RECENT_MS } from './device-view.ts'

/** Samples of a channel that a snapshot brings along. */
const RECENT_POINTS = 1_500

/** What topics with samples tell of them to a page that begins to watch. */
export function sampledSnapshot(record: DeviceRecord, samples: Samples): DeviceSnapshot {
  return { record, recent: recentOf(record, samples) }
}

/** The least of it, with the words why. */
export function leastSampledSnapshot(text: string): DeviceSnapshot {
  const gap = { at: 0, cause: 'malformed', text, missed: null } as const
  return { record: { ...EMPTY_RECORD, gaps: [gap], gapCount: 1 }, recent: null }
}

/** An event as it is kept: its samples are in the record by themselves. */
export function withoutSamples(event: DeviceEvent): DeviceEvent {
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
