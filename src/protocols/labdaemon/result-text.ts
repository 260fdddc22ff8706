import { detached } from '#lib/detached.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { parsePythonExact } from './json.ts'

/**
 * The result as the server wrote it, cut out of the raw body, whose last key `next` follows it: numbers that
 * JavaScript would round stay as they are. A body that is written in another way is read and written again.
 */
export function resultText(text: string, next: 'exception' | 'success'): string {
  const start = text.indexOf('"result":')
  const end = text.lastIndexOf(`,"${next}":`)
  if (start < 0 || end <= start)
    return stringifyExact((parsePythonExact(text) as { result?: unknown }).result ?? null)
  const json = text.slice(start + 9, end)
  // What stands beside it must not be held by it.
  return json.length * 2 > text.length ? json : detached(json)
}
