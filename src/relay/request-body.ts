import type { MiddlewareHandler } from 'hono'
import { DEEPEST_JSON, isDeeperThan } from '#lib/json-depth.ts'
import { problem } from './problem.ts'

/** Bytes of a request's body; uploads stream, and have a bound of their own. */
const LONGEST_BODY = 16 * 1024 * 1024

const bodies = new WeakMap<Request, string>()

/**
 * Reads the body of every request to the API before its route does, as far as it may: a body that is too long
 * or too deeply nested is refused wherever it is sent. `streamed` paths read their bodies themselves.
 */
export function boundBodies(streamed: (path: string) => boolean): MiddlewareHandler {
  return async (c, next) => {
    const { method } = c.req
    if (method !== 'GET' && method !== 'HEAD' && !streamed(c.req.path)) {
      const bytes = await readBounded(c.req.raw)
      if (bytes instanceof Response) return bytes
      const text = new TextDecoder().decode(bytes)
      if (isDeeperThan(text)) return tooDeep()
      bodies.set(c.req.raw, text)
    }
    return next()
  }
}

/** The text that `boundBodies` has read. */
export function bodyOf(request: Request): string {
  return bodies.get(request) ?? ''
}

/**
 * The body as bytes, or the answer (413) where there are more than `most` of them. What the request says of
 * its length is believed only where it is too long.
 */
export async function readBounded(
  request: Request,
  most = LONGEST_BODY,
): Promise<Uint8Array<ArrayBuffer> | Response> {
  if (Number(request.headers.get('content-length') ?? 0) > most) return tooLarge(most)
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    // Leaving the loop cancels the body: the rest is not waited for.
    if (size > most) return tooLarge(most)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function tooLarge(most: number): Response {
  const answer = problem(413, 'too-large', `The body is larger than ${most / 1024 / 1024} MB`)
  // What was not read stands in the connection.
  answer.headers.set('connection', 'close')
  return answer
}

export function tooDeep(): Response {
  return problem(400, 'too-deep', `The body is nested deeper than ${DEEPEST_JSON} levels`)
}
