/*
 * Why no answer came, in words for people, whatever the kind of server.
 */

export interface Unreachable {
  /** What the runtime calls it (`ECONNREFUSED`); null where it has no name for it. */
  code: string | null
  words: string
}

const AUTHORITY =
  'its certificate is of an authority that this machine does not know; NODE_EXTRA_CA_CERTS names the file of one to trust'

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection broken off',
  UND_ERR_SOCKET: 'connection broken off',
  EPIPE: 'connection broken off',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'the name of the host cannot be looked up now',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the host',
  ETIMEDOUT: 'the host does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer',
  SELF_SIGNED_CERT_IN_CHAIN: AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: AUTHORITY,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; the clock of this machine may be wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it speaks no TLS there: an http URL may be meant',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it speaks no TLS there: an http URL may be meant',
}

/** No connection came about: whatever was to be sent never left. */
const NEVER_SENT = new Set(
  Object.keys(WORDS)
    .filter((code) => /CERT|SSL|TLS/.test(code))
    .concat('ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'),
)

/** Reads what fetch failed with. Node hides the cause one level down ("fetch failed" → ECONNREFUSED). */
export function unreachable(error: unknown): Unreachable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = (cause as { code?: unknown } | null)?.code
  const known = typeof code === 'string' && Object.hasOwn(WORDS, code) ? WORDS[code] : undefined
  return {
    code: typeof code === 'string' ? code : null,
    words: known ?? (cause instanceof Error ? cause.message || cause.name : String(cause)),
  }
}

/** True when a failure of this name means that the request never left. */
export function isNeverSent(code: string | null): boolean {
  return code !== null && NEVER_SENT.has(code)
}

/** Where a redirect leads, for people: without what may be a password or a token. Null when it does not say. */
export function redirectTarget(location: string | null, from: string): string | null {
  if (!location || !URL.canParse(location, from)) return null
  const { protocol, host, pathname } = new URL(location, from)
  const text = `${protocol}//${host}${pathname}`
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

/** True for an answer that sends elsewhere. A browser hides its status and address; Node does not. */
export function isRedirect(response: Response): boolean {
  return response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)
}
