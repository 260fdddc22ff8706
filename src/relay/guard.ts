import { realClock, type Clock } from '#lib/clock.ts'
import { problem } from './problem.ts'
import { wantsCode } from './safe-headers.ts'
import { addressGroup, TokenGuesses } from './token-guesses.ts'

export interface GuardOptions {
  /** Host names (no port) under which Weir may be asked; loopback names and IP literals always may. */
  hosts: readonly string[]
  /** Other origins whose pages may use the API, `https://host[:port]`. */
  allowOrigins: readonly string[]
  /** When set, every request must carry it: any host but loopback. */
  token: string | null
  clock?: Pick<Clock, 'monotonic'>
}

/** Who is at the other end of the connection. */
export interface Peer {
  /** IP address; null where there is none, as inside one process. */
  address: string | null
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
): (request: Request, peer?: Peer) => Promise<Response> {
  const guesses = new TokenGuesses(options.clock ?? realClock)
  return async (request, peer) => {
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
    if (url.pathname.startsWith('/api/') && wantsCode(request))
      return problem(403, 'only-data', 'What the API answers is data, never a script, a style or a frame')
    if (!isDecodable(url.pathname))
      return problem(400, 'bad-path', 'The path holds a % that begins no UTF-8 character')

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
      const refused = admit(request, url, options.token, guesses, addressGroup(peer?.address ?? ''))
      if (refused) return refused
    }
    const response = await handle(request)
    for (const [name, value] of Object.entries(cors)) response.headers.set(name, value)
    return response
  }
}

/** Null when the request carries the token; else the answer, which may also be the way in (a cookie). */
function admit(
  request: Request,
  url: URL,
  token: string,
  guesses: TokenGuesses,
  address: string,
): Response | null {
  const typed = [url.searchParams.get('token'), bearerOf(request)].filter((each) => each !== null)
  let wait = 0
  // Told apart, so that who guesses does not shut out the open pages of the same address.
  for (const [way, values] of [
    [`${address} cookie`, cookiesOf(request, url)],
    [`${address} typed`, typed],
  ] as const) {
    if (values.length === 0) continue
    const blocked = guesses.wait(way)
    wait = Math.max(wait, blocked)
    if (blocked > 0) continue
    if (values.some((value) => equal(value, token))) {
      const link = isNavigation(request) ? url.searchParams.get('token') : null
      return link !== null && equal(link, token) ? withCookie(url, token) : null
    }
    guesses.failed(way, values)
  }
  return wait > 0 ? tooManyGuesses(wait) : unauthorised(request)
}

/** Leads on without the token in the address, which histories and logs would keep. */
function withCookie(url: URL, token: string): Response {
  url.searchParams.delete('token')
  const secure = url.protocol === 'https:' ? '; Secure' : ''
  return new Response(null, {
    status: 303,
    headers: {
      // One slash: two would name another host.
      location: url.pathname.replace(/^\/+/, '/') + url.search,
      'set-cookie': `${cookieName(url)}=${encodeURIComponent(token)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=31536000${secure}`,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  })
}

function tooManyGuesses(waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1_000)
  const answer = problem(429, 'too-many-guesses', `Too many wrong tokens; try again in ${seconds} s`)
  answer.headers.set('retry-after', String(seconds))
  return answer
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
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
  return `weir_token_${url.port || (url.protocol === 'https:' ? '443' : '80')}`
}

function bearerOf(request: Request): string | null {
  return /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null
}

function cookiesOf(request: Request, url: URL): string[] {
  const values: string[] = []
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=')
    if (part.slice(0, at).trim() !== cookieName(url)) continue
    try {
      values.push(decodeURIComponent(part.slice(at + 1).trim()))
    } catch {
      // Not one of ours.
    }
  }
  return values
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
