import { isJsonObject, parseExact } from '#lib/exact-json.ts'
import type { Context } from 'hono'
import type * as z from 'zod/mini'
import { SCRIPT, type Author } from '#model/author.ts'
import { AUTHOR_HEADER, AUTHOR_ID } from '#protocols/weir/author-header.ts'
import { problem } from './problem.ts'
import { bodyOf } from './request-body.ts'

/**
 * The request's body as its schema has it, or the answer that says what is wrong with it.
 * @param exact places of values that are passed on (`options.setup`): numbers in them stay as they were written
 */
export function readBody<T extends z.ZodMiniType>(
  c: Context,
  schema: T,
  exact: readonly string[] = [],
): z.output<T> | Response {
  const text = bodyOf(c.req.raw)
  let body: unknown
  try {
    body = JSON.parse(text)
    const written = exact.length > 0 ? parseExact(text) : null
    for (const place of exact) keepExact(body, written, place.split('.'))
  } catch (error) {
    return problem(
      400,
      'bad-request',
      'The body is no JSON',
      error instanceof Error ? error.message : undefined,
    )
  }
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const words = result.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
  return problem(400, 'bad-request', 'The request is not as it should be', words.join('; '))
}

/** Puts what stands at a place of the exact body there in the plain one. */
function keepExact(body: unknown, exact: unknown, [name = '', ...rest]: readonly string[]): void {
  if (!isJsonObject(body) || !isJsonObject(exact) || !Object.hasOwn(body, name)) return
  if (rest.length > 0) keepExact(body[name], exact[name], rest)
  else body[name] = exact[name]
}

/** Who asks: the browser that names itself, or else a script. */
export function askedBy(c: Context): Author {
  const id = c.req.header(AUTHOR_HEADER)
  return id === undefined ? SCRIPT : { kind: 'page', id }
}

/** The answer to a request whose author has a name that none can have; what is written down is short and plain. */
export function badAuthor(c: Context): Response | undefined {
  const id = c.req.header(AUTHOR_HEADER)
  if (id === undefined || AUTHOR_ID.test(id)) return undefined
  return problem(400, 'bad-author', `${AUTHOR_HEADER} is 1 to 64 letters, digits, hyphens or underscores`)
}
