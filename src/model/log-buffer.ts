import { grouped } from '#lib/grouped.ts'
import { styleAfter } from './sgr.ts'
import { isLine, logText } from './log-text.ts'

/**
 * `out`: what the task said; `gap`: a hole; `error`, `note`: Weir's own words; the rest: what was said in the
 * phases before the task itself ran. The place in the list is the wire code.
 */
export const LOG_LINE_KINDS = ['out', 'gap', 'error', 'note', 'build', 'run', 'serve', 'setup'] as const
export type LogLineKind = (typeof LOG_LINE_KINDS)[number]

export interface LogLine {
  /** ms since epoch. */
  at: number
  kind: LogLineKind
  text: string
}

/** A range of lines in columns, as it travels; `first` is the absolute number of the first. */
export interface LogColumns {
  first: number
  at: number[]
  /** Indexes of LOG_LINE_KINDS. */
  kinds: number[]
  texts: string[]
}

/** Half-open: `to` is the number after the last line. */
export interface LineRange {
  from: number
  to: number
}

/**
 * Lines that will not change any more. One string holds all their texts: a million string objects would take
 * more memory than the text itself, and a search in one long string runs at the speed of memory.
 */
export interface LogChunk {
  readonly first: number
  /** Absolute number after the chunk's last line. */
  readonly end: number
  /** The texts, joined by line feeds; no text contains one. */
  readonly text: string
  /** Where each line begins in `text`. */
  readonly offsets: Uint32Array
  readonly at: Float64Array
  /** Null when every line is of kind `out`. */
  readonly kinds: Uint8Array | null
  /** Printable ASCII only: one character is one column, and there is nothing to interpret. */
  readonly plain: boolean
  readonly bytes: number
}

export interface LogBounds {
  maxLines: number
  maxBytes: number
}

const KIND_CODES: Readonly<Record<LogLineKind, number>> = {
  out: 0,
  gap: 1,
  error: 2,
  note: 3,
  build: 4,
  run: 5,
  serve: 6,
  setup: 7,
}
const OUT = KIND_CODES.out

/**
 * So many of the newest lines may still be replaced. Programs reach TERMINAL_ROWS of their own up; what Weir says
 * in between takes some, too.
 */
export const OPEN_LINES = 80
const CHUNK_LINES = 1_024
const CHUNK_CHARS = 262_144
/** Rough cost of a line of the open chunk beyond its characters, and of a sealed chunk beyond its columns. */
const OPEN_LINE_BYTES = 48
const CHUNK_BYTES = 320

const NOT_PLAIN = /[^\x20-\x7e\n]/
const NOT_LATIN1 = /[^\0-\xff]/

/**
 * A log that only grows at its end, addressed by absolute line numbers that never change. The relay keeps
 * what it received; a page keeps a sparse copy of it, and both fold new text by the same `append`, so that a
 * number means the same line everywhere.
 *
 * Lines gather in an open chunk, of which the older part is sealed when there is enough of it; the newest lines
 * always stay in the open one, because progress bars may still replace them. What goes beyond the bounds leaves
 * from the front, a chunk at a time.
 */
export class LogBuffer {
  readonly #maxLines: number
  readonly #maxBytes: number
  readonly #chunkLines: number

  #chunks: LogChunk[] = []
  #sealedBytes = 0
  #first = 0
  #total = 0
  #version = 0
  #generation = 0
  #sealedVersion = 0

  #openFirst = 0
  #openTexts: string[] = []
  #openAt: number[] = []
  #openKinds: number[] = []
  #openChars = 0
  /** Characters of the lines before the newest OPEN_LINES. */
  #sealableChars = 0

  /** By kind, the number of the newest line that left a style standing, and the style. */
  readonly #standing = LOG_LINE_KINDS.map(() => ({ line: -1, style: '' }))
  /** Whether `#standing` is of what is loaded now. */
  #stood = true
  /** The first line that changed since `takeChanged`. */
  #changedFrom = Number.POSITIVE_INFINITY

  constructor(bounds: LogBounds) {
    this.#maxLines = bounds.maxLines
    this.#maxBytes = bounds.maxBytes
    // Small bounds get small chunks, so that whole chunks can leave without emptying the log.
    this.#chunkLines = Math.min(CHUNK_LINES, Math.max(16, bounds.maxLines >> 3))
  }

  /** Absolute number of the oldest line kept. */
  get first(): number {
    return this.#first
  }

  /** Absolute number after the newest line. */
  get total(): number {
    return this.#total
  }

  /** Differs after every change. */
  get version(): number {
    return this.#version
  }

  /** Differs after every `reset`: what was derived from the lines before is void. */
  get generation(): number {
    return this.#generation
  }

  /** Approximate memory. */
  get bytes(): number {
    return this.#sealedBytes + this.#openChars + this.#openTexts.length * OPEN_LINE_BYTES
  }

  /** Differs after every change of `chunks`. */
  get sealedVersion(): number {
    return this.#sealedVersion
  }

  /** The sealed chunks, in order; there may be holes between them. */
  get chunks(): readonly LogChunk[] {
    return this.#chunks
  }

  /** Absolute number of the first line of the open chunk, which reaches to `total`. */
  get openFirst(): number {
    return this.#openFirst
  }

  /**
   * Adds what was said. Habits of terminals are played: see `logText`. Colours that a text leaves standing go on in
   * the next one of its kind.
   */
  append(at: number, kind: LogLineKind, text: string): void {
    this.#version += 1
    const code = KIND_CODES[kind]
    const style = isTerminalKind(code) ? this.#style(code) : ''
    if (style === '' && isLine(text)) {
      this.#push(at, code, text)
      if (text.includes('\x1b')) this.#stand(code, this.#total - 1, text)
    } else this.#fold(at, code, text, style)
    if (this.#total - this.#first > this.#maxLines || this.bytes > this.#maxBytes) this.#evict()
  }

  /**
   * Starts from a snapshot: lines `first` to `total` exist, none of them is loaded but those of `kept`, which are
   * in order.
   */
  reset(total: number, first: number, kept: readonly LogChunk[] = []): void {
    this.#version += 1
    this.#generation += 1
    this.#sealedVersion += 1
    this.#chunks = [...kept]
    this.#sealedBytes = kept.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#first = Math.min(first, total)
    this.#total = total
    this.#emptyOpen()
    this.#stood = false
  }

  /** Puts lines that were folded elsewhere where they are missing; lines already here stay as they are. */
  fill(first: number, at: ArrayLike<number>, kinds: ArrayLike<number>, texts: readonly string[]): void {
    const holes = this.missing(first, first + texts.length)
    if (holes.length === 0) return
    this.#version += 1
    for (const { from, to } of holes) {
      // The newest lines may still be replaced.
      const newest = to === this.#total && this.#openTexts.length === 0
      const end = newest ? Math.max(from, to - OPEN_LINES) : to
      if (newest) {
        this.#openFirst = end
        for (let k = end - first; k < to - first; k++) {
          const text = texts[k] ?? ''
          this.#openTexts.push(text)
          this.#openAt.push(at[k] ?? 0)
          this.#openKinds.push(kinds[k] ?? OUT)
          this.#openChars += text.length
        }
        this.#stood = false
      }
      this.#insert(first, from, end, at, kinds, texts)
    }
    this.#evict()
  }

  /** Lets go of all lines before `line`, which are gone elsewhere too. */
  dropBefore(line: number): void {
    if (line <= this.#first) return
    this.#version += 1
    const chunks = this.#chunks
    while (chunks[0] && chunks[0].end <= line) this.#dropChunk()
    this.#first = Math.min(chunks[0]?.first ?? this.#openFirst, line)
  }

  has(line: number): boolean {
    if (line >= this.#openFirst) return line < this.#total
    return this.#chunkOf(line) !== undefined
  }

  /** The first line that was added or replaced since the last `takeChanged`; Infinity when none was. */
  get changedFrom(): number {
    return this.#changedFrom
  }

  /** The first line that was added or replaced since the last call; null when none was. */
  takeChanged(): number | null {
    const from = this.#changedFrom
    this.#changedFrom = Number.POSITIVE_INFINITY
    return from < this.#total ? Math.max(from, this.#first) : null
  }

  /** Lets go of sealed chunks before `line` that are kept elsewhere too: they are read again when wanted. */
  unload(line: number): void {
    const count = this.#chunks.findIndex((chunk) => chunk.end > line)
    const gone = this.#chunks.splice(0, count < 0 ? this.#chunks.length : count)
    if (gone.length === 0) return
    this.#sealedBytes -= gone.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#sealedVersion += 1
    this.#version += 1
  }

  /** The lines of a range that exist but are not loaded. */
  missing(from: number, to: number): LineRange[] {
    const holes: LineRange[] = []
    const end = Math.min(to, this.#openFirst)
    let next = Math.max(from, this.#first)
    for (let k = this.#indexOf(next); next < end; k++) {
      const chunk = this.#chunks[k]
      const hole = Math.min(chunk?.first ?? end, end)
      if (next < hole) holes.push({ from: next, to: hole })
      next = chunk ? Math.max(next, chunk.end) : end
    }
    return holes
  }

  /** A line's text alone; undefined when it is not loaded. */
  textOf(line: number): string | undefined {
    if (line >= this.#openFirst) return this.#openTexts[line - this.#openFirst]
    const chunk = this.#chunkOf(line)
    return chunk && chunkLine(chunk, line - chunk.first)
  }

  line(line: number): LogLine | undefined {
    if (line >= this.#openFirst) {
      const k = line - this.#openFirst
      const text = this.#openTexts[k]
      if (text === undefined) return undefined
      return { at: this.#openAt[k] ?? 0, kind: kindOf(this.#openKinds[k]), text }
    }
    const chunk = this.#chunkOf(line)
    if (!chunk) return undefined
    const k = line - chunk.first
    return { at: chunk.at[k] ?? 0, kind: kindOf(chunk.kinds?.[k]), text: chunkLine(chunk, k) }
  }

  /**
   * The loaded lines of a range, up to the first hole after them.
   * @param chars no more than so many characters, though one line at least
   */
  range(from: number, to: number, chars = Infinity): LogColumns {
    const end = Math.min(to, this.#total)
    let first = Math.max(from, this.#first)
    const hole = this.missing(first, end)[0]
    // A range that begins in a hole starts after it.
    if (hole?.from === first) first = hole.to
    const columns: LogColumns = { first, at: [], kinds: [], texts: [] }
    let left = chars
    let next = first
    for (let k = this.#indexOf(next); next < end && next < this.#openFirst; k++) {
      const chunk = this.#chunks[k]
      if (!chunk || chunk.first > next) return columns
      const stop = Math.min(end, chunk.end)
      for (; next < stop; next++) {
        const i = next - chunk.first
        const text = chunkLine(chunk, i)
        if ((left -= text.length) < 0 && next > first) return columns
        columns.at.push(chunk.at[i] ?? 0)
        columns.kinds.push(chunk.kinds?.[i] ?? OUT)
        columns.texts.push(text)
      }
    }
    for (; next < end; next++) {
      const i = next - this.#openFirst
      const text = this.#openTexts[i] ?? ''
      if ((left -= text.length) < 0 && next > first) return columns
      columns.at.push(this.#openAt[i] ?? 0)
      columns.kinds.push(this.#openKinds[i] ?? OUT)
      columns.texts.push(text)
    }
    return columns
  }

  /** The texts of a range, a line feed between them; what is not loaded is named in its place. */
  text(from: number, to: number): string {
    const parts: string[] = []
    const end = Math.min(to, this.#total)
    let next = Math.max(from, this.#first)
    for (let k = this.#indexOf(next); next < end && next < this.#openFirst; k++) {
      const chunk = this.#chunks[k]
      const start = Math.min(chunk?.first ?? this.#openFirst, end)
      if (next < start) parts.push(gapText(`lines ${grouped(next + 1)} to ${grouped(start)} are not loaded`))
      next = Math.max(next, start)
      if (!chunk || next >= end) continue
      const stop = Math.min(end, chunk.end)
      const endOffset = stop < chunk.end ? (chunk.offsets[stop - chunk.first] ?? 0) - 1 : chunk.text.length
      parts.push(chunk.text.slice(chunk.offsets[next - chunk.first], endOffset))
      next = stop
    }
    if (next < end)
      parts.push(this.#openTexts.slice(next - this.#openFirst, end - this.#openFirst).join('\n'))
    return parts.join('\n')
  }

  #push(at: number, code: number, text: string): void {
    const texts = this.#openTexts
    texts.push(text)
    this.#openAt.push(at)
    this.#openKinds.push(code)
    this.#openChars += text.length
    if (this.#total < this.#changedFrom) this.#changedFrom = this.#total
    this.#total += 1
    const sealable = texts.length - OPEN_LINES
    if (sealable <= 0) return
    this.#sealableChars += texts[sealable - 1]?.length ?? 0
    if (sealable >= this.#chunkLines || this.#sealableChars >= CHUNK_CHARS) this.#seal(sealable)
  }

  #fold(at: number, code: number, text: string, style: string): void {
    const { up, lines } = logText(text, style, isTerminalKind(code))
    let next = up !== null && lines.length > 0 && this.#replace(at, code, up, lines[0]!) ? 1 : 0
    for (; next < lines.length; next++) {
      this.#push(at, code, lines[next]!)
      this.#stand(code, this.#total - 1, lines[next]!)
    }
  }

  /**
   * Replaces a line, counted from the last one of its kind up. False when there is none to replace, so that the text
   * is one of its own. A line that is not loaded counts as replaced: the relay, which knows it, sends its final text
   * when asked; so does one that is out of reach.
   */
  #replace(at: number, code: number, up: number, text: string): boolean {
    const lowest = Math.max(this.#first, this.#total - OPEN_LINES)
    let left = up
    for (let line = this.#total - 1; line >= lowest; line--) {
      const k = line - this.#openFirst
      if (k < 0) return true
      if (this.#openKinds[k] !== code) continue
      if (left-- > 0) continue
      this.#openChars += text.length - (this.#openTexts[k]?.length ?? 0)
      this.#openTexts[k] = text
      this.#openAt[k] = at
      this.#stood = false
      if (line < this.#changedFrom) this.#changedFrom = line
      return true
    }
    return up > 0
  }

  /** The style in which a text of a kind begins: what the last one left, if it is not long ago. */
  #style(code: number): string {
    if (!this.#stood) {
      this.#stood = true
      for (const standing of this.#standing) standing.style = ''
      for (let line = Math.max(this.#openFirst, this.#total - OPEN_LINES); line < this.#total; line++) {
        const k = line - this.#openFirst
        this.#stand(this.#openKinds[k] ?? OUT, line, this.#openTexts[k] ?? '')
      }
    }
    const { line, style } = this.#standing[code]!
    return style !== '' && line >= this.#total - OPEN_LINES ? style : ''
  }

  #stand(code: number, line: number, text: string): void {
    const standing = this.#standing[code]!
    standing.line = line
    standing.style = styleAfter(text)
  }

  #seal(count: number): void {
    const texts = this.#openTexts.splice(0, count)
    const at = this.#openAt.splice(0, count)
    const kinds = this.#openKinds.splice(0, count)
    const chars = texts.reduce((sum, text) => sum + text.length, 0)
    this.#add(this.#chunks.length, sealed(this.#openFirst, at, kinds, texts, chars))
    this.#openFirst += count
    this.#openChars -= chars
    this.#sealableChars = 0
  }

  #emptyOpen(): void {
    this.#openFirst = this.#total
    this.#openTexts = []
    this.#openAt = []
    this.#openKinds = []
    this.#openChars = 0
    this.#sealableChars = 0
  }

  /** Seals lines `from` to `to` of columns that begin at `first`. */
  #insert(
    first: number,
    from: number,
    to: number,
    at: ArrayLike<number>,
    kinds: ArrayLike<number>,
    texts: readonly string[],
  ): void {
    let index = this.#indexOf(from)
    for (let start = from; start < to;) {
      let chars = 0
      let end = start
      const part: string[] = []
      const partAt: number[] = []
      const partKinds: number[] = []
      for (; end < to && part.length < this.#chunkLines && chars < CHUNK_CHARS; end++) {
        const text = texts[end - first] ?? ''
        part.push(text)
        partAt.push(at[end - first] ?? 0)
        partKinds.push(kinds[end - first] ?? OUT)
        chars += text.length
      }
      this.#add(index, sealed(start, partAt, partKinds, part, chars))
      index += 1
      start = end
    }
  }

  #add(index: number, chunk: LogChunk): void {
    if (index === this.#chunks.length) this.#chunks.push(chunk)
    else this.#chunks.splice(index, 0, chunk)
    this.#sealedBytes += chunk.bytes
    this.#sealedVersion += 1
  }

  #dropChunk(): void {
    this.#sealedBytes -= this.#chunks.shift()?.bytes ?? 0
    this.#sealedVersion += 1
  }

  #evict(): void {
    for (;;) {
      const beyond = this.#total - this.#maxLines
      if (this.#first >= beyond && this.bytes <= this.#maxBytes) return
      const head = this.#chunks[0]
      const start = head?.first ?? this.#openFirst
      // A hole at the front costs no memory; it goes line by line.
      if (this.#first < start && this.#first < beyond) this.#first = Math.min(start, beyond)
      else if (head) {
        this.#first = head.end
        this.#dropChunk()
      } else return
    }
  }

  /** Index of the first chunk that ends after the line. */
  #indexOf(line: number): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#chunks[middle]?.end ?? 0) <= line) low = middle + 1
      else high = middle
    }
    return low
  }

  #chunkOf(line: number): LogChunk | undefined {
    const chunk = this.#chunks[this.#indexOf(line)]
    return chunk && chunk.first <= line ? chunk : undefined
  }
}

/** Line `k` of a chunk. */
export function chunkLine(chunk: LogChunk, k: number): string {
  const next = chunk.offsets[k + 1]
  return chunk.text.slice(chunk.offsets[k], next === undefined ? undefined : next - 1)
}

/** A chunk of lines from the absolute number `first` on; `chars` are those of its texts. */
export function sealed(
  first: number,
  at: readonly number[],
  kinds: readonly number[],
  texts: readonly string[],
  chars: number,
): LogChunk {
  const count = texts.length
  const offsets = new Uint32Array(count)
  let offset = 0
  let special = false
  for (let k = 0; k < count; k++) {
    offsets[k] = offset
    offset += (texts[k]?.length ?? 0) + 1
    special ||= kinds[k] !== OUT
  }
  // `join` makes a flat string of its own: nothing that a line was cut from stays alive.
  const text = texts.join('\n')
  const plain = !NOT_PLAIN.test(text)
  const width = plain || !NOT_LATIN1.test(text) ? 1 : 2
  return {
    first,
    end: first + count,
    text,
    offsets,
    at: Float64Array.from(at),
    kinds: special ? Uint8Array.from(kinds) : null,
    plain,
    bytes: (chars + count) * width + count * (special ? 13 : 12) + CHUNK_BYTES,
  }
}

/** Kinds that programs write, with the habits of terminals. */
function isTerminalKind(code: number): boolean {
  return code === OUT || code >= KIND_CODES.build
}

function kindOf(code: number | undefined): LogLineKind {
  return LOG_LINE_KINDS[code ?? OUT] ?? 'out'
}

/** What Weir says of a hole, where the log is read as text: no line of the program looks like it. */
export function gapText(text: string): string {
  return `# [weir gap] ${text}`
}

/** A line where the log is read as text; `kind` is an index of LOG_LINE_KINDS. */
export function exportedLine(kind: number | undefined, text: string): string {
  return kindOf(kind) === 'gap' ? gapText(text) : text
}
