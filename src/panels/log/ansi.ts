import Anser from 'anser'

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
// oxlint-disable-next-line no-control-regex
const COLOUR = /\x1b\[[0-9;:]*m/g

export function hasAnsi(text: string): boolean {
  return text.includes(ESC)
}

/** The text without escape sequences: what is searched and copied. */
export function stripAnsi(text: string): string {
  return hasAnsi(text) ? text.replace(OTHER, '').replace(COLOUR, '') : text
}

/** Colours and styles of a line. The result is data; nothing here makes HTML. */
export function parseAnsi(text: string): AnsiText[] {
  const entries = Anser.ansiToJson(text.replace(OTHER, ''), {
    json: true,
    use_classes: true,
    remove_empty: true,
  })
  return entries.map((entry) => ({ text: entry.content, style: styleOf(entry) }))
}

function styleOf(entry: Anser.AnserJsonEntry): AnsiStyle | null {
  const classes = entry.decorations
    .filter((decoration) => decoration !== 'reverse' && decoration !== 'blink' && decoration !== 'hidden')
    .map((decoration) => `ansi-${decoration}`)
  const fg = colourOf(entry.fg, entry.fg_truecolor)
  const bg = colourOf(entry.bg, entry.bg_truecolor)
  if (fg) classes.push(fg.rgb ? 'ansi-fg' : `${fg.name}-fg`)
  if (bg) classes.push(bg.rgb ? 'ansi-bg' : `${bg.name}-bg`)
  if (classes.length === 0) return null
  return { className: classes.join(' '), fg: fg?.rgb ?? null, bg: bg?.rgb ?? null }
}

function colourOf(
  name: string | null,
  truecolor: string | null,
): { name: string; rgb: string | null } | null {
  if (!name) return null
  if (name === 'ansi-truecolor') return { name, rgb: truecolor ? `rgb(${truecolor})` : null }
  const palette = /^ansi-palette-(\d+)$/.exec(name)
  return { name, rgb: palette ? paletteColour(Number(palette[1])) : null }
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
