import { characters, isPlain, measure } from '#lib/char-columns.ts'
import { grouped } from '#lib/grouped.ts'
import { sgrBetween, styled } from './sgr.ts'

/** Longer lines are cut: nobody reads them, and one could outweigh the rest of the log. */
export const MAX_LINE_CHARS = 65_536
const TAB = 8
/** More marks than this on one character are no writing. */
const MOST_JOINED = 64

/** What stands in one column. */
interface Cell {
  /** Empty where the character before takes this column, too. */
  text: string
  style: string
}

/**
 * One row of a terminal. As long as it is only written on at its end it is a text; it is taken apart into cells
 * once something is written over.
 */
export class TerminalRow {
  #text = ''
  #columns = 0
  /** The style in which the text ends. */
  #style = ''
  #cells: Cell[] | null = null
  /** Characters that had no place any more. */
  #cut = 0

  /** Where the next character goes that is written on at the end. */
  get columns(): number {
    return this.#cells ? this.#cells.length : this.#columns
  }

  /** Writes text without control characters, or one of them that is shown, at a column; returns the column after it. */
  put(column: number, text: string, style: string): number {
    if (this.#text.length + text.length > MAX_LINE_CHARS && column >= this.columns) {
      const room = Math.max(0, MAX_LINE_CHARS - this.#text.length)
      const kept = whole(text, this.#cut > 0 ? 0 : room)
      this.#cut += text.length - kept.length
      if (kept === '') return column
      text = kept
    }
    if (!this.#cells && column === this.#columns) {
      this.#text += sgrBetween(this.#style, style) + text
      this.#style = style
      this.#columns += text === '\t' ? TAB - (column % TAB) : measure(text)
      return this.#columns
    }
    return this.#overwrite(column, text, style)
  }

  /** Empties columns `from` to `to`. */
  erase(from: number, to: number): void {
    if (from === 0 && to >= this.columns) {
      this.#text = ''
      this.#columns = 0
      this.#style = ''
      this.#cells = null
      this.#cut = 0
      return
    }
    if (from >= this.columns) return
    const cells = this.#apart()
    this.#split(cells, from)
    this.#split(cells, to)
    if (to >= cells.length) cells.length = from
    else cells.fill({ text: ' ', style: '' }, from, to)
  }

  /** Takes out `count` columns (or puts in empty ones, when negative); what follows moves. */
  shift(column: number, count: number): void {
    if (column >= this.columns) return
    const cells = this.#apart()
    this.#split(cells, column)
    if (count > 0) {
      this.#split(cells, column + count)
      cells.splice(column, count)
    } else cells.splice(column, 0, ...Array.from({ length: -count }, () => ({ text: ' ', style: '' })))
  }

  /** The row as text, with its colours; in the end it is as `style` says. */
  written(style: string): string {
    const cut = this.#cut > 0 ? ` … [${grouped(this.#cut)} more characters cut]` : ''
    if (!this.#cells) return this.#text + sgrBetween(this.#style, style) + cut
    let length = this.#cells.length
    // What was written over something longer is filled up with spaces.
    while (length > 0 && this.#cells[length - 1]!.text === ' ' && this.#cells[length - 1]!.style === '')
      length--
    let text = ''
    let last = ''
    for (const cell of this.#cells.slice(0, length)) {
      if (cell.text === '') continue
      text += sgrBetween(last, cell.style) + cell.text
      last = cell.style
    }
    return text + sgrBetween(last, style) + cut
  }

  #overwrite(column: number, text: string, style: string): number {
    const cells = this.#apart()
    while (cells.length < column) cells.push({ text: ' ', style: '' })
    if (text === '\t') {
      const stop = column + TAB - (column % TAB)
      // Over what is there it only moves.
      if (column >= cells.length) push(cells, '\t', stop - column, style)
      return stop
    }
    let at = column
    for (const [character, width] of characters(text)) {
      if (at >= MAX_LINE_CHARS) {
        this.#cut += character.length
        continue
      }
      if (width === 0 && at > 0) {
        let before = at - 1
        while (before > 0 && cells[before]!.text === '') before--
        const cell = cells[before]!
        if (cell.text.length < MOST_JOINED) cells[before] = { ...cell, text: cell.text + character }
        continue
      }
      const taken = Math.max(1, width)
      this.#split(cells, at)
      this.#split(cells, at + taken)
      cells[at] = { text: character, style }
      if (taken === 2) cells[at + 1] = { text: '', style }
      at += taken
    }
    return at
  }

  #apart(): Cell[] {
    if (this.#cells) return this.#cells
    const cells: Cell[] = []
    for (const [text, style] of styled(this.#text)) {
      if (isPlain(text)) for (const character of text) cells.push({ text: character, style })
      else
        for (const [character, width] of characters(text)) {
          const last = width === 0 && cells.findLast((cell) => cell.text !== '')
          if (last) last.text += character
          else
            push(
              cells,
              character,
              character === '\t' ? TAB - (cells.length % TAB) : Math.max(1, width),
              style,
            )
        }
    }
    this.#text = ''
    return (this.#cells = cells)
  }

  /** What lies across a column's left edge falls apart into spaces. */
  #split(cells: Cell[], column: number): void {
    if (cells[column]?.text !== '') return
    let from = column
    while (from > 0 && cells[from]!.text === '') from--
    let to = column
    while (cells[to]?.text === '') to++
    for (let k = from; k < to; k++) cells[k] = { text: ' ', style: cells[k]!.style }
  }
}

function push(cells: Cell[], character: string, width: number, style: string): void {
  cells.push({ text: character, style })
  for (let k = 1; k < width; k++) cells.push({ text: '', style })
}

/** The first characters of a text; none of them is half a pair of surrogates. */
function whole(text: string, length: number): string {
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length)
}
