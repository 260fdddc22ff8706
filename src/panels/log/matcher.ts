import { safePattern, type SafePattern } from '#lib/safe-pattern.ts'
import { chunkLine, type LogChunk } from '#model/log-buffer.ts'
import { stripAnsi } from './ansi.ts'
import { composed, composedWithPlaces } from './composed.ts'

export interface Query {
  text: string
  matchCase: boolean
  regex: boolean
}

/** More marks than this in one line help nobody. */
const MAX_MARKS = 200
/** A longer text is looked for line by line: on what almost matches everywhere it takes its length for each character. */
const QUICK_CHARS = 32
/** No text is longer that somebody looks for. */
const MOST_CHARS = 500

type Mark = readonly [from: number, to: number]

/** How far the scan of a chunk got. */
export interface ScanPart {
  /** The next line of the chunk. */
  next: number
  /** Numbers of the lines found so far, ascending. */
  hits: number[]
}

/** What tells which lines of a log are wanted. */
export interface LineTest {
  test(line: string): boolean
  /** Goes on with a chunk until `deadline` (of `performance.now`); true when it is through. */
  scan(chunk: LogChunk, part: ScanPart, deadline: number): boolean
  /** Where a text as shown matches, as far as that is found until `deadline`. */
  marks(text: string, deadline?: number): Mark[]
  /** Of the lines looked at, some were too long to be searched to their end. */
  readonly isPartial: boolean
}

/** Wants all lines; for views that leave some out by their kind alone. */
export const EVERY_LINE: LineTest = {
  isPartial: false,
  test: () => true,
  scan(chunk, part) {
    for (let line = chunk.first; line < chunk.end; line++) part.hits.push(line)
    return true
  },
  marks: () => [],
}

/**
 * What finds a query in lines. Escape sequences are not text: they are taken out first. None of it can hold the page,
 * whatever the query and the lines are.
 * @throws an Error whose message says why not; a rejection for a regular expression
 */
export function matcherOf(query: Query): LineTest | Promise<LineTest> {
  if (!query.regex) return new TextMatcher(query)
  return safePattern(query.text.normalize('NFC'), { ignoreCase: !query.matchCase }).then(
    (pattern) => new PatternMatcher(pattern),
  )
}

/** Goes on with a chunk line by line. */
function scanLines(matcher: LineTest, chunk: LogChunk, part: ScanPart, deadline: number): boolean {
  while (part.next < chunk.offsets.length) {
    if (matcher.test(chunkLine(chunk, part.next))) part.hits.push(chunk.first + part.next)
    part.next += 1
    if (performance.now() >= deadline) break
  }
  return part.next >= chunk.offsets.length
}

/** Finds a text as it was typed. */
class TextMatcher implements LineTest {
  readonly isPartial = false
  readonly #pattern: RegExp
  readonly #quick: boolean

  constructor({ text, matchCase }: Query) {
    if (text.length > MOST_CHARS) throw new Error(`at most ${MOST_CHARS} characters can be looked for`)
    // Engines look for an expression of plain characters faster than `indexOf` does, and need no copy in lower case.
    this.#pattern = new RegExp(escaped(text.normalize('NFC')), matchCase ? 'g' : 'gi')
    this.#quick = text.length <= QUICK_CHARS
  }

  test(line: string): boolean {
    this.#pattern.lastIndex = 0
    return this.#pattern.test(composed(stripAnsi(line)))
  }

  scan(chunk: LogChunk, part: ScanPart, deadline: number): boolean {
    const whole = chunk.plain || (!chunk.text.includes('\x1b') && composed(chunk.text) === chunk.text)
    if (!whole || !this.#quick) return scanLines(this, chunk, part, deadline)
    const { text, offsets } = chunk
    const pattern = this.#pattern
    pattern.lastIndex = 0
    let k = 0
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      k = lineAt(offsets, match.index, k)
      part.hits.push(chunk.first + k)
      const next = offsets[k + 1]
      if (next === undefined) break
      pattern.lastIndex = next
    }
    return true
  }

  marks(shown: string): Mark[] {
    const { text, place } = composedWithPlaces(shown)
    const marks: Mark[] = []
    this.#pattern.lastIndex = 0
    while (marks.length < MAX_MARKS) {
      const match = this.#pattern.exec(text)
      if (!match) break
      marks.push([place(match.index), place(match.index + match[0].length)])
    }
    return marks
  }
}

/** Finds a regular expression. */
class PatternMatcher implements LineTest {
  readonly #pattern: SafePattern
  #partial = false

  constructor(pattern: SafePattern) {
    this.#pattern = pattern
  }

  get isPartial(): boolean {
    return this.#partial
  }

  test(line: string): boolean {
    const text = composed(stripAnsi(line))
    this.#partial ||= text.length > this.#pattern.reach
    return this.#pattern.test(text)
  }

  scan(chunk: LogChunk, part: ScanPart, deadline: number): boolean {
    return scanLines(this, chunk, part, deadline)
  }

  marks(shown: string, deadline = Infinity): Mark[] {
    const { text, place } = composedWithPlaces(shown)
    const marks: Mark[] = []
    let from = 0
    while (marks.length < MAX_MARKS && performance.now() < deadline) {
      const match = this.#pattern.find(text, from)
      if (!match) break
      const [start, end] = match
      if (end > start) marks.push([place(start), place(end)])
      from = end > start ? end : end + 1
    }
    return marks
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
