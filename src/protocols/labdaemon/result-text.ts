import { detached } from '#lib/detached.ts'

/**
 * The result as the server wrote it, cut out of the raw body, whose last key `next` follows it: numbers that
 * JavaScript would round stay as they are.
 * @param result the same parsed, for a body that is written in another way
 */
export function resultText(text: string, result: unknown, next: 'exception' | 'success'): string {
  const start = text.indexOf('"result":')
  const end = text.lastIndexOf(`,"${next}":`)
  if (start < 0 || end <= start) return JSON.stringify(result)
  const json = text.slice(start + 9, end)
  // What stands beside it must not be held by it.
  return json.length * 2 > text.length ? json : detached(json)
}
