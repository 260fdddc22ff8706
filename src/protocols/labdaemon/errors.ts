import { bounded, detached } from '#lib/detached.ts'
import { isNeverSent } from '../unreachable.ts'
import { parsePythonJson } from './json.ts'
import { errorBody, frameworkError, LONGEST_WORDS, timeOf } from './schemas.ts'

/**
 * - `refused`: LabDaemon's own error body, with its type and message.
 * - `framework`: an unknown path, a wrong method, a body it cannot read (404, 405, 422).
 * - `crashed`: plain-text 500; the server itself tripped, the act may have happened.
 * - `foreign`: something answers that is no LabDaemon, or not in its format.
 * - `redirect`: it sends elsewhere; nobody goes there, and nothing happened.
 * - `login`: 401 or 403: what stands before the server does not let Weir in.
 * - `rate`: 429, likewise.
 * - `gateway`: 502 to 504: what stands before the server got no answer from it.
 * - `unaddressable`: an id that no address can name; nothing was sent.
 * - `unreachable`: no connection, or one that broke. Nothing happened only where there was none: `isUnsure`.
 * - `timeout`: connected and silent; the act may still happen.
 */
export type LabDaemonErrorKind =
  | 'refused'
  | 'framework'
  | 'crashed'
  | 'foreign'
  | 'redirect'
  | 'login'
  | 'rate'
  | 'gateway'
  | 'unaddressable'
  | 'unreachable'
  | 'timeout'

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
  /** How long it asked to wait, ms; null when it did not say. */
  readonly retryAfterMs: number | null

  constructor(
    kind: LabDaemonErrorKind,
    type: string,
    message: string,
    details: {
      status?: number
      owner?: string | null
      at?: number | null
      traceback?: string | null
      retryAfterMs?: number | null
    } = {},
  ) {
    super(bounded(message, LONGEST_WORDS))
    this.kind = kind
    this.type = type
    this.status = details.status ?? null
    this.owner = details.owner ?? null
    this.at = details.at ?? null
    this.traceback = details.traceback ?? null
    this.retryAfterMs = details.retryAfterMs ?? null
  }
}

/** True when what was asked may have been done all the same: it was, or may have been, sent. */
export function isUnsure({ kind, type, status }: LabDaemonError): boolean {
  if (kind === 'unreachable') return !isNeverSent(type)
  if (kind === 'foreign') return tellsNothing(status)
  return kind === 'timeout' || kind === 'crashed' || kind === 'gateway'
}

/** A proxy's word that the server did not answer it, or a success that is no LabDaemon's. */
function tellsNothing(status: number | null): boolean {
  return status === null || status < 300 || status >= 500
}

const OWNED_BY = /owned by (?:task )?'([^']+)'/

type Headers = { get(name: string): string | null }
const NO_HEADERS: Headers = { get: () => null }

/**
 * Reads the four error shapes of LabDaemon wire contract §2, and what a gateway before the server answers in its
 * place: a LabDaemon itself has no such statuses.
 */
export function errorFrom(status: number, text: string, headers = NO_HEADERS): LabDaemonError {
  const fromGateway = gatewayError(status, text, headers)
  if (fromGateway) return fromGateway
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

function gatewayError(status: number, text: string, headers: Headers): LabDaemonError | null {
  const said = shortText(text)
  const words = said === null ? '' : ` (“${said}”)`
  switch (status) {
    case 401: {
      const scheme = /^[\w-]+/.exec(headers.get('www-authenticate') ?? '')?.[0]
      const how = scheme ? ` of the kind ${scheme}` : ''
      return new LabDaemonError('login', 'LoginWanted', `HTTP 401: it wants a login${how}${words}`, {
        status,
      })
    }
    case 403:
      return new LabDaemonError('login', 'Forbidden', `HTTP 403: it does not let Weir in${words}`, { status })
    case 429: {
      const retryAfterMs = retryAfter(headers)
      const wait = retryAfterMs === null ? '' : `; it asks to wait ${Math.ceil(retryAfterMs / 1_000)} s`
      const message = `HTTP 429: too many requests${wait}${words}`
      return new LabDaemonError('rate', 'TooManyRequests', message, { status, retryAfterMs })
    }
    case 502:
    case 503:
    case 504:
      return new LabDaemonError(
        'gateway',
        'NoAnswerBehindGateway',
        `HTTP ${status}: what stands before the server got no answer from it${words}`,
        { status },
      )
    default:
      return null
  }
}

/** What an answer says in a sentence; null for markup and for more than that. */
function shortText(text: string): string | null {
  let said: unknown = text
  try {
    const body = JSON.parse(text) as { detail?: unknown; message?: unknown } | null
    said = body?.detail ?? body?.message
  } catch {
    // Plain text.
  }
  if (typeof said !== 'string' || said.length > 2_000) return null
  const line = said.trim().replaceAll(/\s+/g, ' ')
  return line === '' || line.length > 200 || line.startsWith('<') ? null : detached(line)
}

const LONGEST_WAIT_MS = 3_600_000

/** `Retry-After` in seconds, or as a date beside the answer's own, ms. */
function retryAfter(headers: Headers): number | null {
  const named = headers.get('retry-after')?.trim() ?? ''
  const ms = /^\d+$/.test(named)
    ? Number(named) * 1_000
    : Date.parse(named) - Date.parse(headers.get('date') ?? '')
  return Number.isNaN(ms) ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, ms))
}

/** For answers that are no LabDaemon's: says what came, shortly. */
export function foreign(status: number, text: string): LabDaemonError {
  const start = detached(text.trim().slice(0, 80)).replaceAll(/\s+/g, ' ')
  const what = /^<(!doctype|html)/i.test(start) ? 'an HTML page' : start ? `“${start}”` : 'an empty body'
  return new LabDaemonError(
    'foreign',
    'NotLabDaemon',
    `HTTP ${status} with ${what}: this does not look like a LabDaemon server`,
    { status },
  )
}
