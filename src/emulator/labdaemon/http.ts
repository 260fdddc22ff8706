import { EncodeError, dumpRest, isDict } from './python-json.ts'
import type { PyDict, PyValue } from './python-json.ts'
import { DecodeError, parsePython } from './python-parse.ts'
import { timestamp } from './time.ts'

/** What an operation gets: its path's parameters, decoded, and its body where it declares one. */
export interface Call {
  readonly request: Request
  readonly id: string
  readonly body: PyDict
}

/** One operation of the API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `{id}` stands for one path segment. */
  readonly path: string
  /** True: the operation takes a JSON object, without which FastAPI answers 422. */
  readonly takesBody?: boolean
  readonly handle: (call: Call) => Response
}

const COMMON = { server: 'uvicorn' }

/** A JSON answer; what cannot be encoded becomes the plain-text 500 (LabDaemon wire contract §2). */
export function json(value: PyValue, status = 200, headers: Record<string, string> = {}): Response {
  let body: string
  try {
    body = dumpRest(value)
  } catch (thrown) {
    if (thrown instanceof EncodeError) return crash()
    throw thrown
  }
  return new Response(body, {
    status,
    headers: { ...COMMON, 'content-type': 'application/json', ...headers },
  })
}

/** The server itself tripped: plain text, no CORS headers (§2). */
export function crash(): Response {
  return new Response('Internal Server Error', {
    status: 500,
    headers: { ...COMMON, 'content-type': 'text/plain; charset=utf-8' },
  })
}

/** Answers that the CORS middleware never sees. */
const isCrash = (response: Response) =>
  response.status === 500 && response.headers.get('content-type') !== 'application/json'

/** LabDaemon's own error body (§2). */
export function errorResponse(
  now: number,
  status: number,
  type: string,
  message: string,
  context: PyDict = {},
  origin: 'framework' | 'device' = 'framework',
): Response {
  return json({ error: { type, message, origin, timestamp: timestamp(now), context } }, status)
}

/** 204; the real server then closes the connection, which a Response cannot say (§5.18). */
export function noContent(): Response {
  return new Response(null, { status: 204, headers: { ...COMMON, 'content-type': 'application/json' } })
}

interface Match {
  readonly route: Route
  readonly id: string
}

/** Finds operations as Starlette does: on the decoded path, first match wins (§2). */
export class Router {
  readonly #routes: readonly (readonly [RegExp, Route])[]

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => [new RegExp(`^${route.path.replace('{id}', '([^/]+)')}$`), route])
  }

  /** The operation, or the framework's own answer: 404, 405, or 307 to the path without the slash. */
  find(request: Request): Match | Response {
    const url = new URL(request.url)
    const path = decodePath(url.pathname)
    const matches = this.#matches(path)
    const match = matches.find(({ route }) => route.method === request.method)
    if (match) return match
    const [other] = matches
    if (other) return frameworkError(405, 'Method Not Allowed', { allow: other.route.method })
    const twin = path.endsWith('/') ? path.replace(/\/+$/, '') : `${path}/`
    if (path !== '/' && this.#matches(twin).length > 0)
      return new Response(null, {
        status: 307,
        headers: { ...COMMON, location: `${url.origin}${encodeURI(twin)}${url.search}` },
      })
    return frameworkError(404, 'Not Found')
  }

  #matches(path: string): Match[] {
    return this.#routes.flatMap(([pattern, route]) => {
      const match = pattern.exec(path)
      return match ? [{ route, id: match[1] ?? '' }] : []
    })
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function frameworkError(status: number, detail: string, headers: Record<string, string> = {}): Response {
  return json({ detail }, status, headers)
}

/** The body as an object, or FastAPI's 422 (§2; wording of pydantic 1). */
export function readBody(text: string, contentType: string | null): PyDict | Response {
  if (text === '') return invalid({ loc: ['body'], msg: 'field required', type: 'value_error.missing' })
  let body: PyValue
  try {
    body = isJsonType(contentType) ? parsePython(text) : text
  } catch (thrown) {
    if (!(thrown instanceof DecodeError)) throw thrown
    return invalid({
      type: 'json_invalid',
      loc: ['body', thrown.position],
      msg: 'JSON decode error',
      input: {},
      ctx: { error: thrown.message },
    })
  }
  if (body === null) return invalid({ loc: ['body'], msg: 'field required', type: 'value_error.missing' })
  if (!isDict(body))
    return invalid({ loc: ['body'], msg: 'value is not a valid dict', type: 'type_error.dict' })
  return body
}

function invalid(detail: PyDict): Response {
  return json({ detail: [detail] }, 422)
}

function isJsonType(contentType: string | null): boolean {
  const type = (contentType ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? ''
  return type === 'application/json' || /^application\/.+\+json$/.test(type)
}

/** The answer to a preflight, which never reaches an operation (§2). */
export function preflight(request: Request): Response | undefined {
  const origin = request.headers.get('origin')
  if (request.method !== 'OPTIONS' || origin === null) return undefined
  if (!request.headers.has('access-control-request-method')) return undefined
  const headers = new Headers({
    ...COMMON,
    vary: 'Origin',
    'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
    'access-control-max-age': '600',
    'access-control-allow-credentials': 'true',
    'access-control-allow-origin': origin,
    'content-type': 'text/plain; charset=utf-8',
  })
  const asked = request.headers.get('access-control-request-headers')
  if (asked !== null) headers.set('access-control-allow-headers', asked)
  return new Response('OK', { status: 200, headers })
}

/** Adds the CORS headers that any origin gets (§2). */
export function withCors(request: Request, response: Response): Response {
  const origin = request.headers.get('origin')
  if (origin === null || isCrash(response)) return response
  response.headers.set('access-control-allow-credentials', 'true')
  if (request.headers.has('cookie')) {
    response.headers.set('access-control-allow-origin', origin)
    response.headers.set('vary', 'Origin')
  } else {
    response.headers.set('access-control-allow-origin', '*')
  }
  return response
}
