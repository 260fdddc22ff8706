/**
 * How deep JSON may be nested, from wherever it comes: `[[]]` has two levels. `JSON.parse` takes any depth, but
 * whatever walks a value by recursion (`JSON.stringify` first of all) ends at some thousand levels.
 */
export const DEEPEST_JSON = 200

/** Stands where a source sent something deeper. */
export const TOO_DEEP = `[nested deeper than ${DEEPEST_JSON} levels: not shown]`
const NOTE = JSON.stringify(TOO_DEEP)

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * True when a JSON text is nested deeper than `levels`; found without parsing it, at about the speed of reading
 * it. What is no JSON may give either answer: a parser says more of it.
 */
export function isDeeperThan(text: string, levels = DEEPEST_JSON): boolean {
  return whereDeeper(text, levels) >= 0
}

/** Where a JSON text first nests deeper than `levels`; -1 when it does not. */
export function whereDeeper(text: string, levels = DEEPEST_JSON): number {
  // Each level has a character of its own that opens it.
  if (text.length <= levels) return -1
  let depth = 0
  for (let at = 0; at < text.length; at++)
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at)
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > levels) return at
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1
        break
      default:
    }
  return -1
}

/** Where the string that begins at `start` has its closing quote; the text's length when it has none. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === BACKSLASH) before -= 1
    // An even number of backslashes escape each other.
    if ((end - before) % 2 === 1) return end
  }
  return text.length
}

/**
 * A JSON text with `TOO_DEEP` in the place of all that lies deeper than `levels`; a text that is not too deep is
 * given back itself. What nests is cut before it is parsed, so that nothing behind ever meets a deep value, and
 * all else stays as it was written.
 */
export function withinDepth(text: string, levels = DEEPEST_JSON): string {
  if (!isDeeperThan(text, levels)) return text
  const parts: string[] = []
  let depth = 0
  /** Where what is still to be taken over begins; -1 within what is left out. */
  let from = 0
  for (let at = 0; at < text.length; at++)
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at)
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > levels && from >= 0) {
          parts.push(text.slice(from, at), NOTE)
          from = -1
        }
        break
      case 0x5d: // ]
      case 0x7d: // }
        if (--depth === levels && from < 0) from = at + 1
        break
      default:
    }
  if (from >= 0) parts.push(text.slice(from))
  return parts.join('')
}
