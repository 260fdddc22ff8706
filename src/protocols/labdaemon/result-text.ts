/**
 * The result as the server wrote it, cut out of the raw body, whose last key `next` follows it: numbers that
 * JavaScript would round stay as they are.
 * @param result the same parsed, for a body that is written in another way
 */
export function resultText(text: string, result: unknown, next: 'exception' | 'success'): string {
  const start = text.indexOf('"result":')
  const end = text.lastIndexOf(`,"${next}":`)
  return start >= 0 && end > start ? text.slice(start + 9, end) : JSON.stringify(result)
}
