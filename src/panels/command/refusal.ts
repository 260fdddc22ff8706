import type { Requirement } from '#model/command.ts'
import { WeirError } from '#protocols/weir/client.ts'

/** A refusal in the server's own words. */
export interface Refusal {
  type: string
  message: string
  /** The task that holds the device, when the server named it. */
  owner: string | null
  /** What has to be there first, where the source listed it. */
  requirements?: readonly Requirement[]
}

/** What an error thrown by the relay's client says of why. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof WeirError)) return { type: 'Error', message: String(error), owner: null }
  const { type, title, detail, source, requirements } = error.problem
  const own = detail ? title : type === 'about:blank' ? 'Error' : type
  return {
    ...(source ?? { type: own, message: detail ?? title, owner: null }),
    ...(requirements ? { requirements } : {}),
  }
}
