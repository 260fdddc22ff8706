import type { Context } from 'hono'
import type * as z from 'zod/mini'
import { problem } from './problem.ts'

/** The request's body as its schema has it, or the answer that says what is wrong with it. */
export async function readBody<T extends z.ZodMiniType>(
  c: Context,
  schema: T,
): Promise<z.output<T> | Response> {
  let body: unknown
  try {
    body = await c.req.json()
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

/** The page that asks (its session id), or `api` for scripts. */
export function askedBy(c: Context): string {
  return c.req.header('x-weir-session') ?? 'api'
}
