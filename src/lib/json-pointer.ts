import { isJsonObject } from './exact-json.ts'

/** A JSON Pointer (RFC 6901) taken apart: the names and numbers on the way. Of none, the whole value is meant. */
export type JsonPointer = readonly string[]

/** The pointer that a text stands for; null when it is none. */
export function parsePointer(text: string): JsonPointer | null {
  if (text === '') return []
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return null
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** What stands there; undefined where nothing does. What an object inherits is not data. */
export function valueAt(value: unknown, pointer: JsonPointer): unknown {
  let at = value
  for (const part of pointer) {
    if (Array.isArray(at)) at = /^(?:0|[1-9]\d*)$/.test(part) ? (at as unknown[])[Number(part)] : undefined
    else if (isJsonObject(at) && Object.hasOwn(at, part)) at = at[part]
    else return undefined
  }
  return at
}
