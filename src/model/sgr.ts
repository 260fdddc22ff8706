/*
 * Colours and styles of text, as terminals are told them (SGR, ECMA-48 §8.3.117): kept as the shortest parameters
 * that set them, '' being none. `1;31` is bold and red.
 */

/** Which number sets a style, and which takes it (and perhaps others) back. */
const STYLES = [
  { name: 'bold', on: 1, off: 22 },
  { name: 'dim', on: 2, off: 22 },
  { name: 'italic', on: 3, off: 23 },
  { name: 'underline', on: 4, off: 24 },
  { name: 'blink', on: 5, off: 25 },
  { name: 'reverse', on: 7, off: 27 },
  { name: 'hidden', on: 8, off: 28 },
  { name: 'strikethrough', on: 9, off: 29 },
  { name: 'overline', on: 53, off: 55 },
] as const
type TextStyle = (typeof STYLES)[number]['name']

/** A colour: one of the sixteen named ones, one of the 256 of the palette beyond them, or red, green and blue. */
export type Colour = { named: number } | { palette: number } | { rgb: readonly [number, number, number] }

export interface Look {
  styles: ReadonlySet<TextStyle>
  fg: Colour | null
  bg: Colour | null
}

const KNOWN = 2_000
const applied = new Map<string, string>()

// oxlint-disable-next-line no-control-regex
const SGR = /\x1b\[([\d;:]*)m/g

/** The style after parameters (`1;31`, `38:2::255:128:0`) were applied to another. */
export function applySgr(style: string, params: string): string {
  if (params === '' || params === '0') return ''
  const key = `${style} ${params}`
  let next = applied.get(key)
  if (next === undefined) {
    const state = read(style)
    apply(state, params)
    next = written(state)
    if (applied.size >= KNOWN) applied.clear()
    applied.set(key, next)
  }
  return next
}

/** What changes one style into another; '' where there is nothing to change. */
export function sgrBetween(from: string, to: string): string {
  if (from === to) return ''
  if (to === '') return '\x1b[0m'
  return from === '' ? `\x1b[${to}m` : `\x1b[0;${to}m`
}

/** The style that is left standing after a text. */
export function styleAfter(text: string): string {
  if (!text.includes('\x1b')) return ''
  let style = ''
  for (const match of text.matchAll(SGR)) style = applySgr(style, match[1] ?? '')
  return style
}

/** Stretches of a text that look the same, without what says so. */
export function* styled(text: string): Generator<readonly [text: string, style: string]> {
  let style = ''
  let from = 0
  for (const match of text.matchAll(SGR)) {
    if (match.index > from) yield [text.slice(from, match.index), style]
    style = applySgr(style, match[1] ?? '')
    from = match.index + match[0].length
  }
  if (from < text.length) yield [text.slice(from), style]
}

/** A text without its colours. */
export function withoutSgr(text: string): string {
  return text.includes('\x1b') ? text.replace(SGR, '') : text
}

/** What a style comes to. */
export function lookOf(style: string): Look {
  const { styles, fg, bg } = read(style)
  return { styles: new Set(STYLES.flatMap(({ name, on }) => (styles.has(on) ? [name] : []))), fg, bg }
}

interface State {
  /** Numbers that set a style. */
  styles: Set<number>
  fg: Colour | null
  bg: Colour | null
}

function read(style: string): State {
  const state: State = { styles: new Set(), fg: null, bg: null }
  if (style !== '') apply(state, style)
  return state
}

function apply(state: State, params: string): void {
  const list = params.split(';')
  for (let k = 0; k < list.length; k++) {
    const parts = list[k]!.split(':')
    const code = Number(parts[0])
    if (code === 38 || code === 48 || code === 58) {
      const colour = parts.length > 1 ? colonColour(parts) : semicolonColour(list, k, (used) => (k += used))
      // Underlines have one colour here: that of their text.
      if (colour !== undefined && code !== 58) state[code === 38 ? 'fg' : 'bg'] = colour
    } else if (code === 4 && parts.length > 1) turn(state, 4, parts[1] !== '0')
    else one(state, code)
  }
}

function one(state: State, code: number): void {
  if (code === 0) {
    state.styles.clear()
    state.fg = state.bg = null
  } else if (code === 21)
    // Two lines under the text.
    state.styles.add(4)
  else if (code === 6) state.styles.add(5)
  else if (code >= 30 && code <= 37) state.fg = { named: code - 30 }
  else if (code >= 90 && code <= 97) state.fg = { named: code - 82 }
  else if (code >= 40 && code <= 47) state.bg = { named: code - 40 }
  else if (code >= 100 && code <= 107) state.bg = { named: code - 92 }
  else if (code === 39) state.fg = null
  else if (code === 49) state.bg = null
  else
    for (const { on, off } of STYLES)
      if (code === on) state.styles.add(on)
      else if (code === off) state.styles.delete(on)
}

function turn(state: State, code: number, on: boolean): void {
  if (on) state.styles.add(code)
  else state.styles.delete(code)
}

/** `38:5:n`, `38:2:r:g:b` and `38:2:SPACE:r:g:b`; the colour space is not looked at. */
function colonColour(parts: readonly string[]): Colour | undefined {
  if (parts[1] === '5') return palette(parts[2])
  if (parts[1] === '2') return rgb(parts.length >= 6 ? parts.slice(3, 6) : parts.slice(2, 5))
  return undefined
}

function semicolonColour(
  list: readonly string[],
  k: number,
  take: (parameters: number) => void,
): Colour | undefined {
  if (list[k + 1] === '5') {
    take(2)
    return palette(list[k + 2])
  }
  if (list[k + 1] === '2') {
    take(4)
    return rgb(list.slice(k + 2, k + 5))
  }
  return undefined
}

function palette(part: string | undefined): Colour | undefined {
  const index = Number(part ?? Number.NaN)
  if (!(index >= 0 && index <= 255)) return undefined
  return index < 16 ? { named: index } : { palette: index }
}

/** A level that is left out is 0. */
function rgb(parts: readonly string[]): Colour | undefined {
  const [r = 0, g = 0, b = 0] = parts.map(Number)
  return [r, g, b].every((level) => level >= 0 && level <= 255) ? { rgb: [r, g, b] } : undefined
}

function written({ styles, fg, bg }: State): string {
  const parts: (number | string)[] = STYLES.flatMap(({ on }) => (styles.has(on) ? [on] : []))
  if (fg) parts.push(colourWritten(fg, 0))
  if (bg) parts.push(colourWritten(bg, 10))
  return parts.join(';')
}

function colourWritten(colour: Colour, shift: 0 | 10): string {
  if ('named' in colour) return String(colour.named + shift + (colour.named < 8 ? 30 : 82))
  if ('palette' in colour) return `${38 + shift};5;${colour.palette}`
  return `${38 + shift};2;${colour.rgb.join(';')}`
}
