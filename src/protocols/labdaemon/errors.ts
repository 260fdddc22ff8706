import { parsePythonJson } from './json.ts'
import { errorBody, frameworkError, timeOf } from './schemas.ts'

/**
 * - `refused`: LabDaemon's own error body, with its type and message.
 * - `framework`: an unknown path, a wrong method, a body it cannot read (404, 405, 422).
 * - `crashed`: plain-text 500; the server itself tripped, the act may have happened.
 * - `foreign`: something answers that is no LabDaemon, or not in its format.
 * - `unreachable`: no connection, or one that broke. Nothing happened only where there was none: `isUnsure`.
 * - `timeout`: connected and silent; the act may still happen.
 */
export type LabDaemonErrorKind = 'refused' | 'framework' | 'crashed' | 'foreign' | 'unreachable' | 'timeout'

/** Every way a LabDaemon request fails (LabDaemon wire contract §2). */
export class LabDaemonError extends Error {
  override readonly name = 'LabDaemonError'
  readonly kind: LabDaemonErrorKind
  /** HTTP status; null when no answer came. */
  readonly status: number | null
  /** The server's error type, or Weir's word for the kind. */
  readonly type: string
  /** Task that holds the device, when the server named it. */
  readonly owner: string | null
  /** The error's own time, ms since epoch. */
  readonly at: number | null
  readonly traceback: string | null

  constructor(
    kind: LabDaemonErrorKind,
    type: string,
    message: string,
    details: { status?: number; owner?: string | null; at?: number | null; traceback?: string | null } = {},
  ) {
    super(message)
    this.kind = kind
    this.type = type
    this.status = details.status ?? null
    this.owner = details.owner ?? null
    this.at = details.at ?? null
    this.traceback = details.traceback ?? null
  }
}

/** True when what was asked may have been done all the same: it was, or may have been, sent. */
export function isUnsure({ kind, type }: LabDaemonError): boolean {
  if (kind === 'unreachable') return type !== 'ECONNREFUSED' && type !== 'ENOTFOUND'
  return kind === 'timeout' || kind === 'crashed'
}

const OWNED_BY = /owned by (?:task )?'([^']+)'/

/** Reads the four error shapes of LabDaemon wire contract §2. */
export function errorFrom(status: number, text: string): LabDaemonError {
  let body: unknown
  try {
    body = parsePythonJson(text)
  } catch {
    if (status >= 500 && text.trim() === 'Internal Server Error')
      return new LabDaemonError('crashed', 'InternalServerError', 'the server failed to answer (plain 500)', {
        status,
      })
    return foreign(status, text)
  }
  const own = errorBody.safeParse(body)
  if (own.success) {
    const { type, message, context, timestamp, traceback } = own.data.error
    const named = context?.['task_id']
    const owner =
      status === 409 ? (typeof named === 'string' ? named : (OWNED_BY.exec(message)?.[1] ?? null)) : null
    return new LabDaemonError('refused', type, message, {
      status,
      owner,
      at: timeOf(timestamp),
      traceback: traceback ?? null,
    })
  }
  const framework = frameworkError.safeParse(body)
  if (framework.success) {
    const { detail } = framework.data
    const message =
      typeof detail === 'string'
        ? detail
        : detail.map((d) => (d.loc ? `${d.loc.join('.')}: ${d.msg}` : d.msg)).join('; ')
    return new LabDaemonError('framework', status === 422 ? 'InvalidRequest' : 'NotFound', message, {
      status,
    })
  }
  return foreign(status, text)
}

/** For answers that are no LabDaemon's: says what came, shortly. */
export function foreign(status: number, text: string): LabDaemonError {
  const start = text.trim().slice(0, 80).replaceAll(/\s+/g, ' ')
  const what = /^<(!doctype|html)/i.test(start) ? 'an HTML page' : start ? `“${start}”` : 'an empty body'
  return new LabDaemonError(
    'foreign',
    'NotLabDaemon',
    `HTTP ${status} with ${what}: this does not look like a LabDaemon server`,
    { status },
  )
}
