import { endOfString } from './json-depth.ts'

/*
 * JSON whose numbers stay as they were written. JavaScript has one kind of number, a float64: 9007199254740993
 * becomes …992, 1e400 nothing at all, 1.0 an integer for whoever tells them apart. What would not be written again
 * as it was read is an ExactNumber; all other numbers are plain ones.
 */

/** Begins a string that stands for a number; nobody outside can know it. */
const MARK = `exact-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}-`
const LITERAL = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const MARKED = new RegExp(`"${MARK}(-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)"`, 'g')

/** Set while `stringifyExact` runs. */
let isWriting = false
let written = 0

/** A number by its own JSON text. In sums and comparisons it is the nearest float64, in texts what was written. */
export class ExactNumber {
  readonly literal: string

  constructor(literal: string) {
    this.literal = literal
  }

  valueOf(): number {
    return Number(this.literal)
  }

  toString(): string {
    return this.literal
  }

  /** For those who write with `JSON.stringify`: the nearest float64. */
  toJSON(): number | string {
    if (!isWriting) return Number(this.literal)
    written += 1
    return MARK + this.literal
  }
}

/** As `JSON.parse`, but for numbers that would be written in another way than they were read. */
export function parseExact(text: string): unknown {
  const first = firstInexact(text)
  const plain: unknown = JSON.parse(text)
  if (first < 0) return plain
  return restored(JSON.parse(marked(text, first)))
}

/** As `JSON.stringify`, with exact numbers as they were written. */
export function stringifyExact(
  value: unknown,
  indent?: number,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  isWriting = true
  written = 0
  try {
    const text = JSON.stringify(value, replacer, indent)
    return written === 0 ? text : text.replaceAll(MARKED, '$1')
  } finally {
    isWriting = false
  }
}

/** The number that a JSON literal stands for. */
export function numberFromLiteral(literal: string): number | ExactNumber {
  const number = Number(literal)
  return String(number) === literal ? number : new ExactNumber(literal)
}

export function isNumber(value: unknown): value is number | ExactNumber {
  return typeof value === 'number' || value instanceof ExactNumber
}

/** An object of names and values: no list, and no number. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  )
}

/** A copy in which every number is the nearest float64. */
export function withPlainNumbers<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** Where the first literal stands that is not as `String` would write its number; -1 where none does. */
function firstInexact(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = endOfString(text, at)
    else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      const end = endOfLiteral(text, at)
      if (!isUsual(text, at, end)) return at
      at = end - 1
    }
  }
  return -1
}

function endOfLiteral(text: string, start: number): number {
  let end = start + 1
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    // Digits, and . + - e E
    if (
      (code < 0x30 || code > 0x39) &&
      code !== 0x2e &&
      code !== 0x2b &&
      code !== 0x2d &&
      (code | 32) !== 0x65
    )
      break
  }
  return end
}

/** True for a literal as `String` writes its number; most are told by their looks. */
function isUsual(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1)
  if (end - start <= 15) {
    let isWhole = true
    let isPlain = true
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at)
      if (code === 0x2e) isWhole = false
      else if ((code | 32) === 0x65) isPlain = false
    }
    if (isPlain && isWhole) return last !== 0x30 || text.charCodeAt(start) !== 0x2d || end - start !== 2
    // Not 1.0, and not 0.0000001, which is written 1e-7.
    if (isPlain && last !== 0x30 && end - start <= 7) return true
  }
  const literal = text.slice(start, end)
  return String(Number(literal)) === literal
}

/** The text with marked strings in the place of the numbers that would change; it is known to be JSON. */
function marked(text: string, first: number): string {
  const parts: string[] = []
  let from = 0
  for (let at = first; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = endOfString(text, at)
    else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      LITERAL.lastIndex = at
      const literal = LITERAL.exec(text)?.[0] ?? ''
      if (String(Number(literal)) !== literal) {
        parts.push(text.slice(from, at), '"', MARK, literal, '"')
        from = at + literal.length
      }
      at += literal.length - 1
    }
  }
  parts.push(text.slice(from))
  return parts.join('')
}

/** Puts numbers in the place of marked strings; the value was just made, and is nobody else's yet. */
function restored(value: unknown): unknown {
  const top: unknown[] = [value]
  const open: object[] = [top]
  for (let part = open.pop(); part; part = open.pop())
    for (const [key, inner] of Object.entries(part) as [string, unknown][])
      if (typeof inner === 'string') {
        if (inner.startsWith(MARK)) {
          const number = new ExactNumber(inner.slice(MARK.length))
          // Defined, not assigned: `__proto__` is a name like any other.
          Object.defineProperty(part, key, {
            value: number,
            enumerable: true,
            configurable: true,
            writable: true,
          })
        }
      } else if (typeof inner === 'object' && inner !== null) open.push(inner)
  return top[0]
}
