import { problem } from './problem.ts'

export interface GuardOptions {
  /** Host names (no port) under which Weir may be asked; loopback names and IP literals always may. */
  hosts: readonly string[]
  /** Other origins whose pages may use the API, `https://host[:port]`. */
  allowOrigins: readonly string[]
  /** When set, every request must carry it: any host but loopback. */
  token: string | null
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])
const IP_LITERAL = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i

/**
 * Stands before everything the relay serves. The Host check keeps a foreign page from reaching Weir by a name
 * of its own (DNS rebinding), the Origin check from sending commands, the token keeps the rest of the network
 * out.
 */
export function guard(
  options: GuardOptions,
  handle: (request: Request) => Response | Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url)
    if (!isHostAllowed(url.hostname, options.hosts))
      return problem(403, 'forbidden-host', `Weir does not answer to the name ${url.hostname}`)

    const origin = request.headers.get('origin')
    const foreign = origin !== null && origin !== url.origin
    const allowed = origin !== null && options.allowOrigins.includes(origin)
    if (foreign && !allowed)
      return problem(
        403,
        'forbidden-origin',
        `Pages of ${origin} may not use this Weir; --allow-origin ${origin} would allow them`,
      )
    if (!origin && request.headers.get('sec-fetch-site') === 'cross-site' && !isNavigation(request))
      return problem(403, 'forbidden-origin', 'Another site may not read from this Weir')

    const cors: Record<string, string> = foreign
      ? {
          'access-control-allow-origin': origin,
          'access-control-allow-credentials': 'true',
          vary: 'origin',
        }
      : {}
    if (foreign && request.method === 'OPTIONS')
      return new Response(null, {
        status: 204,
        headers: {
          ...cors,
          'access-control-allow-methods': 'GET, POST, PUT, DELETE',
          'access-control-allow-headers':
            request.headers.get('access-control-request-headers') ?? 'content-type',
          'access-control-max-age': '600',
        },
      })

    if (options.token !== null && url.pathname !== '/api/health') {
      const given = url.searchParams.get('token')
      if (given !== null && equal(given, options.token) && isNavigation(request)) {
        url.searchParams.delete('token')
        return new Response(null, {
          status: 303,
          headers: {
            location: url.pathname + url.search,
            'set-cookie': `${cookieName(url)}=${encodeURIComponent(options.token)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000`,
          },
        })
      }
      const token = options.token
      if (![given, ...tokensOf(request, url)].some((each) => each && equal(each, token)))
        return unauthorised(request)
    }
    const response = await handle(request)
    for (const [name, value] of Object.entries(cors)) response.headers.set(name, value)
    return response
  }
}

function isHostAllowed(hostname: string, hosts: readonly string[]): boolean {
  const name = hostname.toLowerCase()
  return LOOPBACK.has(name) || IP_LITERAL.test(name) || name.endsWith('.localhost') || hosts.includes(name)
}

function isNavigation(request: Request): boolean {
  const mode = request.headers.get('sec-fetch-mode')
  return mode === null ? request.method === 'GET' : mode === 'navigate'
}

/** Ports share their cookies: each Weir of a host has its own. */
function cookieName(url: URL): string {
  return `weir_token_${url.port || '80'}`
}

/** What a request says it may: a bearer's and the cookie's. */
function tokensOf(request: Request, url: URL): string[] {
  const tokens: string[] = []
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer) tokens.push(bearer)
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=')
    if (part.slice(0, at).trim() !== cookieName(url)) continue
    try {
      tokens.push(decodeURIComponent(part.slice(at + 1).trim()))
    } catch {
      // Not one of ours.
    }
  }
  return tokens
}

/** Takes the same time wherever the first difference is. */
function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < b.length; i++) difference |= a.charCodeAt(i % (a.length || 1)) ^ b.charCodeAt(i)
  return difference === 0
}

function unauthorised(request: Request): Response {
  const words = 'This Weir needs its token: open the URL that it printed when it started.'
  if (!isNavigation(request) || !request.headers.get('accept')?.includes('text/html'))
    return problem(401, 'token-needed', words)
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Weir</title><body style="font:15px system-ui;max-width:36rem;margin:20vh auto;padding:0 1rem"><h1 style="font-size:1.2rem">Weir</h1><p>${words}</p></body></html>`,
    { status: 401, headers: { 'content-type': 'text/html; charset=utf-8' } },
  )
}
