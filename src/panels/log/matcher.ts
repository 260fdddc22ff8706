import { stripAnsi } from './ansi.ts'
import { chunkLine, type LogChunk } from '#model/log-buffer.ts'

export interface Query {
  text: string
  matchCase: boolean
  regex: boolean
}

/** More marks than this in one line help nobody. */
const MAX_MARKS = 200
/** A regular expression looks at this much of a line: one that backtracks badly would stop the page on more. */
const REGEX_CHARS = 4_096

/** What tells which lines of a log are wanted. */
export interface LineTest {
  test(line: string): boolean
  /** Numbers of the lines of a chunk that match, ascending. */
  scan(chunk: LogChunk): number[]
  /** Where a text as shown matches. */
  marks(text: string): (readonly [number, number])[]
}

/** Wants all lines; for views that leave some out by their kind alone. */
export const EVERY_LINE: LineTest = {
  test: () => true,
  scan: (chunk) => Array.from({ length: chunk.end - chunk.first }, (_, k) => chunk.first + k),
  marks: () => [],
}

/** Finds a query in lines. Escape sequences are not text: they are taken out first. */
export class Matcher implements LineTest {
  /** Searches whole chunks as well as lines; null when the query may match across a line's end. */
  readonly #literal: RegExp | null
  readonly #line: RegExp

  /** Throws a SyntaxError when the query is no regular expression. */
  constructor({ text, matchCase, regex }: Query) {
    const flags = matchCase ? 'g' : 'gi'
    // Engines look for an expression of plain characters faster than `indexOf` does, and need no copy in lower case.
    this.#line = new RegExp(regex ? text : escaped(text), regex ? `${flags}u` : flags)
    this.#literal = regex ? null : this.#line
  }

  test(line: string): boolean {
    const text = this.#searchable(line)
    this.#line.lastIndex = 0
    return this.#line.test(text)
  }

  /** Numbers of the lines of a chunk that match, ascending. */
  scan(chunk: LogChunk): number[] {
    if (!this.#literal || (!chunk.plain && chunk.text.includes('\x1b'))) return this.#scanLines(chunk)
    const found: number[] = []
    const { text, offsets } = chunk
    const pattern = this.#literal
    pattern.lastIndex = 0
    let k = 0
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      k = lineAt(offsets, match.index, k)
      found.push(chunk.first + k)
      const next = offsets[k + 1]
      if (next === undefined) break
      pattern.lastIndex = next
    }
    return found
  }

  /** Where a text as shown matches. */
  marks(text: string): (readonly [number, number])[] {
    const marks: (readonly [number, number])[] = []
    this.#line.lastIndex = 0
    while (marks.length < MAX_MARKS) {
      const match = this.#line.exec(this.#literal ? text : text.slice(0, REGEX_CHARS))
      if (!match) break
      if (match[0] === '') this.#line.lastIndex += 1
      else marks.push([match.index, match.index + match[0].length])
    }
    return marks
  }

  #scanLines(chunk: LogChunk): number[] {
    const found: number[] = []
    for (let k = 0; k < chunk.offsets.length; k++)
      if (this.test(chunkLine(chunk, k))) found.push(chunk.first + k)
    return found
  }

  #searchable(line: string): string {
    const text = stripAnsi(line)
    return this.#literal ? text : text.slice(0, REGEX_CHARS)
  }
}

/** The line that holds an offset, looked for from line `from` on. */
function lineAt(offsets: Uint32Array, offset: number, from: number): number {
  let low = from
  let high = offsets.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((offsets[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
