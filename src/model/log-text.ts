import { sgrBetween } from './sgr.ts'
import { Terminal } from './terminal.ts'
import { MAX_LINE_CHARS } from './terminal-row.ts'

/** Anything but text and colours: it has to be played before it is a line. */
// oxlint-disable-next-line no-control-regex
const PLAYED = /[\0\x07\x08\n\r\x0e\x0f\x84\x85\x8d\x90\x98\x9b-\x9f]|\x1b(?!\[[\d;:]*m)/
const CUT = / … \[[\d,]{1,11} more characters cut\]$/
const CUT_CHARS = 44
// oxlint-disable-next-line no-control-regex
const UP = /^(?:\r|\x1b\[(\d{1,3})F)/

/** A text as it goes into a log. */
export interface LogText {
  /** Which line its first one replaces: 0 for the last, 1 for the one before; null where it begins a new one. */
  up: number | null
  lines: readonly string[]
}

/** A text that replaces a line by another: the last one of its kind (0), the one before (1) and so on. */
export function replacing(up: number, line: string): string {
  return up === 0 && line !== '' ? `\r${line}` : `\x1b[${up}F${line}`
}

/** It is one line as it is. */
export function isLine(text: string): boolean {
  return (
    (text.length <= MAX_LINE_CHARS || (text.length <= MAX_LINE_CHARS + CUT_CHARS && CUT.test(text))) &&
    !PLAYED.test(text)
  )
}

/**
 * The lines of a text, with the habits of terminals played: line feeds separate, returns and backspaces write
 * over, only colours are left. A text that begins with a return, or with the sequence that goes some lines up
 * (CPL, `ESC [ n F`), replaces a line.
 * @param style in which it begins: what the text before left standing
 */
export function logText(text: string, style: string, mayReplace: boolean): LogText {
  const above = mayReplace ? UP.exec(text) : null
  if (!above) return { up: null, lines: linesOf(text, style) }
  const rest = text.slice(above[0].length)
  const lines = linesOf(rest, style)
  // A mere return says that more is to come.
  if (above[1] === undefined && /^\r*(?:\n|$)/.test(rest)) return { up: null, lines: lines.slice(1) }
  return { up: Number(above[1] ?? 0), lines }
}

function linesOf(text: string, style: string): readonly string[] {
  if (isLine(text)) return [sgrBetween('', style) + text]
  const terminal = new Terminal(style, true)
  terminal.write(text)
  terminal.end()
  const lines: string[] = []
  for (const edit of terminal.take()) lines[edit.row] = edit.text
  return lines
}
