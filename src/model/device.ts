import type { Author } from './author.ts'
import { NO_STREAM, type StreamState } from './stream-state.ts'

export interface DeviceError {
  type: string
  message: string
  /** ms since epoch; null when the source does not say. */
  at: number | null
  traceback: string | null
}

/** That Weir holds a device's stream open, by whose word and for how long. Times are ms since epoch. */
export interface StreamHold {
  by: Author
  since: number
  /** Kept so long when nobody watches, ms; null: until stopped. */
  keepMs: number | null
  /** When it will be let go; null while somebody watches, or it is kept until stopped. */
  leaveAt: number | null
  /** Who may be disturbed by it, and why it is kept beyond that all the same; null when there is nothing to say. */
  note: string | null
}

/** What Weir asked of a device and has no answer to yet. */
export interface DeviceBusy {
  /** The command's id in the ledger. */
  command: string
  /** "settle(4)", "connect". */
  text: string
  since: number
}

/** A device of a source as lists show it; what its stream brings is its topic's. Times are ms since epoch. */
export interface Device {
  source: string
  id: string
  type: string
  connected: boolean
  /** As the source said last, whoever it streams for. */
  streaming: boolean
  ownedBy: string | null
  lastError: DeviceError | null
  /** The task this virtual `stream-…` device belongs to; null for real devices. */
  streamOf: string | null
  /** False once the source no longer lists it. */
  onServer: boolean
  /** Weir's own stream of it. */
  stream: StreamState
  /** Null while Weir does not hold its stream. */
  hold: StreamHold | null
  /** By whose word Weir streamed it when it ended, until it is known whether that goes on. */
  heldBefore: StreamHold | null
  busy: DeviceBusy | null
  /** Messages received from its stream per second, over the last few seconds. */
  rate: number
  /** When its stream last brought something. */
  eventAt: number | null
}

/** The name of a device across sources: `lab/daq1`. */
export function deviceKey(device: Pick<Device, 'source' | 'id'>): string {
  return `${device.source}/${device.id}`
}

/** The part of a device that its source does not say: before anything was asked or received. */
export const UNTOUCHED: Pick<Device, 'stream' | 'hold' | 'heldBefore' | 'busy' | 'rate' | 'eventAt'> = {
  stream: NO_STREAM,
  hold: null,
  heldBefore: null,
  busy: null,
  rate: 0,
  eventAt: null,
}

/** True while the device streams, but not for Weir: opening its stream would disturb somebody. */
export function streamsForAnother(device: Pick<Device, 'streaming' | 'hold' | 'stream'>): boolean {
  if (device.stream.name === 'in_use') return true
  return device.streaming && device.hold === null
}
