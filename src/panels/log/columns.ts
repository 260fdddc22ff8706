import { columnsOf, isPlain, measure } from '#lib/char-columns.ts'

/*
 * How text falls into the columns of a monospace grid. Lines are broken here rather than by the browser, so
 * that every row has the same height and the place of a row is arithmetic.
 */

const TAB = 8

/** Would be invisible, move the cursor or turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex
const HARMFUL = /[\0-\x1f\x7f-\x9f\xad\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

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
