/*
 * How many columns of a monospace grid a character takes, as terminals count.
 */

/** Zero columns: marks that sit on the character before, joiners, variation selectors, skin tones. */
// oxlint-disable-next-line no-misleading-character-class
const ZERO = /^[\p{M}\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\u{1f3fb}-\u{1f3ff}]$/u
/** Two columns: the East Asian scripts and emoji. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u
const PLAIN = /^[\x20-\x7e]*$/

const JOINER = 0x200d

const widths = new Map<number, number>()

/** Printable ASCII: one character is one column. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text)
}

/** Columns of one character, by its code point, on its own. */
export function columnsOf(code: number): number {
  if (code < 0x300) return 1
  let width = widths.get(code)
  if (width === undefined) {
    const character = String.fromCodePoint(code)
    width = ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1
    widths.set(code, width)
  }
  return width
}

/** The characters of a text with the columns each takes: none for what is joined to the one before. */
export function* characters(text: string): Generator<readonly [character: string, columns: number]> {
  let joined = false
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    yield [character, joined ? 0 : columnsOf(code)]
    joined = code === JOINER
  }
}

/** Columns a text takes; tabs and control characters count as one. */
export function measure(text: string): number {
  if (isPlain(text)) return text.length
  let columns = 0
  let joined = false
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (!joined) columns += columnsOf(code)
    joined = code === JOINER
  }
  return columns
}
