import { lookOf, styled, withoutSgr, type Colour } from '#model/sgr.ts'

/** How a stretch of text looks: classes from the stylesheet, and colours that have no class. */
export interface AnsiStyle {
  className: string
  /** `rgb(…)`, for colours beyond the sixteen named ones; the stylesheet fits it to the theme. */
  fg: string | null
  bg: string | null
}

export interface AnsiText {
  text: string
  style: AnsiStyle | null
}

const ESC = '\x1b'
/** Sequences that do not colour: titles and links (OSC), device strings, cursor moves, character sets. */
const OTHER =
  // oxlint-disable-next-line no-control-regex
  /\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\|$)|[PX^_][^\x1b]*(?:\x1b\\|$)|\[[0-9;:?<=>!]*[ -/]*[@-ln-~]|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])/g

export function hasAnsi(text: string): boolean {
  return text.includes(ESC)
}

/** The text without escape sequences: what is searched and copied. */
export function stripAnsi(text: string): string {
  return hasAnsi(text) ? withoutSgr(text.replace(OTHER, '')) : text
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']
/** Styles that have a look here; text is never hidden, nor does it blink. */
const DRAWN = ['bold', 'dim', 'italic', 'underline', 'strikethrough'] as const
const styles = new Map<string, AnsiStyle | null>()
const KNOWN = 1_000

/** Colours and styles of a line. The result is data; nothing here makes HTML. */
export function parseAnsi(text: string): AnsiText[] {
  return Array.from(styled(text.replace(OTHER, '')), ([part, style]) => ({
    text: part,
    style: styleOf(style),
  }))
}

function styleOf(sgr: string): AnsiStyle | null {
  let style = styles.get(sgr)
  if (style === undefined) {
    style = drawn(sgr)
    if (styles.size >= KNOWN) styles.clear()
    styles.set(sgr, style)
  }
  return style
}

function drawn(sgr: string): AnsiStyle | null {
  const look = lookOf(sgr)
  const reverse = look.styles.has('reverse')
  const fg = reverse ? (look.bg ?? { named: 0 }) : look.fg
  const bg = reverse ? (look.fg ?? { named: 7 }) : look.bg
  const classes = DRAWN.filter((name) => look.styles.has(name)).map((name) => `ansi-${name}`)
  if (fg) classes.push(`${classOf(fg)}-fg`)
  if (bg) classes.push(`${classOf(bg)}-bg`)
  if (classes.length === 0) return null
  return { className: classes.join(' '), fg: fg && rgbOf(fg), bg: bg && rgbOf(bg) }
}

function classOf(colour: Colour): string {
  if (!('named' in colour)) return 'ansi'
  const name = NAMES[colour.named % 8]!
  return colour.named < 8 ? `ansi-${name}` : `ansi-bright-${name}`
}

function rgbOf(colour: Colour): string | null {
  if ('named' in colour) return null
  return 'rgb' in colour ? `rgb(${colour.rgb.join(', ')})` : paletteColour(colour.palette)
}

/** The 6 × 6 × 6 cube and the greys of xterm's 256 colours. */
function paletteColour(index: number): string {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return `rgb(${grey}, ${grey}, ${grey})`
  }
  const cube = index - 16
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  return `rgb(${level(Math.floor(cube / 36))}, ${level(Math.floor(cube / 6) % 6)}, ${level(cube % 6)})`
}
