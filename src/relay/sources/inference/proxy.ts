import type { Fetch } from '#lib/fetch.ts'
import { isDeeperThan } from '#lib/json-depth.ts'
import { readBounded, tooDeep } from '../../request-body.ts'
import type { CallTable } from '#protocols/inference/proxy-calls.ts'
import { proxyTarget, TARGET_HEADER, TARGET_PARAMETER } from '#protocols/inference/proxy-target.ts'
import { isRedirect, redirectTarget } from '#protocols/unreachable.ts'
import type { ClientProxy } from '../../source-adapter.ts'

interface ProxyOptions {
  /** The API's address; takes the place of the target's scheme and host. */
  base: string
  key: string | null
  fetch: Fetch
  /** What may pass. */
  calls: CallTable
}

const PASSED = ['content-type', 'accept'] as const
const ANSWERED = ['retry-after', 'x-request-id', 'x-total-count', 'link', 'date'] as const
const DATA = /^application\/(?:json|[\w.+-]+\+json|x-ndjson|ndjson)\b|^text\/event-stream\b/i

/** Passes on calls of the official SDK. */
export class SdkProxy implements ClientProxy {
  readonly #options: ProxyOptions

  constructor(options: ProxyOptions) {
    this.#options = options
  }

  isFor({ headers, url }: Request): boolean {
    const target = headers.get(TARGET_HEADER) ?? new URL(url).searchParams.get(TARGET_PARAMETER) ?? ''
    return target.startsWith(`${new URL(this.#options.base).origin}/`)
  }

  pass(request: Request): Promise<Response> {
    return proxy(request, this.#options)
  }
}

/**
 * The official SDK's proxy protocol (inference.sh wire contract §15): the key is added here, a browser's own
 * Authorization is ignored, and a browser that leaves takes its upstream along.
 */
async function proxy(request: Request, options: ProxyOptions): Promise<Response> {
  const base = new URL(options.base)
  const target = proxyTarget(request.headers.get(TARGET_HEADER), request.url, (url) => url.host === base.host)
  if (!target.ok) return refuse(target.status, target.error)
  const { pathname, search } = target.url
  const { method } = request
  if (!options.calls.allows(method, pathname))
    return refuse(403, `call not allowed: ${method} ${pathname}; --allow-call lets Weir pass further ones`)
  if (!options.key) return refuse(401, 'no API key: set INFERENCE_API_KEY where Weir runs')

  const body = await readBounded(request)
  if (body instanceof Response) return body
  if (isText(request) && isDeeperThan(new TextDecoder().decode(body))) return tooDeep()
  const abort = new AbortController()
  request.signal.addEventListener('abort', () => {
    abort.abort()
  })
  const headers = new Headers({ authorization: `Bearer ${options.key}`, 'x-inf-proxy': 'weir' })
  for (const name of PASSED) {
    const value = request.headers.get(name)
    if (value) headers.set(name, value)
  }
  if (!headers.has('accept')) headers.set('accept', 'application/json')
  let response: Response
  try {
    response = await options.fetch(base.href.replace(/\/$/, '') + pathname + search, {
      method,
      headers,
      redirect: 'manual',
      signal: abort.signal,
      ...(body.length > 0 ? { body } : {}),
    })
  } catch (error) {
    return refuse(
      502,
      `the service cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  if (isRedirect(response)) {
    // A browser that followed would show another host's answers as the service's, under Weir's address.
    response.body?.cancel().catch(() => undefined)
    const to = redirectTarget(response.headers.get('location'), base.href)
    return refuse(502, `the service redirects to ${to ?? 'another address'}, where Weir does not go`)
  }
  const passed = new Headers()
  for (const name of ANSWERED) {
    const value = response.headers.get(name)
    if (value !== null) passed.set(name, value)
  }
  // Whatever the service answers is data here, never a page or a script of Weir's origin.
  const type = response.headers.get('content-type') ?? ''
  passed.set('content-type', DATA.test(type) ? type : 'application/octet-stream')
  passed.set('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
  passed.set('x-accel-buffering', 'no')
  return new Response(response.body, { status: response.status, headers: passed })
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status })
}

/** What may be JSON, by its type or for want of one. */
function isText(request: Request): boolean {
  return !/^(?!text\/|application\/(?:[\w.+-]*json|x-www-form-urlencoded)).+\//i.test(
    request.headers.get('content-type') ?? '',
  )
}
