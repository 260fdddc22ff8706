import type { LogLine } from '#model/log-buffer.ts'
import type { AnsiStyle } from './ansi.ts'
import type { Piece } from './shown-line.ts'
import { ROW_PX } from './viewport.ts'

/** One recycled row of the document. It touches only what differs from what it shows already. */
export class RowView {
  readonly element = document.createElement('div')
  readonly #time = document.createElement('span')
  readonly #timeText = document.createTextNode('')
  readonly #body = document.createElement('span')
  readonly #text = document.createTextNode('')
  #simple = true

  /** The row it shows, counted from `base`; -1 when it shows none. */
  row = -1
  /** What it shows, to tell whether it must be drawn again. */
  line = -1
  sub = 0
  raw: string | undefined
  at = 0
  stamp = -1

  #y = -1
  #className = ''
  #shift = 0

  constructor() {
    this.#time.className = 'log-time'
    this.#body.className = 'log-body'
    this.#time.append(this.#timeText)
    this.#body.append(this.#text)
    this.element.append(this.#time, this.#body)
    this.classes('log-row log-off')
  }

  /** @param y rows from the top of the sheet */
  place(y: number): void {
    if (y === this.#y) return
    this.#y = y
    this.element.style.transform = `translateY(${y * ROW_PX}px)`
  }

  classes(className: string): void {
    if (className === this.#className) return
    this.#className = className
    this.element.className = className
  }

  hide(): void {
    this.row = -1
    this.line = -1
    this.classes('log-row log-off')
  }

  time(text: string): void {
    if (text !== this.#timeText.data) this.#timeText.data = text
  }

  text(text: string): void {
    if (!this.#simple) {
      this.#simple = true
      this.#body.replaceChildren(this.#text)
    }
    if (text !== this.#text.data) this.#text.data = text
  }

  pieces(pieces: readonly Piece[]): void {
    const [only] = pieces
    if (pieces.length === 1 && only && !only.style && !only.mark) {
      this.text(only.text)
      return
    }
    this.#simple = false
    this.#body.replaceChildren(...pieces.map(pieceNode))
  }

  /** Where a line begins of which only a part is in the document, px. */
  shift(px: number): void {
    if (px === this.#shift) return
    this.#shift = px
    this.#body.style.paddingLeft = px === 0 ? '' : `${px}px`
  }
}

/** Which of a line's looks comes from its kind. */
export function kindClass(line: LogLine | undefined): string {
  return line ? (line.kind === 'out' ? '' : ` log-${line.kind}`) : ' log-missing'
}

function pieceNode({ text, style, mark }: Piece): Node {
  if (!style && !mark) return document.createTextNode(text)
  const element = document.createElement(mark ? 'mark' : 'span')
  element.textContent = text
  if (style) applyStyle(element, style)
  return element
}

function applyStyle(element: HTMLElement, { className, fg, bg }: AnsiStyle): void {
  element.className = className
  if (fg) element.style.setProperty('--ansi-fg', fg)
  if (bg) element.style.setProperty('--ansi-bg', bg)
}
