import type { Fetch } from '#lib/fetch.ts'
import { proxyTarget, TARGET_HEADER } from '#protocols/inference/proxy-target.ts'

export interface ProxyOptions {
  /** The API's address; takes the place of the target's scheme and host. */
  base: string
  key: string | null
  fetch: Fetch
}

/** What front ends of the official SDK call; the key could do more. */
const ROUTES =
  /^\/(apps|run|tasks|flows|flowruns|agents|agent-runs|chats|tools|interrupts|files|sessions|search|suggest)(\/|$)/
const PASSED = ['content-type', 'accept'] as const

/**
 * The official SDK's proxy protocol (inference.sh wire contract §15): the key is added here, a browser's own
 * Authorization is ignored, and a browser that leaves takes its upstream along.
 */
export async function proxy(request: Request, options: ProxyOptions): Promise<Response> {
  const base = new URL(options.base)
  const target = proxyTarget(request.headers.get(TARGET_HEADER), request.url, (url) => url.host === base.host)
  if (!target.ok) return refuse(target.status, target.error)
  const { pathname, search } = target.url
  if (!ROUTES.test(pathname)) return refuse(403, `route not allowed: ${pathname}`)
  if (!options.key) return refuse(401, 'no API key: set INFERENCE_API_KEY where Weir runs')

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
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  let response: Response
  try {
    response = await options.fetch(base.href.replace(/\/$/, '') + pathname + search, {
      method: request.method,
      headers,
      redirect: 'manual',
      signal: abort.signal,
      ...(hasBody ? { body: await request.arrayBuffer() } : {}),
    })
  } catch (error) {
    return refuse(
      502,
      `the service cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const passed = new Headers(response.headers)
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding', 'connection', 'set-cookie'])
    passed.delete(name)
  for (const name of Array.from(passed.keys())) if (name.startsWith('access-control-')) passed.delete(name)
  // Whatever the service answers is data here, never a page of Weir's origin.
  passed.set('content-security-policy', "sandbox; default-src 'none'")
  passed.set('x-content-type-options', 'nosniff')
  passed.set('x-accel-buffering', 'no')
  passed.set('cache-control', 'no-store')
  return new Response(response.body, { status: response.status, headers: passed })
}

function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status })
}
