import { EMPTY_RECORD, reduceDevice, type DeviceEvent, type DeviceRecord } from '#model/device-events.ts'
import type { DeviceSnapshot } from '#protocols/weir/stream.ts'
import type { TopicKind } from './kind.ts'
import { leastSampledSnapshot, sampledSnapshot, withoutSamples } from './sampled.ts'

/** What is known of a task's numbers as a whole; the samples are beside it. */
export interface NumbersState {
  record: DeviceRecord
}

/** All that is kept as their row: they are in no list of their own. */
interface NumbersRow {
  source: string
  id: string
  /** When the newest came, ms since epoch. */
  eventAt: number
}

/**
 * The numbers that a task's stream brings beside its progress, by the task's id. They are a topic of their own, since
 * few who watch a task look at them: a page that shows a bar or a log is told none. They go with their task.
 */
export const NUMBERS: TopicKind<NumbersState, DeviceEvent, NumbersRow, DeviceSnapshot> = {
  name: 'numbers',
  bulk: { samples: true },
  lasts: true,
  empty: () => ({ record: EMPTY_RECORD }),
  reduce: ({ record }, events) => ({ record: reduceDevice(record, events) }),
  row: () => null,
  unlisted: ({ record: { eventAt } }, { source, id }) => (eventAt === null ? null : { source, id, eventAt }),
  hasRow: ({ record }) => record.eventAt !== null,
  rowKey: ({ source, id }) => `${source}/${id}`,
  // Whether their task goes on is the task's to say: nothing is read back before somebody asks.
  columns: ({ eventAt }) => ({ status: null, type: null, began: 0, ended: eventAt, words: '' }),
  snapshot: ({ record }, { samples }) => sampledSnapshot(record, samples!),
  leastSnapshot: (_state, _bulk, words) => leastSampledSnapshot(words),
  fault: (at, text) => ({ k: 'gap', at, cause: 'malformed', text, missed: null }),
  kept: (events) => events.map(withoutSamples),
  newestSample: ({ record }) => record.eventAt,
  cleared: () => ({ record: EMPTY_RECORD }),
  began: () => ({ record: EMPTY_RECORD }),
  restored: (_row, checkpoint) => ({ record: checkpoint?.record ?? EMPTY_RECORD }),
}
