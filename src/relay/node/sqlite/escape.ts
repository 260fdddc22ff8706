/*
 * A NUL ends a text in SQLite's C interface, and half of a surrogate pair has no UTF-8: two different ids would
 * become one. Both are written as an escape character and one more; everything else stays as it is, so that people
 * can read it with `sqlite3`.
 */

const ESCAPE = '\x1a'
/** Stands after the escape character for a NUL, a line feed, and the escape character itself. */
const NUL = '\x01'
const LINE_FEED = '\x02'
/** A lone surrogate U+D800 + k is written as the private character U+E000 + k. */
const SURROGATES = 0xd800
const PRIVATE = 0xe000

// Control characters are what is looked for.
/* oxlint-disable no-control-regex */
const TO_ESCAPE = /[\0\x1a]|\p{Surrogate}/gu
const TO_ESCAPE_IN_LINES = /[\0\x1a\n]|\p{Surrogate}/gu
const ESCAPED = /\x1a([^])/g
/* oxlint-enable no-control-regex */

/** Node has it since version 20, the types since ES2024. */
type Utf16 = { isWellFormed(): boolean }

/** A text that SQLite gives back as it is. Different texts stay different. */
export function escapeText(text: string): string {
  return !text.includes('\0') && !text.includes(ESCAPE) && (text as unknown as Utf16).isWellFormed()
    ? text
    : text.replace(TO_ESCAPE, escaped)
}

/** The same, and the result has no line feed: it can stand on a line of its own. */
export function escapeLine(text: string): string {
  return text.includes('\n') ? text.replace(TO_ESCAPE_IN_LINES, escaped) : escapeText(text)
}

/** What was escaped by either of the two. */
export function unescapeText(text: string): string {
  return text.includes(ESCAPE) ? text.replace(ESCAPED, (_, code: string) => unescaped(code)) : text
}

function escaped(character: string): string {
  if (character === '\0') return ESCAPE + NUL
  if (character === '\n') return ESCAPE + LINE_FEED
  if (character === ESCAPE) return ESCAPE + ESCAPE
  return ESCAPE + String.fromCharCode(character.charCodeAt(0) - SURROGATES + PRIVATE)
}

function unescaped(code: string): string {
  if (code === NUL) return '\0'
  if (code === LINE_FEED) return '\n'
  if (code === ESCAPE) return ESCAPE
  return String.fromCharCode(code.charCodeAt(0) - PRIVATE + SURROGATES)
}
