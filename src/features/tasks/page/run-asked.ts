import { isJsonObject, isNumber } from '#lib/exact-json.ts'
import type { RunOptions } from '#protocols/weir/api.ts'

/** What a run was started with beside its input. */
export interface RunAsked {
  /** `namespace/name`, with version or function where they were named. */
  app: string | null
  options: RunOptions
}

const INFRAS = ['cloud', 'private', 'private_first'] as const

/**
 * What another run would need to be the same: Weir's own record of the start where there is one, else what the
 * service says of the task. A time that has passed is left out.
 * @param now ms since epoch
 */
export function askedOf(type: string | null, meta: Readonly<Record<string, unknown>>, now: number): RunAsked {
  const own = meta['asked']
  const kept = isJsonObject(own) ? own : null
  const told: Record<string, unknown> = kept ?? {
    function: meta['function'] === 'run' ? undefined : meta['function'],
    // The usual place need not be named.
    infra: meta['infra'] === 'cloud' ? undefined : meta['infra'],
    setup: meta['setup'],
    session: meta['sessionId'],
    session_timeout: meta['sessionTimeout'],
    run_at: typeof meta['runAt'] === 'number' ? new Date(meta['runAt']).toISOString() : undefined,
  }
  const options: RunOptions = {}
  const infra = INFRAS.find((each) => each === told['infra'])
  const [fn, session, runAt] = [text(told['function']), text(told['session']), text(told['run_at'])]
  const [timeout, cancelAfter] = [positive(told['session_timeout']), positive(told['cancel_after'])]
  if (fn !== null) options.function = fn
  if (isJsonObject(told['setup']) && Object.keys(told['setup']).length > 0) options.setup = told['setup']
  if (infra) options.infra = infra
  if (session !== null) options.session = session
  if (session !== null && timeout !== null) options.session_timeout = timeout
  if (runAt !== null && Date.parse(runAt) > now) options.run_at = runAt
  if (cancelAfter !== null) options.cancel_after = cancelAfter
  return { app: text(kept?.['app']) ?? type, options }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function positive(value: unknown): number | null {
  const number = isNumber(value) ? Number(value) : Number.NaN
  return Number.isFinite(number) && number > 0 ? number : null
}
