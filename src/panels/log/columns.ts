/*
 * How text falls into the columns of a monospace grid. Lines are broken here rather than by the browser, so
 * that every row has the same height and the place of a row is arithmetic.
 */

const TAB = 8

const PLAIN = /^[\x20-\x7e]*$/
/** Zero columns: marks that sit on the character before, joiners, variation selectors, skin tones. */
// oxlint-disable-next-line no-misleading-character-class
const ZERO = /^[\p{M}\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\u{1f3fb}-\u{1f3ff}]$/u
/** Two columns: the East Asian scripts and emoji. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u
/** Would be invisible, move the cursor or turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex
const HARMFUL = /[\0-\x1f\x7f-\x9f\xad\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Printable ASCII: one character is one column. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

const widths = new Map<number, number>()

function columnsOf(code: number): number {
  if (code < 0x300) return 1
  let width = widths.get(code)
  if (width === undefined) {
    const character = String.fromCodePoint(code)
    width = ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1
    widths.set(code, width)
  }
  return width
}

/** Columns a text takes; tabs and control characters must have been replaced. */
export function measure(text: string): number {
  if (isPlain(text)) return text.length
  let columns = 0
  let joined = false
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (!joined) columns += columnsOf(code)
    joined = code === 0x200d
  }
  return columns
}

/** Offsets at which the rows of a text begin, when a row has `width` columns. The first is 0. */
export function breaks(text: string, width: number): number[] {
  const starts = [0]
  if (isPlain(text)) {
    for (let k = width; k < text.length; k += width) starts.push(k)
    return starts
  }
  let column = 0
  let offset = 0
  let joined = false
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const columns = joined ? 0 : columnsOf(code)
    if (column + columns > width && column > 0) {
      starts.push(offset)
      column = 0
    }
    column += columns
    offset += character.length
    joined = code === 0x200d
  }
  return starts
}

/** The offset of the character in column `column`, or of the one after it. */
export function offsetAt(text: string, column: number): number {
  if (isPlain(text)) return Math.min(column, text.length)
  let columns = 0
  let offset = 0
  for (const character of text) {
    if (columns >= column) break
    columns += columnsOf(character.codePointAt(0) ?? 0)
    offset += character.length
  }
  return offset
}

/** Text as it is shown: tabs widened from `column` on, characters that would do something made visible. */
export function shown(text: string, column: number): string {
  if (isPlain(text)) return text
  if (!text.includes('\t')) return text.replace(HARMFUL, visible)
  let out = ''
  let at = column
  for (const part of text.split(/(\t)/)) {
    const piece = part === '\t' ? ' '.repeat(TAB - (at % TAB)) : part.replace(HARMFUL, visible)
    out += piece
    at += measure(piece)
  }
  return out
}

function visible(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}
