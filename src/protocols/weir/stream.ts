import type { Batch as TaskBatch } from '#model/batch.ts'
import type { CollectionEvent } from '#model/collection.ts'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import type { DeviceEvent, DeviceRecord, Readings } from '#model/device-events.ts'
import type { LogLineKind } from '#model/log-buffer.ts'
import type { Source } from '#model/source.ts'
import type { Task, TaskSummary } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { DeviceTopic, ListTopic, TaskTopic } from './topics.ts'

/*
 * The relay's event stream. SSE events, data always JSON:
 *   hello      Hello      first on every connection
 *   batch      Batch      all that happened to the watched topics in one tick; `id: EPOCH-N`, and on a
 *                         browser's stream `id: ROUTE EPOCH-N`, where ROUTE names the session
 *   heartbeat  Heartbeat  every second, no id
 */

export interface Hello {
  /** The session, or the carrier, that the stream was opened for. */
  session: string
  epoch: string
  version: string
  /** The relay's clock, ms since epoch: the page corrects its own by it. */
  now: number
}

export interface Heartbeat {
  now: number
  /** Why the record is not being written, and since when (ms since epoch); absent while it is. */
  notWritten?: { text: string; since: number }
}

/** What happened, by topic, in order. */
export type Batch = TopicMessage[]

export type TopicMessage =
  | { t: 'tasks'; s: TaskSummary[] }
  | { t: 'tasks'; e: CollectionEvent<TaskSummary>[] }
  | { t: 'sources'; s: Source[] }
  | { t: 'sources'; e: CollectionEvent<Source>[] }
  | { t: 'devices'; s: Device[] }
  | { t: 'devices'; e: CollectionEvent<Device>[] }
  | { t: 'commands'; s: Command[] }
  | { t: 'commands'; e: CollectionEvent<Command>[] }
  | { t: 'batches'; s: TaskBatch[] }
  | { t: 'batches'; e: CollectionEvent<TaskBatch>[] }
  /** `s`: start from this snapshot; null: no such task. */
  | { t: TaskTopic; s: TaskSnapshot | null }
  | { t: TaskTopic; e: TaskEvent[] }
  /** `s`: start from this snapshot; null: no such device. */
  | { t: DeviceTopic; s: DeviceSnapshot | null }
  | { t: DeviceTopic; e: DeviceEvent[] }

/** What a page that begins to watch a task is given. */
export interface TaskSnapshot {
  task: Task
  /** The newest log lines, ending at `log.total`. */
  tail: WireLines
}

/** What a page that begins to watch a device is given. */
export interface DeviceSnapshot {
  record: DeviceRecord
  /** The newest samples, thinned; earlier ones are read by range. Its counts are in `record` already. */
  recent: Readings | null
}

export type ListItem = {
  tasks: TaskSummary
  sources: Source
  devices: Device
  commands: Command
  batches: TaskBatch
}
export type ListMessage<K extends ListTopic> =
  { t: K; s: ListItem[K][] } | { t: K; e: CollectionEvent<ListItem[K]>[] }

/** Log lines in columns; `first` is the absolute number of the first. `kinds` are indexes of LOG_LINE_KINDS. */
export interface WireLines {
  first: number
  at: number[]
  kinds: number[]
  texts: string[]
}

export type { LogLineKind }
