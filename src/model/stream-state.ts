/**
 * State of the relay's upstream for one stream (`data-stream-state`).
 * `stalled`: no sign of life though connected; `in_use`: held by another client of the source;
 * `silenced`: open, but its device was stopped by someone else.
 */
export type StreamStateName =
  'none' | 'connecting' | 'open' | 'stalled' | 'in_use' | 'silenced' | 'reconnecting' | 'closed' | 'failed'

export interface StreamState {
  name: StreamStateName
  /** Why, in words for people. */
  reason: string
  /** ms since epoch. */
  since: number
  /** When the next try is due, ms since epoch; null when none is planned. */
  retryAt: number | null
}

export const NO_STREAM: StreamState = { name: 'none', reason: 'no stream yet', since: 0, retryAt: null }
