import type { Batch as TaskBatch } from '#model/batch.ts'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import type { DeviceRecord, Readings } from '#model/device-events.ts'
import type { Source } from '#model/source.ts'
import type { Task, TaskSummary } from '#model/task.ts'

/*
 * The relay's event stream. SSE events, data always JSON:
 *   hello      Hello      first on every connection
 *   batch      Batch      all that happened to the watched topics in one tick; its id
 *                         (`readMessageId`) says of which record it is and up to where, and on a browser's stream
 *                         which session it is for: `ROUTE ID`
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

/** What the id of a message says: `EPOCH-BOOT-N`, or `EPOCH-N` where the record does not last. */
export interface MessageId {
  /** Names the record. */
  epoch: string
  /** Counts the starts of Weir on this record; empty where it does not last. */
  boot: string
}

/** Reads the id of a message, without the name of its session. */
export function readMessageId(id: string): MessageId {
  const parts = id.split('-')
  return { epoch: parts[0]!, boot: parts.length > 2 ? parts[1]! : '' }
}

/** What happened, by topic, in order. */
export type Batch = TopicMessage[]

/**
 * `t`: the address of a topic, or the name of a list. `s`: start from this snapshot, whose shape is the kind's; null:
 * there is no such topic. `e`: events, in order.
 */
export type TopicMessage = { t: string; s: unknown } | { t: string; e: readonly unknown[] }

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

/** The rows of each live list, by its name. */
export interface ListItem {
  tasks: TaskSummary
  sources: Source
  devices: Device
  commands: Command
  batches: TaskBatch
}

/** Log lines in columns; `first` is the absolute number of the first. `kinds` are indexes of LOG_LINE_KINDS. */
export interface WireLines {
  first: number
  at: number[]
  kinds: number[]
  texts: string[]
}
