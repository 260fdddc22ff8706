import { isNumber } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'

export type ParsedValue = {
  value: unknown
  /** How it was read, for people: "number", "list", "text". */
  as: string
}

/** A parameter's value as typed: JSON where it is JSON, else text. Empty input is empty text. */
export function parseValue(text: string): ParsedValue {
  const trimmed = text.trim()
  if (trimmed !== '') {
    const result = parseJson(trimmed)
    if (result.ok) return { value: result.value, as: nameOf(result.value) }
  }
  return { value: text, as: 'text' }
}

/** A word for a JSON value's type. */
function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (isNumber(value)) return 'number'
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'boolean':
      return 'true or false'
    default:
      return 'object'
  }
}

/** True when the text looks like JSON that was meant but is not: worth a word before it is sent as text. */
export function looksLikeBrokenJson(text: string): boolean {
  const trimmed = text.trim()
  return /^[[{"]/.test(trimmed) && parseValue(text).as === 'text' && parseValue(text).value === text
}
