import type { StreamState } from '#model/stream-state.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { SseMessage } from '../../../read-sse.ts'
import type { Waiter } from './stream-queue.ts'

/** What may be done about a stream, told from its device as it is just before. */
export type Permission =
  | { do: 'open' }
  /** The stream of another client is stopped first. */
  | { do: 'take-over' }
  /** It streams for someone: look again later. */
  | { do: 'wait' }
  /** Not any more: the stream is over, and this is why. */
  | { do: 'end'; reason: string }

/** What differs between the streams of tasks and those of devices, and does not change. */
export interface StreamRules {
  /** When the server has no such device: look again (a task may make it late), or that is the end. */
  missing: 'wait' | 'end'
  /** Who may have the stream when the server refuses it, in words. */
  heldBy: string
  /** A stop that somebody else asked the server for is not undone. */
  respectsStops: boolean
  /** How often a minute it is opened again after others stopped it (LabDaemon wire contract §5.3). */
  stoppedPerMinute: number
  /** A task that owns the device is not to lose its data by a stop that nobody agreed to (§5.5). */
  sparesOwners: boolean
}

/** Whose stream it is, a task's or a device's: says what may be done with it, and takes what it brings. */
export interface StreamOwner extends Waiter {
  readonly rules: StreamRules
  /**
   * Asked before every open with what the server says of the device just then.
   * @param tookOver the stream of another client was stopped for it just before
   */
  mayOpen(device: DeviceBody, tookOver: boolean): Permission
  /** The messages of one network chunk, in order. */
  received(messages: readonly SseMessage[]): void
  /** The stream's state has changed. */
  streamChanged(state: StreamState): void
  /** The stream was lost or had to be opened again, and why; `cut`: inside a message. */
  interrupted(cut: boolean, why: string): void
}
