import { detached } from '#lib/detached.ts'
import { applySgr, withoutSgr } from './sgr.ts'
import { TerminalRow } from './terminal-row.ts'

/** So many of the newest rows may be written on; older ones are sealed. */
export const TERMINAL_ROWS = 64
/** Moves go no further to the right than this; what is written there would be filled up with spaces. */
const MOST_COLUMNS = 512
/** A sequence that is not finished after this many characters is none. */
const LONGEST_SEQUENCE = 65_536

/** What a row reads now. */
export interface RowEdit {
  /** Number of the row, from 0 on; they come in order, each once before it is changed. */
  row: number
  text: string
}

export interface ReadRow {
  row: number
  text: string
  /** It was written over from its start without the cursor having left it in between. */
  inPlace: boolean
  /** It is being written over, and only so many columns are new; Infinity when it is whole. */
  fresh: number
}

interface Row {
  readonly cells: TerminalRow
  changed: boolean
  /** What was last told of it; null before. */
  told: string | null
  /** It was written over from its start without the cursor having left it. */
  inPlace: boolean
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x1f\x84\x85\x8d\x90\x98\x9b-\x9f]/g
/** The first half of a character, or what joins it to the next. */
const HALF = /(?:\u200d[\ud800-\udbff]?|[\ud800-\udbff])$/
// oxlint-disable-next-line no-control-regex
const CSI = /(?:\x1b\[|\x9b)([0-?]{0,256})([ -/]{0,16})([@-~])/y
// oxlint-disable-next-line no-control-regex
const CSI_BEGUN = /(?:\x1b\[|\x9b)[0-?]{0,256}[ -/]{0,16}$/y
/** Titles, links, pictures and other strings for the terminal itself; a line's end ends none of them. */
const STRING =
  // oxlint-disable-next-line no-control-regex
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\n\r\x07\x18\x1a\x1b\x9c]*(?:\x07|\x1b\\|\x9c|\x18|\x1a)/y
// oxlint-disable-next-line no-control-regex
const STRING_BEGUN = /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\n\r\x07\x18\x1a\x1b\x9c]*\x1b?$/y
// oxlint-disable-next-line no-control-regex
const OTHER = /\x1b[ -/]{0,16}([0-~])/y
// oxlint-disable-next-line no-control-regex
const OTHER_BEGUN = /\x1b[ -/]{0,16}$/y
// oxlint-disable-next-line no-control-regex
const INTRODUCER = /\x1b[[\]PX^_]/y

/**
 * Shows what a program writes as a terminal does whose rows never leave it: returns and backspaces, cursor moves,
 * erasing, tabs and colours. The rows come out as lines of text in which nothing but colours is left of all that.
 * Wherever what is written is cut into pieces, the rows are the same in the end.
 *
 * It has no width at which rows are broken, and no height: upwards the cursor gets to the last TERMINAL_ROWS rows,
 * and not beyond where the screen was cleared, for what a log holds is not lost to `clear`.
 */
export class Terminal {
  readonly #rows: Row[] = []
  /** Number of the first of them. */
  #first = 0
  /** The row that stands at the top of the screen. */
  #home = 0
  #cleared = false
  /** The cursor, by row number. The row it is on may not exist yet. */
  #row = 0
  #column = 0
  #saved = { row: 0, column: 0 }
  #style: string
  readonly #open: boolean
  /** A sequence that is not complete yet. */
  #begun = ''
  /** What rows read that are sealed since the last `take`. */
  #out: RowEdit[] = []
  /** Since it came to its row, the cursor has written there; and then returned to its start. */
  #wrote = false
  #returned = false

  /**
   * @param style in which it begins
   * @param open the last row ends in the style that goes on in what follows, instead of in none
   */
  constructor(style = '', open = false) {
    this.#style = style
    this.#open = open
  }

  /** The style in which what follows is written. */
  get style(): string {
    return this.#style
  }

  write(text: string): void {
    let all = this.#begun + text
    this.#begun = ''
    // What it is joined to decides how wide it is.
    const half = HALF.exec(all)
    if (half) all = all.slice(0, half.index)
    this.#follow(all)
    if (half) this.#begun += half[0]
  }

  #follow(all: string): void {
    let at = 0
    while (at < all.length) {
      CONTROL.lastIndex = at
      const next = CONTROL.exec(all)?.index ?? all.length
      if (next > at) {
        // A line is not to keep the piece alive that it came in.
        const part = all.slice(at, next)
        this.#put(all.length > 1_024 && part.length < all.length / 2 ? detached(part) : part)
      }
      if (next === all.length) return
      at = this.#control(all, next)
      if (at < 0) {
        this.#begun = detached(all.slice(next))
        return
      }
    }
  }

  /** No more comes: what looked like the beginning of a sequence is text. */
  end(): void {
    const begun = this.#begun
    this.#begun = ''
    if (begun === '') return
    this.#put(visible(begun[0]!))
    this.write(begun.slice(1))
    this.end()
  }

  /**
   * New rows, and those that read otherwise than they were told, in order.
   * @param holds true for a row, by what it reads, of which more is to be waited for; only asked of the cursor's
   */
  take(holds: (text: string, told: string | null) => boolean = () => false): RowEdit[] {
    const edits = this.#out
    this.#out = []
    for (const [k, row] of this.#rows.entries()) {
      if (!row.changed) continue
      const number = this.#first + k
      const text = this.#text(row, number)
      if (number === this.#row && holds(text, row.told)) continue
      row.changed = false
      if (text === row.told) continue
      row.told = text
      edits.push({ row: number, text })
    }
    return edits
  }

  /** The rows that may still change, from the top, without their colours. */
  read(): ReadRow[] {
    return this.#rows.map((row, k) => ({
      row: this.#first + k,
      text: withoutSgr(this.#text(row, this.#first + k)),
      inPlace: row.inPlace,
      // What stands behind the cursor is of before.
      fresh:
        this.#wrote && this.#first + k === this.#row && this.#column < row.cells.columns
          ? this.#column
          : Infinity,
    }))
  }

  #text(row: Row, number: number): string {
    const last = this.#open && number === this.#next - 1
    return row.cells.written(last ? this.#style : '')
  }

  // ---- rows

  /** The cursor's row, which exists from now on. */
  #here(): Row {
    while (this.#next <= this.#row) {
      if (this.#rows.length >= TERMINAL_ROWS) this.#seal()
      this.#rows.push({ cells: new TerminalRow(), changed: true, told: null, inPlace: false })
    }
    return this.#rows[this.#row - this.#first]!
  }

  #seal(): void {
    const row = this.#rows.shift()!
    const text = this.#text(row, this.#first)
    if (text !== row.told) this.#out.push({ row: this.#first, text })
    this.#first += 1
  }

  #existing(): Row | undefined {
    return this.#rows[this.#row - this.#first]
  }

  #put(text: string): void {
    const row = this.#here()
    row.changed = true
    if (this.#returned) row.inPlace = true
    this.#returned = false
    this.#wrote = true
    this.#column = row.cells.put(this.#column, text, this.#style)
  }

  #change(change: (row: TerminalRow) => void): void {
    const row = this.#existing()
    if (!row) return
    row.changed = true
    change(row.cells)
  }

  /** The row after the last one. */
  get #next(): number {
    return this.#first + this.#rows.length
  }

  #go(row: number, lowest = Math.max(this.#next - 1, this.#row)): void {
    const to = Math.max(Math.min(row, lowest), this.#first, this.#home)
    if (to !== this.#row) this.#wrote = this.#returned = false
    this.#row = to
  }

  #feed(): void {
    this.#here()
    this.#row += 1
    this.#wrote = this.#returned = false
  }

  #moveTo(column: number): void {
    this.#column = Math.min(Math.max(0, column), Math.max(MOST_COLUMNS, this.#column))
  }

  /** What is there stays, and the screen begins below it. */
  #clear(): void {
    this.#go(this.#next, this.#next)
    this.#column = 0
    this.#home = this.#row
    this.#cleared = true
  }

  // ---- control characters and sequences

  /** Follows the one at `at`; returns where to go on, or -1 when its end is not there yet. */
  #control(text: string, at: number): number {
    switch (text.charCodeAt(at)) {
      case 0x00: // NUL
      case 0x07: // BEL
      case 0x0e: // SO
      case 0x0f: // SI
      case 0x9c: // ST of nothing
        return at + 1
      case 0x08: // BS
        this.#moveTo(this.#column - 1)
        return at + 1
      case 0x0a: // LF; what is written next begins a line
      case 0x85: // NEL
        this.#feed()
        this.#column = 0
        return at + 1
      case 0x84: // IND
        this.#feed()
        return at + 1
      case 0x8d: // RI
        this.#go(this.#row - 1)
        return at + 1
      case 0x0d: // CR
        this.#column = 0
        this.#returned = this.#wrote
        return at + 1
      case 0x1b: // ESC
      case 0x90:
      case 0x98:
      case 0x9b:
      case 0x9d:
      case 0x9e:
      case 0x9f:
        return this.#sequence(text, at)
      default:
        this.#put(text[at]!)
        return at + 1
    }
  }

  #sequence(text: string, at: number): number {
    const csi = matchAt(CSI, text, at)
    if (csi) {
      if (csi[2] === '') this.#command(csi[3]!, csi[1]!)
      return CSI.lastIndex
    }
    if (matchAt(STRING, text, at)) return STRING.lastIndex
    const begun = [CSI_BEGUN, STRING_BEGUN, OTHER_BEGUN].some((pattern) => matchAt(pattern, text, at))
    if (begun && text.length - at <= LONGEST_SEQUENCE) return -1
    const other = matchAt(INTRODUCER, text, at) ? null : matchAt(OTHER, text, at)
    if (!other) {
      this.#put(visible(text[at]!))
      return at + 1
    }
    if (other[0] === '\x1b7') this.#saved = { row: this.#row, column: this.#column }
    else if (other[0] === '\x1b8') this.#restore()
    else if (other[0] === '\x1bc') this.#clear()
    else if (other[0] === '\x1bM') this.#go(this.#row - 1)
    else if (other[0] === '\x1bD') this.#feed()
    else if (other[0] === '\x1bE') {
      this.#feed()
      this.#column = 0
    }
    return OTHER.lastIndex
  }

  #restore(): void {
    this.#go(this.#saved.row, this.#next)
    this.#moveTo(this.#saved.column)
  }

  #command(final: string, params: string): void {
    if (/^[<-?]/.test(params)) {
      // A second screen: what was on the first one stays.
      if (final === 'h' && /^\?(?:47|1047|1049)$/.test(params)) this.#clear()
      return
    }
    const numbers = params.split(';').map((part) => (part === '' ? 0 : Number(part) || 0))
    const count = Math.max(1, numbers[0] ?? 0)
    const kind = numbers[0] ?? 0
    const column = this.#column
    switch (final) {
      case 'm':
        this.#style = applySgr(this.#style, params)
        // An open row ends in it.
        if (this.#open) this.#change(() => {})
        break
      case 'A':
        this.#go(this.#row - count)
        break
      case 'B':
      case 'e':
        this.#go(this.#row + count)
        break
      case 'C':
      case 'a':
        this.#moveTo(column + count)
        break
      case 'D':
        this.#moveTo(column - count)
        break
      case 'E':
        this.#go(this.#row + count)
        this.#column = 0
        break
      case 'F':
        this.#go(this.#row - count)
        this.#column = 0
        break
      case 'G':
      case '`':
        this.#moveTo(count - 1)
        if (this.#column === 0) this.#returned = this.#wrote
        break
      case 'H':
      case 'f':
        if (!this.#cleared || this.#home < this.#first) this.#clear()
        this.#go(this.#home + count - 1, this.#next)
        this.#moveTo(Math.max(1, numbers[1] ?? 0) - 1)
        break
      case 'J':
        if (kind >= 2) this.#clear()
        else this.#eraseRow(kind)
        if (kind === 0) this.#eraseBelow()
        break
      case 'K':
        this.#eraseRow(kind)
        break
      case 'X':
        this.#change((row) => row.erase(column, column + count))
        break
      case 'P':
        this.#change((row) => row.shift(column, Math.min(count, MOST_COLUMNS)))
        break
      case '@':
        this.#change((row) => row.shift(column, -Math.min(count, MOST_COLUMNS)))
        break
      case 's':
        this.#saved = { row: this.#row, column }
        break
      case 'u':
        this.#restore()
        break
    }
  }

  #eraseRow(kind: number): void {
    const column = this.#column
    if (kind === 0) this.#change((row) => row.erase(column, Infinity))
    else if (kind === 1) this.#change((row) => row.erase(0, column + 1))
    else if (kind === 2) this.#change((row) => row.erase(0, Infinity))
  }

  #eraseBelow(): void {
    for (const row of this.#rows.slice(this.#row - this.#first + 1)) {
      row.cells.erase(0, Infinity)
      row.changed = true
    }
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** A control character that does nothing, as one can see it. */
function visible(character: string): string {
  if (character === '\x1b') return '\u241b'
  return /[\x80-\x9f]/.test(character) ? '\ufffd' : character
}
