import { isNumber, parseExact, stringifyExact, type ExactNumber } from '#lib/exact-json.ts'
import { isObject } from '#panels/schema-form/schema.ts'

/**
 * How a result is shown best. `text` is the source's own: it may hold numbers that JavaScript would round, so
 * values are shown by it and parsed only to be drawn.
 */
export type ResultKind =
  | { as: 'nothing' }
  /** One number, boolean or short text. */
  | { as: 'scalar'; text: string; isText: boolean }
  /** Plain values by name. */
  | { as: 'table'; rows: { name: string; text: string }[] }
  /** Lists of numbers, each a line. */
  | { as: 'numbers'; lines: number[][] }
  | { as: 'tree' }

const SHORT = 60
const ROWS = 24
/** As many as there are colours for. */
const LINES = 8

/** @param json a whole result's own JSON, NaN and Infinity allowed as Python writes them */
export function resultKind(json: string): ResultKind {
  const trimmed = json.trim()
  if (trimmed === 'null') return { as: 'nothing' }
  if (/^-?(\d|Infinity$)|^(NaN|true|false)$/.test(trimmed) && trimmed.length <= SHORT)
    return { as: 'scalar', text: trimmed, isText: false }
  let value: unknown
  try {
    value = parseExact(trimmed)
  } catch {
    return { as: 'tree' }
  }
  if (typeof value === 'string' && value.length <= SHORT && !value.includes('\n'))
    return { as: 'scalar', text: value, isText: true }
  if (isLine(value)) return { as: 'numbers', lines: [value.map(Number)] }
  if (Array.isArray(value) && value.length > 0 && value.length <= LINES && value.every(isLine))
    return { as: 'numbers', lines: value.map((line) => line.map(Number)) }
  if (isObject(value)) {
    const entries = Object.entries(value)
    if (entries.length > 0 && entries.length <= ROWS && entries.every(([, part]) => isPlain(part)))
      return { as: 'table', rows: entries.map(([name, part]) => ({ name, text: plainText(part) })) }
  }
  return { as: 'tree' }
}

/** Enough numbers to be seen as a line. */
function isLine(value: unknown): value is (number | ExactNumber)[] {
  return Array.isArray(value) && value.length > 2 && value.every(isNumber)
}

function isPlain(value: unknown): boolean {
  return (
    isNumber(value) ||
    value === null ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= SHORT)
  )
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : (stringifyExact(value) ?? 'null')
}
