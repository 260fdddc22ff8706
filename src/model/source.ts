import type { Capabilities } from './capabilities.ts'

/**
 * `connecting`: no answer yet; `ok`: answers; `not_answering`: connected but silent (a slow device call, or
 * hung); `unreachable`: no connection; `wrong`: something answers that is no such server; `stopping`: refuses
 * requests while its streams live.
 */
export type SourceStateName =
  | 'connecting'
  | 'ok'
  | 'not_answering'
  | 'unreachable'
  | 'wrong'
  | 'stopping'
  /** It answers, but not to this key. */
  | 'refused'

/** How a source's streams come back when they were lost, and how long each is followed. */
export interface ReconnectSettings {
  /** Tries in a row without anything received; null goes on for ever. */
  retries: number | null
  /** The first delay and the longest, ms. */
  delayMs: number
  mostMs: number
  /** From its first connection on, ms; null: to the end of its task. */
  followMs: number | null
}

/** The longest time for which following can be limited: a timer of the relay holds no more, ms. */
export const LONGEST_FOLLOW_MS = 2_000_000_000

/** The defaults. */
export const USUAL_RECONNECT: ReconnectSettings = {
  retries: null,
  delayMs: 1_000,
  mostMs: 30_000,
  followMs: null,
}

/** Something of a source that cannot be shown as it should be, and why. */
export interface SourceFault {
  /** `task sweep-1`, `device daq1`. */
  item: string
  text: string
}

/** The condition of one configured backend. Times are ms since epoch. */
export interface Source {
  name: string
  /** The name of its kind, as in the configuration. */
  kind: string
  /** What people call a system of that kind. */
  label: string
  capabilities: Capabilities
  /** Shown to people; carries no credentials. */
  url: string
  state: SourceStateName
  /** The same in words, with what to do. */
  detail: string
  since: number
  /** When its task list was last read; a running task was alive then. */
  tasksReadAt: number | null
  /** When its device list was last read. */
  devicesReadAt: number | null
  /** Time the last poll took, ms. */
  latencyMs: number | null
  /** Events received from its streams per second, over the last few seconds. */
  eventsPerSecond: number
  events: number
  openStreams: number
  reconnects: number
  gaps: number
  /** How often the server was seen to have restarted. */
  restarts: number
  lastError: { at: number; text: string } | null
  /**
   * Since when nothing has come over its streams, once that is 3 s; null or absent while something does, and where
   * silence is told by the streams themselves.
   */
  quietSince?: number | null
  /** Its clock minus Weir's, ms; more than 5 s is taken off its times. Absent until it is known. */
  clockAheadMs?: number
  /** What of it cannot be shown as it should be; absent where nothing is amiss. */
  faults?: SourceFault[]
  /** Names that "New task" may suggest, from what was started or listed. */
  taskTypes: string[]
  /** It is emulated inside Weir. */
  embedded: boolean
  /** Absent where a person cannot set it. */
  reconnect?: ReconnectSettings
}

/** True while what the source last said may be out of date. */
export function isSourceStale(source: Pick<Source, 'state'> | undefined): boolean {
  return source !== undefined && source.state !== 'ok' && source.state !== 'connecting'
}

/** True where the source has devices at all. */
export function hasDevices({ capabilities }: Pick<Source, 'capabilities'>): boolean {
  return capabilities.devices === true
}
