import { chunkLine, type LogBuffer, type LogChunk } from '#model/log-buffer.ts'
import type { LogSearch, Segment } from './log-search.ts'
import { rowCount } from './shown-line.ts'

/** A row: part `sub` of a line (0 unless lines are wrapped). */
export interface RowPlace {
  line: number
  sub: number
}

/** Which row shows which part of which line. */
export interface RowIndex {
  readonly rows: number
  /** The row `row`; the last one when there are fewer. */
  at(row: number): RowPlace
  /** The first row of a line, or of the next line that has one. */
  rowOf(line: number): number
  /** The line that follows among those that have rows. */
  next(line: number): number | undefined
}

/** Every line has one row. */
export class AllLines implements RowIndex {
  readonly #buffer: LogBuffer

  constructor(buffer: LogBuffer) {
    this.#buffer = buffer
  }

  get rows(): number {
    return this.#buffer.total - this.#buffer.first
  }

  at(row: number): RowPlace {
    return { line: this.#buffer.first + Math.min(row, this.rows - 1), sub: 0 }
  }

  rowOf(line: number): number {
    return Math.min(Math.max(0, line - this.#buffer.first), this.rows)
  }

  next(line: number): number | undefined {
    return line + 1 < this.#buffer.total ? line + 1 : undefined
  }
}

/** Lines that match have one row, the others none. */
export class HitLines implements RowIndex {
  readonly #search: LogSearch

  constructor(search: LogSearch) {
    this.#search = search
  }

  get rows(): number {
    return this.#search.count
  }

  at(row: number): RowPlace {
    return { line: this.#search.nth(Math.min(row, this.rows - 1)) ?? 0, sub: 0 }
  }

  rowOf(line: number): number {
    return this.#search.indexFrom(line)
  }

  next(line: number): number | undefined {
    return this.#search.nth(this.#search.indexFrom(line + 1))
  }
}

/** A run of lines whose rows are counted together. */
interface Group {
  /** The lines, when they are not simply `from` to `to`. */
  hits: readonly number[] | null
  from: number
  to: number
  chunk: LogChunk | null
  rows: number
  /** The first row of each line, within the group; null while `rows` is an estimate. */
  starts: Uint32Array | null
}

/** Groups estimated at first are counted this many per update, so that the estimate gets better in the background. */
const COUNTED_PER_UPDATE = 8

/**
 * Lines wrapped at a number of columns. Rows of a sealed chunk are counted once; of chunks that are not plain
 * ASCII they are estimated from the lengths until someone looks there. What is on screen is always exact.
 */
export class WrappedLines implements RowIndex {
  readonly #buffer: LogBuffer
  readonly #search: LogSearch | null
  readonly width: number
  #known = new Map<object, Group>()
  #groups: Group[] = []
  /** Rows before each group. */
  #sums: number[] = [0]
  #sealedKey = ''
  #openFirst = -1
  #openCounts: number[] = []
  #openTexts: (string | undefined)[] = []

  /** @param search when given, only lines that match have rows */
  constructor(buffer: LogBuffer, width: number, search: LogSearch | null) {
    this.#buffer = buffer
    this.#search = search
    this.width = width
    this.update()
  }

  /** Takes changes of the buffer and of the hits into account; to be called before a frame is drawn. */
  update(): void {
    const { first, sealedVersion, generation, openFirst } = this.#buffer
    const key = `${generation} ${sealedVersion} ${first} ${openFirst} ${this.#search?.version ?? ''}`
    if (key !== this.#sealedKey) {
      this.#sealedKey = key
      this.#regroup()
    }
    let budget = COUNTED_PER_UPDATE
    for (let k = 0; k < this.#groups.length && budget > 0; k++) {
      const group = this.#groups[k]
      if (!group?.chunk || group.starts || (group.chunk.plain && !group.hits)) continue
      this.#count(group)
      budget -= 1
    }
    this.#updateOpen()
    this.#sum()
  }

  get rows(): number {
    return this.#sums.at(-1) ?? 0
  }

  at(row: number): RowPlace {
    const wanted = Math.max(0, Math.min(row, this.rows - 1))
    let k = lastAtMost(this.#sums, wanted)
    if (k >= this.#groups.length) k = this.#groups.length - 1
    const group = this.#groups[k]
    if (!group) return { line: this.#buffer.first, sub: 0 }
    const estimated = group.rows
    const within = wanted - (this.#sums[k] ?? 0)
    if (!group.chunk) return { line: group.from + within, sub: 0 }
    const starts = this.#count(group)
    // An estimate that was wrong is scaled, so that a place in the middle stays in the middle.
    const exact =
      estimated === group.rows
        ? within
        : Math.min(group.rows - 1, Math.floor((within / estimated) * group.rows))
    const i = lastAtMost(starts, exact)
    return {
      line: group.hits ? (group.hits[i] ?? group.from) : group.from + i,
      sub: exact - (starts[i] ?? 0),
    }
  }

  rowOf(line: number): number {
    let k = 0
    let high = this.#groups.length
    while (k < high) {
      const middle = (k + high) >> 1
      if ((this.#groups[middle]?.to ?? 0) <= line) k = middle + 1
      else high = middle
    }
    const group = this.#groups[k]
    if (!group) return this.rows
    const before = this.#sums[k] ?? 0
    if (line <= group.from && !group.hits) return before
    if (!group.chunk) return before + line - group.from
    const starts = this.#count(group)
    const i = group.hits ? lastAtMost(group.hits, line - 1) + 1 : line - group.from
    return i < starts.length ? before + (starts[i] ?? 0) : before + group.rows
  }

  next(line: number): number | undefined {
    if (this.#search) return this.#search.nth(this.#search.indexFrom(line + 1))
    return line + 1 < this.#buffer.total ? line + 1 : undefined
  }

  #regroup(): void {
    const groups: Group[] = []
    const known = new Map<object, Group>()
    const keep = (key: object, make: () => Group) => {
      const group = this.#known.get(key) ?? make()
      known.set(key, group)
      groups.push(group)
    }
    if (this.#search) {
      for (const segment of this.#search.segments)
        if (segment.hits && segment.hits.length > 0)
          keep(segment.hits, () => hitGroup(segment, segment.hits ?? [], this.width))
    } else {
      let next = this.#buffer.first
      const hole = (to: number) => {
        if (next < to) groups.push({ hits: null, from: next, to, chunk: null, rows: to - next, starts: null })
      }
      for (const chunk of this.#buffer.chunks) {
        hole(chunk.first)
        keep(chunk, () => chunkGroup(chunk, this.width))
        next = chunk.end
      }
      hole(this.#buffer.openFirst)
    }
    this.#known = known
    this.#groups = groups
  }

  /** The open chunk is the last group; its counts are kept by line. */
  #updateOpen(): void {
    const buffer = this.#buffer
    const { openFirst, total } = buffer
    if (this.#groups.at(-1)?.chunk === OPEN) this.#groups.pop()
    const hits = this.#search?.openHits() ?? null
    if (hits ? hits.length === 0 : openFirst === total) return
    if (openFirst !== this.#openFirst) {
      this.#openFirst = openFirst
      this.#openCounts = []
      this.#openTexts = []
    }
    const count = hits ? hits.length : total - openFirst
    const starts = new Uint32Array(count)
    let rows = 0
    for (let k = 0; k < count; k++) {
      starts[k] = rows
      rows += this.#openRows((hits ? (hits[k] ?? openFirst) : openFirst + k) - openFirst)
    }
    this.#groups.push({ hits, from: openFirst, to: total, chunk: OPEN, rows, starts })
  }

  #openRows(k: number): number {
    const text = this.#buffer.textOf(this.#openFirst + k)
    if (this.#openCounts[k] === undefined || this.#openTexts[k] !== text) {
      this.#openTexts[k] = text
      this.#openCounts[k] = rowCount(text ?? '', this.width)
    }
    return this.#openCounts[k] ?? 1
  }

  #count(group: Group): Uint32Array {
    if (group.starts) return group.starts
    const { chunk } = group
    const count = group.hits ? group.hits.length : group.to - group.from
    const starts = new Uint32Array(count)
    let rows = 0
    for (let k = 0; k < count; k++) {
      starts[k] = rows
      const line = group.hits ? (group.hits[k] ?? group.from) : group.from + k
      if (chunk)
        rows += chunk.plain
          ? plainRows(chunk, line - chunk.first, this.width)
          : rowCount(chunkLine(chunk, line - chunk.first), this.width)
      else rows += 1
    }
    group.starts = starts
    if (rows !== group.rows) {
      group.rows = rows
      this.#sum()
    }
    return starts
  }

  #sum(): void {
    let sum = 0
    this.#sums = [0]
    for (const group of this.#groups) this.#sums.push((sum += group.rows))
  }
}

/** Marks the group of the open chunk, whose counts come ready. */
const OPEN: LogChunk = {
  first: 0,
  end: 0,
  text: '',
  offsets: new Uint32Array(0),
  at: new Float64Array(0),
  kinds: null,
  plain: true,
  bytes: 0,
}

function chunkGroup(chunk: LogChunk, width: number): Group {
  let rows = 0
  for (let k = 0; k < chunk.offsets.length; k++) rows += plainRows(chunk, k, width)
  return { hits: null, from: chunk.first, to: chunk.end, chunk, rows, starts: null }
}

function hitGroup({ chunk }: Segment, hits: readonly number[], width: number): Group {
  const average = chunk.text.length / Math.max(1, chunk.offsets.length)
  const rows = hits.length * Math.max(1, Math.ceil(average / width))
  return { hits, from: chunk.first, to: chunk.end, chunk, rows, starts: null }
}

/** Rows of a line by its length: exact for plain chunks. */
function plainRows(chunk: LogChunk, k: number, width: number): number {
  const next = chunk.offsets[k + 1] ?? chunk.text.length + 1
  return Math.max(1, Math.ceil((next - 1 - (chunk.offsets[k] ?? 0)) / width))
}

/** Index of the last of ascending numbers that is at most `limit`; -1 when none is. */
function lastAtMost(numbers: ArrayLike<number>, limit: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
