import { Problem } from './problem.ts'
import { timestamp } from './wire.ts'

export interface Failure {
  readonly status: number
  /** Seconds, or the time at which to come back. */
  readonly retryAfter?: number | Date | undefined
  /** Only requests whose path contains this; otherwise any of the API, but no file. */
  readonly path?: string | undefined
  /** How many requests fail; 1 by default. */
  readonly times?: number | undefined
}

/** Who gets in: keys, their scopes, rate limits, and failures that tests ask for. */
export class Gate {
  readonly #now: () => number
  readonly #runsPerMinute: number
  readonly #revoked = new Set<string>()
  readonly #scopes = new Map<string, ReadonlySet<string>>()
  readonly #failures: { failure: Failure; left: number }[] = []
  #runs: number[] = []

  constructor(now: () => number, runsPerMinute: number) {
    this.#now = now
    this.#runsPerMinute = runsPerMinute
  }

  revoke(key: string): void {
    this.#revoked.add(key)
  }

  accept(key: string): void {
    this.#revoked.delete(key)
    this.#scopes.delete(key)
  }

  limit(key: string, scopes: readonly string[]): void {
    this.#scopes.set(key, new Set(scopes))
  }

  failNext(failure: Failure): void {
    this.#failures.push({ failure, left: failure.times ?? 1 })
  }

  /** The key of a request, or 401: any that begins with `inf_`. */
  keyOf(request: Request): string {
    const key = /^Bearer\s+(inf_\S*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (key === undefined || this.#revoked.has(key))
      throw new Problem(401, 'unauthorized', 'no valid key in the Authorization header')
    return key
  }

  assertScope(key: string, scope: string | undefined): void {
    const scopes = this.#scopes.get(key)
    if (scope !== undefined && scopes && !scopes.has(scope))
      throw new Problem(403, 'forbidden', `this key lacks the scope ${scope}`)
  }

  /** 429 beyond so many runs a minute (inference.sh wire contract §2). */
  countRun(): void {
    const now = this.#now()
    this.#runs = this.#runs.filter((at) => now - at < 60_000)
    const [oldest] = this.#runs
    if (this.#runs.length >= this.#runsPerMinute && oldest !== undefined)
      throw rateLimited(this.#runsPerMinute, Math.ceil((oldest + 60_000 - now) / 1_000))
    this.#runs.push(now)
  }

  /** The answer to a request that is to fail. */
  failureFor(path: string): Response | Problem | undefined {
    const isFile = /^\/(app\/files|uploads)\//.test(path)
    const index = this.#failures.findIndex(({ failure }) =>
      failure.path === undefined ? !isFile : path.includes(failure.path),
    )
    const entry = this.#failures[index]
    if (!entry) return undefined
    if (--entry.left <= 0) this.#failures.splice(index, 1)
    return this.#answer(entry.failure)
  }

  #answer({ status, retryAfter }: Failure): Response | Problem {
    const headers: Record<string, string> =
      retryAfter === undefined
        ? {}
        : { 'retry-after': retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter) }
    if (status === 500)
      return new Response('internal error', { status, headers: { 'content-type': 'text/plain', ...headers } })
    if (status === 502 || status === 504)
      return new Response(`<html><body>${status} Bad Gateway</body></html>`, {
        status,
        headers: { 'content-type': 'text/html', ...headers },
      })
    const [code, detail] = WORDS[status] ?? ['error', `failed at ${timestamp(this.#now())}`]
    return new Problem(status, code, detail, { headers })
  }
}

function rateLimited(limit: number, seconds: number): Problem {
  return new Problem(429, 'rate_limited', `rate limit of ${limit} runs a minute reached`, {
    headers: { 'retry-after': String(seconds) },
    meta: { resource: 'rate_per_min', limit, current: limit, upgrade_available: true },
  })
}

const WORDS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['invalid_request', 'malformed request'],
  401: ['unauthorized', 'no valid key in the Authorization header'],
  402: ['insufficient_balance', 'The balance of this workspace is too low for this run'],
  403: ['otp_required', 'one-time password required'],
  404: ['not_found', 'not found'],
  409: ['conflict', 'that option is no longer offered'],
  410: ['session_expired', 'session expired'],
  422: ['validation_failed', 'validation failed'],
  429: ['rate_limited', 'slow down'],
  503: ['unavailable', 'maintenance'],
}
