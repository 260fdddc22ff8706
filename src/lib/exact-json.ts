import { endOfString } from './json-depth.ts'

/*
 * JSON whose numbers stay as they were written. JavaScript has one kind of number, a float64: 9007199254740993
 * becomes …992, 1e400 nothing at all, 1.0 an integer for whoever tells them apart. What would not be written again
 * as it was read is an ExactNumber; all other numbers are plain ones.
 */

/** Begins a string that stands for a number; nobody outside can know it. */
const MARK = `exact-${Math.random()}${Math.random()}-`
const MARKED = new RegExp(`"${MARK}([-+.\\deE]+)"`, 'g')
const QUOTE = 0x22
const MINUS = 0x2d

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
  // Said first of what is no JSON: marks would make names of numbers.
  const plain: unknown = JSON.parse(text)
  const patched = marked(text)
  return patched === null ? plain : restored(JSON.parse(patched))
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

/**
 * The text with marked strings in the place of the numbers that would change; null where none would. Whole numbers
 * of up to 15 digits are told by their looks.
 */
function marked(text: string): string | null {
  let out = ''
  let from = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === MINUS || isDigit(code)) {
      let isPlain = code !== MINUS
      let end = at + 1
      for (; ; end++) {
        const next = text.charCodeAt(end)
        if (isDigit(next)) continue
        // . + - e E
        if (next !== 0x2e && next !== 0x2b && next !== MINUS && (next | 32) !== 0x65) break
        isPlain = false
      }
      if (!isPlain || end - at > 15) {
        const literal = text.slice(at, end)
        if (String(Number(literal)) !== literal) {
          out += `${text.slice(from, at)}"${MARK}${literal}"`
          from = end
        }
      }
      at = end - 1
    }
  }
  return from > 0 ? out + text.slice(from) : null
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
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
          Object.defineProperty(part, key, { value: number })
        }
      } else if (typeof inner === 'object' && inner !== null) open.push(inner)
  return top[0]
}
