import { stringifyExact } from '#lib/exact-json.ts'

/** An answer with values that people or sources wrote: their numbers go out as they were written. */
export function exactAnswer(value: object, status = 200): Response {
  return new Response(stringifyExact(value), { status, headers: { 'content-type': 'application/json' } })
}
