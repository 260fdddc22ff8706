import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Disturbance } from '#protocols/weir/api.ts'
import type { Permission } from '../streams/stream-owner.ts'

/*
 * Whom a device's stream disturbs: LabDaemon gives it to one client, does not ask who owns the device, and stops
 * the device when that client leaves (LabDaemon wire contract §5.2, §5.5).
 */

/** What the server says of a device, as far as it decides. */
export type Use = Pick<DeviceBody, 'device_id' | 'streaming' | 'owned_by'>

/** What a person agreed to when a stream was started. */
export interface Consent {
  /** The task that may be disturbed; null: none. */
  owner: string | null
  /** Another client's stream may be stopped. */
  takeOver: boolean
}

/** Whom Weir would disturb by opening a stream that it does not hold; null: nobody. */
export function startDisturbs({ device_id: id, owned_by: owner, streaming }: Use): Disturbance | null {
  if (owner !== null)
    return {
      owner,
      consequence: streaming
        ? `${owner} owns ${id}, and ${id} streams already. Weir may get nothing, or ${owner} may get no data any more. When Weir leaves, the server stops ${id}, and the data of ${owner} stop with it.`
        : `${owner} owns ${id}. While Weir streams it, ${owner} may get no data from it. When Weir leaves, the server stops ${id}, and the data of ${owner} stop with it.`,
    }
  if (!streaming) return null
  return {
    owner: null,
    consequence: `${id} streams for another client of the server. Weir would stop that stream; that client will get nothing more and is not told.`,
  }
}

/** Whom Weir would disturb by stopping a stream that it holds; null: nobody. */
export function stopDisturbs({ device_id: id, owned_by: owner }: Use, watchers: number): Disturbance | null {
  const sentences = []
  if (owner !== null)
    sentences.push(`${owner} owns ${id}. Stopping the stream stops the data that ${owner} gets from it.`)
  if (watchers > 1) sentences.push(`${watchers} pages watch ${id}. Its data stop for all of them.`)
  return sentences.length > 0 ? { owner, consequence: sentences.join(' ') } : null
}

/** Whom Weir would disturb by stopping a stream that it does not hold; null: nobody. */
export function foreignStopDisturbs({ device_id: id, owned_by: owner, streaming }: Use): Disturbance | null {
  if (!streaming) return null
  return {
    owner,
    consequence:
      owner === null
        ? `${id} streams for another client of the server, not for Weir. That client will get nothing more and is not told.`
        : `${id} streams, but not for Weir, and ${owner} owns it. Stopping it stops the data that ${owner} gets from it.`,
  }
}

/**
 * Whether a stream may be opened with the device as it is just now.
 * @param consent what was agreed to for this start; null when it is opened again after it was lost
 */
export function mayOpen(
  { device_id: id, owned_by: owner, streaming }: Use,
  consent: Consent | null,
): Permission {
  if (owner !== null && owner !== consent?.owner)
    return {
      do: 'end',
      reason: consent
        ? `${owner} has taken ${id} meanwhile`
        : `not opened again: ${owner} owns ${id} now, and might get no data`,
    }
  // The owner's own streaming, most likely: to stop it would stop its data.
  if (!streaming || owner !== null) return { do: 'open' }
  if (!consent) return { do: 'wait' }
  return consent.takeOver
    ? { do: 'take-over' }
    : { do: 'end', reason: 'another client has taken its stream meanwhile' }
}
