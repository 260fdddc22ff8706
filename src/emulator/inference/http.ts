import { stringifyExact } from '#lib/exact-json.ts'
import type { Json, JsonObject, Notice } from './wire.ts'
import { Problem } from './problem.ts'

/** What an operation gets. */
export interface Call {
  readonly request: Request
  /** The values of `{…}` in its path. */
  readonly params: readonly string[]
  /** Parsed; `{}` where there is none. */
  readonly body: JsonObject
  /** Where files of outputs are. */
  readonly base: string
  readonly key: string
}

/** Data to be put into the envelope of the caller's generation. */
export class Answer {
  readonly data: Json
  readonly messages: readonly Notice[]

  constructor(data: Json, messages: readonly Notice[] = []) {
    this.data = data
    this.messages = messages
  }
}

export type Result = Answer | Response

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `{}` stands for one segment. */
  readonly path: string
  /** What a key must be allowed. */
  readonly scope?: string
  readonly handle: (call: Call) => Result | Promise<Result>
}

/** The generations of envelope (inference.sh wire contract §2): before, between, today. */
export type Envelope = 1 | 2 | 3

const JSON_TYPE = { 'content-type': 'application/json' }

export function envelop({ data, messages }: Answer, envelope: Envelope): Response {
  const body =
    envelope === 1
      ? { success: true, status: 200, data }
      : envelope === 2
        ? data
        : { data, messages: messages as unknown as Json }
  return new Response(stringifyExact(body), { headers: JSON_TYPE })
}

export function refuse(problem: Problem, envelope: Envelope): Response {
  const headers = problem.options.headers ?? {}
  const { status, code, message } = problem
  if (envelope === 1)
    return new Response(JSON.stringify({ success: false, status, error: { code, message } }), {
      status,
      headers: { ...JSON_TYPE, ...headers },
    })
  return new Response(JSON.stringify(problem.toBody()), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })
}

export function jsonResponse(body: Json, status: number): Response {
  return new Response(stringifyExact(body), { status, headers: JSON_TYPE })
}

export const noContent = () => new Response(null, { status: 204 })

interface Match {
  readonly route: Route
  readonly params: readonly string[]
}

/** Finds the operation for a path: the first that fits. */
export class Router {
  readonly #routes: readonly (readonly [RegExp, Route])[]

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => [new RegExp(`^${route.path.replaceAll('{}', '([^/]+)')}/?$`), route])
  }

  find(method: string, path: string): Match {
    const matches = this.#routes.flatMap(([pattern, route]) => {
      const match = pattern.exec(path)
      return match ? [{ route, params: match.slice(1).map(decode) }] : []
    })
    const match = matches.find(({ route }) => route.method === method)
    if (match) return match
    if (matches.length > 0)
      throw new Problem(405, 'method_not_allowed', `${method} is not allowed here`, {
        headers: { allow: matches.map(({ route }) => route.method).join(', ') },
      })
    throw new Problem(404, 'not_found', `no route for ${path}`)
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The key authenticates, not a cookie, so any page may ask. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After',
}

export function withCors(response: Response): Response {
  for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value)
  return response
}

export function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...CORS,
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '*',
      'access-control-max-age': '600',
    },
  })
}
