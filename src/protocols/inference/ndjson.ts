import { detached } from '#lib/detached.ts'

/** What a splitter found: a line without its end, or the beginning of one that is too long to be kept. */
export type SplitLine = { text: string } | { tooLong: string }

/** A log of several MB in base64 fits; what is longer is read on demand. */
const LONGEST_LINE = 32 * 1024 * 1024

/**
 * Cuts a stream of bytes into lines, wherever the chunks end: within a line, a line feed's pair or a character.
 * Linear in what it gets; a line over the bound is not kept.
 */
export class LineSplitter {
  readonly #longest: number
  readonly #decoder = new TextDecoder('utf-8')
  #parts: string[] = []
  #length = 0
  #tooLong: string | null = null

  constructor(longest = LONGEST_LINE) {
    this.#longest = longest
  }

  /** Takes a chunk; the lines that end in it. */
  push(chunk: Uint8Array): SplitLine[] {
    return this.#take(this.#decoder.decode(chunk, { stream: true }))
  }

  /** What follows the last line feed. A connection that broke ends within a line. */
  end(): SplitLine | null {
    const lines = this.#take(this.#decoder.decode())
    const rest = lines[0] ?? this.#finish()
    return 'text' in rest && rest.text === '' ? null : rest
  }

  #take(text: string): SplitLine[] {
    const lines: SplitLine[] = []
    let from = 0
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#add(text.slice(from, at))
      lines.push(this.#finish())
      from = at + 1
    }
    this.#add(text.slice(from))
    return lines
  }

  #add(part: string): void {
    if (part === '' || this.#tooLong !== null) return
    this.#parts.push(part)
    this.#length += part.length
    if (this.#length <= this.#longest) return
    this.#tooLong = detached(this.#parts.join('').slice(0, 2_000))
    this.#parts = []
  }

  #finish(): SplitLine {
    const text = this.#parts.join('')
    const tooLong = this.#tooLong
    this.#parts = []
    this.#length = 0
    this.#tooLong = null
    if (tooLong !== null) return { tooLong }
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text }
  }
}
