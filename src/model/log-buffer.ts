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

/** Longer lines are cut: nobody reads them, and one could outweigh the rest of the log. */
export const MAX_LINE_CHARS = 65_536
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
 * Lines gather in an open chunk, which is sealed when full; the newest line always stays in the open one,
 * because a progress bar may still replace it. What goes beyond the bounds leaves from the front, a chunk at
 * a time.
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
   * Adds what was said. Habits of terminals are folded: line feeds separate lines, a carriage return
   * overwrites the line, and a text that begins with one replaces the line before it.
   */
  append(at: number, kind: LogLineKind, text: string): void {
    this.#version += 1
    const code = KIND_CODES[kind]
    if (text.length <= MAX_LINE_CHARS && text.indexOf('\r') < 0 && text.indexOf('\n') < 0)
      this.#push(at, code, text)
    else this.#fold(at, code, text)
    if (this.#total - this.#first > this.#maxLines || this.bytes > this.#maxBytes) this.#evict()
  }

  /** Starts from a snapshot: lines `first` to `total` exist, none of them is loaded. */
  reset(total: number, first: number): void {
    this.#version += 1
    this.#generation += 1
    this.#sealedVersion += 1
    this.#chunks = []
    this.#sealedBytes = 0
    this.#first = Math.min(first, total)
    this.#total = total
    this.#emptyOpen()
  }

  /** Puts lines that were folded elsewhere where they are missing; lines already here stay as they are. */
  fill(first: number, at: ArrayLike<number>, kinds: ArrayLike<number>, texts: readonly string[]): void {
    const holes = this.missing(first, first + texts.length)
    if (holes.length === 0) return
    this.#version += 1
    for (const { from, to } of holes) {
      let end = to
      if (to === this.#total && this.#openTexts.length === 0) {
        end = to - 1
        const k = end - first
        this.#openFirst = end
        this.#openTexts.push(texts[k] ?? '')
        this.#openAt.push(at[k] ?? 0)
        this.#openKinds.push(kinds[k] ?? OUT)
        this.#openChars = texts[k]?.length ?? 0
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

  /** The loaded lines of a range, up to the first hole after them. */
  range(from: number, to: number): LogColumns {
    const end = Math.min(to, this.#total)
    let first = Math.max(from, this.#first)
    const hole = this.missing(first, end)[0]
    // A range that begins in a hole starts after it.
    if (hole?.from === first) first = hole.to
    const columns: LogColumns = { first, at: [], kinds: [], texts: [] }
    let next = first
    for (let k = this.#indexOf(next); next < end && next < this.#openFirst; k++) {
      const chunk = this.#chunks[k]
      if (!chunk || chunk.first > next) return columns
      const stop = Math.min(end, chunk.end)
      for (; next < stop; next++) {
        const i = next - chunk.first
        columns.at.push(chunk.at[i] ?? 0)
        columns.kinds.push(chunk.kinds?.[i] ?? OUT)
        columns.texts.push(chunkLine(chunk, i))
      }
    }
    for (; next < end; next++) {
      const i = next - this.#openFirst
      columns.at.push(this.#openAt[i] ?? 0)
      columns.kinds.push(this.#openKinds[i] ?? OUT)
      columns.texts.push(this.#openTexts[i] ?? '')
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
      if (next < start) parts.push(`[lines ${grouped(next + 1)} to ${grouped(start)} are not loaded]`)
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
    if (this.#openTexts.length >= this.#chunkLines || this.#openChars >= CHUNK_CHARS) this.#seal()
    this.#openTexts.push(text)
    this.#openAt.push(at)
    this.#openKinds.push(code)
    this.#openChars += text.length
    this.#total += 1
  }

  #fold(at: number, code: number, text: string): void {
    let start = 0
    let replaces = text.charCodeAt(0) === 13 && isTerminalKind(code) && this.#lastIs(code)
    // One line feed at the end closes the last line; it does not begin another.
    const end = text.endsWith('\n') ? text.length - 1 : text.length
    do {
      const feed = text.indexOf('\n', start)
      const stop = feed < 0 || feed > end ? end : feed
      const line = cut(visibleSegment(text, start, stop))
      if (!replaces) this.#push(at, code, line)
      else if (line !== '') this.#replaceLast(at, line)
      replaces = false
      start = stop + 1
    } while (start <= end)
  }

  /** An unloaded last line counts as one: the relay, which knows it, sends its final text when asked. */
  #lastIs(code: number): boolean {
    if (this.#total === this.#first) return false
    return this.#openKinds.length === 0 || this.#openKinds.at(-1) === code
  }

  #replaceLast(at: number, text: string): void {
    const k = this.#openTexts.length - 1
    if (k < 0) return
    this.#openChars += text.length - (this.#openTexts[k]?.length ?? 0)
    this.#openTexts[k] = text
    this.#openAt[k] = at
  }

  #seal(): void {
    this.#add(
      this.#chunks.length,
      sealed(this.#openFirst, this.#openAt, this.#openKinds, this.#openTexts, this.#openChars),
    )
    this.#emptyOpen()
  }

  #emptyOpen(): void {
    this.#openFirst = this.#total
    this.#openTexts = []
    this.#openAt = []
    this.#openKinds = []
    this.#openChars = 0
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

function sealed(
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

/** What a terminal shows of a line at last: the text after the last carriage return that has any. */
function visibleSegment(text: string, from: number, to: number): string {
  let end = to
  while (end > from && text.charCodeAt(end - 1) === 13) end--
  const start = end > from ? Math.max(from, text.lastIndexOf('\r', end - 1) + 1) : end
  // A short remainder of a long text must not keep the whole alive.
  const segment = text.slice(start, end)
  return end - start < (to - from) >> 1 ? detached(segment) : segment
}

function cut(text: string): string {
  if (text.length <= MAX_LINE_CHARS) return text
  const last = text.charCodeAt(MAX_LINE_CHARS - 1)
  const end = last >= 0xd800 && last < 0xdc00 ? MAX_LINE_CHARS - 1 : MAX_LINE_CHARS
  return detached(`${text.slice(0, end)} … [${grouped(text.length - end)} more characters cut]`)
}

/** A copy that shares no memory: engines make slices point into the string they were taken from. */
function detached(text: string): string {
  return ` ${text}`.slice(1)
}

/** As written on both sides, whatever their locale. */
function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}
