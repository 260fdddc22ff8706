import { formatDuration } from '#lib/format.ts'
import { LONG_RUN_MS } from '#model/stake.ts'
import { streamsForAnother, type Device } from '#model/device.ts'
import type { Disturbance } from '#protocols/weir/api.ts'
import { WeirError } from '#protocols/weir/client.ts'

export type StreamVerb = 'start' | 'stop'

/** What has to be answered by a person before a stream is started or stopped. */
export interface StreamQuestion {
  verb: StreamVerb | 'disconnect'
  source: string
  id: string
  disturbs: Disturbance
  /** The stream is held by a client outside Weir: starting takes it over. */
  takesOver: boolean
  /** The device whose stream of long would end; null where the relay said whom it would disturb. */
  ends: Device | null
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
    ends: null,
  }
}

/** The question before Weir's own stream ends that has taken data for long; null where it has not. */
export function longStreamQuestion(
  verb: 'stop' | 'disconnect',
  device: Device,
  now: number,
): StreamQuestion | null {
  const { id, source, hold, ownedBy } = device
  const tookMs = hold === null ? 0 : now - hold.since
  if (tookMs < LONG_RUN_MS) return null
  const consequence = `${id} has streamed to Weir for ${formatDuration(tookMs)}. That ends: no data are taken until it is started again. Weir keeps what it has received.`
  return { verb, source, id, disturbs: { owner: ownedBy, consequence }, takesOver: false, ends: device }
}
