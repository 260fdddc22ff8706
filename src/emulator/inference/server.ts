import { parseExact } from '#lib/exact-json.ts'
import { appRoutes } from './app-routes.ts'
import type { Cloud } from './cloud.ts'
import { Answer, Router, envelop, preflight, refuse, withCors } from './http.ts'
import type { Call, Envelope, Route } from './http.ts'
import { absentRoutes, fileRoutes, flowRoutes, sessionRoutes } from './other-routes.ts'
import { Problem, badRequest } from './problem.ts'
import { taskRoutes } from './task-routes.ts'
import { isObject } from './wire.ts'
import type { JsonObject } from './wire.ts'

export interface ServerOptions {
  readonly envelope: Envelope
  readonly publicUrl: string | undefined
}

/** The HTTP face of the cloud: keys, envelopes, errors, and the content host beside the API. */
export class Server {
  readonly #cloud: Cloud
  readonly #options: ServerOptions
  readonly #router: Router
  readonly #catalogue: JsonObject
  readonly #pending = new Set<(reason: Error) => void>()

  constructor(cloud: Cloud, options: ServerOptions) {
    this.#cloud = cloud
    this.#options = options
    const routes = [
      ...taskRoutes(cloud),
      ...appRoutes(),
      ...fileRoutes(cloud),
      ...sessionRoutes(cloud),
      ...flowRoutes(cloud),
    ]
    this.#router = new Router([...routes, ...absentRoutes()])
    this.#catalogue = catalogueOf(routes)
  }

  /** Answers, or rejects as fetch does when the connection breaks. */
  fetch(request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      const abandon = (reason: Error) => {
        this.#pending.delete(abandon)
        reject(reason)
      }
      this.#pending.add(abandon)
      this.#respond(request).then((response) => {
        this.#pending.delete(abandon)
        resolve(withCors(response))
      }, abandon)
    })
  }

  /** Breaks the connections of requests that are not answered yet. */
  abandon(): void {
    for (const reject of this.#pending) reject(connectionReset())
  }

  async #respond(request: Request): Promise<Response> {
    const envelope = request.headers.get('x-api-version') === '2' ? 2 : this.#options.envelope
    try {
      const result = await this.#route(request)
      return result instanceof Answer ? envelop(result, envelope) : result
    } catch (error) {
      if (error instanceof Problem) return refuse(error, envelope)
      if (request.signal.aborted) throw error
      return new Response('internal error', { status: 500, headers: { 'content-type': 'text/plain' } })
    }
  }

  async #route(request: Request): Promise<Answer | Response> {
    const { method } = request
    const { pathname, origin } = new URL(request.url)
    if (method === 'OPTIONS') return preflight(request)
    const { gate, files } = this.#cloud
    const failure = gate.failureFor(pathname)
    if (failure instanceof Problem) throw failure
    if (failure) return failure
    if (pathname.startsWith('/app/files/') && (method === 'GET' || method === 'HEAD'))
      return files.serve(pathname.slice('/app/files/'.length), request)
    if (pathname.startsWith('/uploads/') && method === 'PUT')
      return await files.put(pathname.slice('/uploads/'.length), request)
    if (pathname === '/openapi.json') return new Response(JSON.stringify(this.#catalogue), JSON_HEADERS)
    const key = gate.keyOf(request)
    const { route, params } = this.#router.find(method === 'HEAD' ? 'GET' : method, pathname)
    gate.assertScope(key, route.scope)
    const call: Call = {
      request,
      params,
      body: await readBody(request),
      base: this.#options.publicUrl ?? origin,
      key,
    }
    return route.handle(call)
  }
}

const JSON_HEADERS = { headers: { 'content-type': 'application/json' } }

async function readBody(request: Request): Promise<JsonObject> {
  if (request.method === 'GET' || request.method === 'HEAD') return {}
  const text = await request.text()
  if (text.trim() === '') return {}
  let body: unknown
  try {
    // What a run is given stays as it was written.
    body = parseExact(text)
  } catch {
    throw badRequest('the body is not JSON')
  }
  if (!isObject(body)) throw badRequest('the body is not an object')
  return body
}

/** The route catalogue (inference.sh wire contract §1). */
function catalogueOf(routes: readonly Route[]): JsonObject {
  const paths: Record<string, JsonObject> = {}
  for (const { method, path } of routes) {
    let number = 0
    const named = path.replaceAll('{}', () => ['{id}', '{name}'][number++] ?? '{id}')
    paths[named] = { ...paths[named], [method.toLowerCase()]: { responses: { 200: { description: 'OK' } } } }
  }
  return { openapi: '3.1.0', info: { title: 'inference.sh (emulated by Weir)', version: '1' }, paths }
}

/** What fetch says when nothing listens. */
export function connectionRefused(): TypeError {
  return networkError('ECONNREFUSED', 'connect ECONNREFUSED')
}

function connectionReset(): TypeError {
  return networkError('ECONNRESET', 'read ECONNRESET')
}

function networkError(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}
