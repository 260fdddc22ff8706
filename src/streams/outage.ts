import type { RelayState } from './relay-state.ts'

/**
 * What keeps a page from the whole truth, or the record from being kept: `taken`: other tabs hold the connections of
 * this browser; `refused`: Weir wants its token; `stalled`, `reconnecting` and `lost`: no word from Weir;
 * `not-written`: Weir is heard, but its record cannot be written.
 */
export type Outage = 'taken' | 'refused' | 'stalled' | 'reconnecting' | 'lost' | 'not-written'

/**
 * The one outage to speak of, null where all is well: what the page cannot hear comes before what it heard last.
 */
export function outageOf({
  name,
  share,
  refused,
  notWritten,
}: Pick<RelayState, 'name' | 'share' | 'refused' | 'notWritten'>): Outage | null {
  if (share !== null) return 'taken'
  if (refused) return 'refused'
  if (name === 'stalled' || name === 'reconnecting' || name === 'lost') return name
  return notWritten === null ? null : 'not-written'
}
