import { streamsForAnother, type Device } from '#model/device.ts'
import type { Disturbance } from '#protocols/weir/api.ts'
import { WeirError } from '#protocols/weir/client.ts'

export type StreamVerb = 'start' | 'stop'

/** What has to be answered by a person before a stream is started or stopped. */
export interface StreamQuestion {
  verb: StreamVerb
  source: string
  id: string
  disturbs: Disturbance
  /** The stream is held by a client outside Weir: starting takes it over. */
  takesOver: boolean
}

/**
 * The question to ask, when an attempt without force was turned down because it would disturb somebody; null
 * for every other end of it. The relay judges by the device as it is at that moment, not as a page last saw it.
 */
export function questionOf(verb: StreamVerb, device: Device, error: unknown): StreamQuestion | null {
  if (!(error instanceof WeirError) || error.problem.type !== 'would-disturb') return null
  const { disturbs, detail, title } = error.problem
  const told = disturbs ?? { owner: device.ownedBy, consequence: detail ?? title }
  return {
    verb,
    source: device.source,
    id: device.id,
    disturbs: told,
    takesOver: verb === 'start' && told.owner === null && streamsForAnother(device),
  }
}
