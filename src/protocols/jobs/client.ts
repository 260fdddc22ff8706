import { realClock, type Clock } from '#lib/clock.ts'
import { bounded } from '#lib/detached.ts'
import { parseExact } from '#lib/exact-json.ts'
import type { Fetch } from '#lib/fetch.ts'
import { withinDepth } from '#lib/json-depth.ts'
import { isNeverSent, isRedirect, redirectTarget, unreachable } from '../unreachable.ts'

/** How long an answer may take, ms, and its characters (contract §1). */
const PATIENCE_MS = 15_000
const LONGEST_BODY = 16 * 1024 * 1024

/**
 * `unreachable`: no connection; `timeout`: no answer in time; `redirect`: it sends elsewhere; `login`: it lets nobody
 * in without one; `status`: another refusal; `foreign`: no JSON, or no stream; `large`: more than Weir reads at once.
 */
export type JobsErrorKind = 'unreachable' | 'timeout' | 'redirect' | 'login' | 'status' | 'foreign' | 'large'

/** Why a server of jobs could not be asked, in words for people. */
export class JobsError extends Error {
  override readonly name = 'JobsError'
  readonly kind: JobsErrorKind
  /** HTTP status; null when no answer came. */
  readonly status: number | null
  /** What was asked may have been done all the same. */
  readonly isUnsure: boolean

  constructor(kind: JobsErrorKind, message: string, status: number | null = null, isUnsure = false) {
    super(message)
    this.kind = kind
    this.status = status
    this.isUnsure = isUnsure
  }
}

/**
 * The way to a server of jobs: every failure is a JobsError, nothing is sent twice, no redirect is followed, and no
 * answer is read beyond its bounds (contract §1).
 */
export class JobsClient {
  readonly #fetch: Fetch
  readonly #clock: Clock
  readonly #secrets: readonly string[]

  /** @param secrets texts that let Weir in: a server that repeats them must not carry them to a page */
  constructor(fetch: Fetch, clock: Clock = realClock, secrets: readonly string[] = []) {
    this.#fetch = fetch
    this.#clock = clock
    this.#secrets = secrets
  }

  /** The JSON that stands there; numbers stay as they were written. */
  async json(url: string): Promise<unknown> {
    const text = await this.#text('GET', url, 'application/json')
    try {
      return parseExact(withinDepth(text))
    } catch {
      throw new JobsError('foreign', `what answers is no JSON: ${shown(text)}`, 200)
    }
  }

  /** The text that stands there. */
  text(url: string): Promise<string> {
    return this.#text('GET', url, 'text/plain, */*')
  }

  /** Asks for something to be done. */
  async send(method: string, url: string): Promise<void> {
    await this.#text(method, url, 'application/json, */*')
  }

  /** Opens an event stream, which is the caller's to read. @param lastId of its last message that was read before */
  async stream(url: string, lastId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: 'text/event-stream', ...(lastId ? { 'last-event-id': lastId } : {}) }
    const response = await this.#ask(url, { headers, signal })
    if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream'))
      return response.body
    response.body?.cancel().catch(() => undefined)
    throw new JobsError('foreign', 'what answers is no event stream', response.status)
  }

  /** Without the texts that let Weir in. */
  clean(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
  }

  async #text(method: string, url: string, accept: string): Promise<string> {
    const abort = new AbortController()
    const timer = this.#clock.setTimeout(() => {
      abort.abort(new JobsError('timeout', `no answer within ${PATIENCE_MS / 1_000} s`, null, true))
    }, PATIENCE_MS)
    try {
      const response = await this.#ask(url, { method, headers: { accept }, signal: abort.signal })
      return this.clean(await readText(response))
    } catch (error) {
      throw failure(abort.signal.aborted ? abort.signal.reason : error)
    } finally {
      this.#clock.clearTimeout(timer)
    }
  }

  async #ask(url: string, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await this.#fetch(url, { ...init, redirect: 'manual' })
    } catch (error) {
      throw failure(error)
    }
    const { status } = response
    if (response.ok) return response
    if (isRedirect(response)) {
      response.body?.cancel().catch(() => undefined)
      const to = redirectTarget(response.headers.get('location'), url)
      throw new JobsError(
        'redirect',
        this.clean(`it redirects to ${to ?? 'another address'}`),
        status || null,
      )
    }
    const words = `it answers ${status}${shown(this.clean(await readText(response).catch(() => '')), ': ')}`
    const isLogin = status === 401 || status === 403 || status === 407
    throw new JobsError(isLogin ? 'login' : 'status', words, status, status >= 500)
  }
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  const parts: string[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return parts.join('') + decoder.decode()
    const part = decoder.decode(value, { stream: true })
    parts.push(part)
    length += part.length
    if (length > LONGEST_BODY) {
      reader.cancel().catch(() => undefined)
      throw new JobsError(
        'large',
        `its answer is larger than ${LONGEST_BODY / 1024 / 1024} MB`,
        response.status,
      )
    }
  }
}

/** The beginning of what a server said, on one line. */
function shown(text: string, before = ''): string {
  const line = text.slice(0, 400).replaceAll(/\s+/g, ' ').trim()
  return line === '' ? '' : `${before}${bounded(line, 200)}`
}

function failure(error: unknown): JobsError {
  if (error instanceof JobsError) return error
  const { code, words } = unreachable(error)
  return new JobsError('unreachable', words, null, !isNeverSent(code))
}
