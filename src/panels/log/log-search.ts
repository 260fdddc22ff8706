import { LOG_LINE_KINDS, type LogBuffer, type LogChunk } from '#model/log-buffer.ts'
import type { LineTest } from './matcher.ts'

const OUT = LOG_LINE_KINDS.indexOf('out')

/** Hits within one chunk; `hits` is null until it was scanned. */
export interface Segment {
  chunk: LogChunk
  hits: readonly number[] | null
}

/**
 * The lines that match a query, kept up as lines arrive, are loaded or leave. Chunks do not change, so each is
 * scanned once; of the open chunk only what is new, and its last line again whenever it may have changed.
 */
export class LogSearch {
  readonly #buffer: LogBuffer
  readonly #matcher: LineTest
  readonly #kinds: ReadonlySet<number> | null
  #segments: Segment[] = []
  /** Hits before each segment. */
  #counts: number[] = [0]
  #pending = 0
  #scanned = 0
  #sealedVersion = -1
  #generation = -1
  #version = 0

  #openFirst = 0
  #openNext = 0
  #openHits: number[] = []
  #lastText: string | undefined
  #lastLine = -1
  #lastHit = false

  /** @param kinds codes of LOG_LINE_KINDS: lines of others are none; null for all */
  constructor(buffer: LogBuffer, matcher: LineTest, kinds: ReadonlySet<number> | null = null) {
    this.#buffer = buffer
    this.#matcher = matcher
    this.#kinds = kinds
  }

  get matcher(): LineTest {
    return this.#matcher
  }

  /** Hits so far. */
  get count(): number {
    return (this.#counts.at(-1) ?? 0) + this.#openHits.length + (this.#lastHit ? 1 : 0)
  }

  /** Lines searched so far. */
  get scanned(): number {
    return this.#scanned + this.#buffer.total - this.#openFirst
  }

  /** Differs after every change of the hits. */
  get version(): number {
    return this.#version
  }

  /** The sealed chunks with their hits, in order. */
  get segments(): readonly Readonly<Segment>[] {
    return this.#segments
  }

  /** The hits of the open chunk. */
  openHits(): readonly number[] {
    return this.#lastHit ? [...this.#openHits, this.#buffer.total - 1] : this.#openHits
  }

  /** Scans what is loaded until `deadline` (of `performance.now`); true when nothing is left. */
  step(deadline: number): boolean {
    this.#align()
    if (this.#pending > 0) {
      let changed = false
      for (const segment of this.#segments) {
        if (segment.hits) continue
        segment.hits = this.#scan(segment.chunk)
        this.#pending -= 1
        this.#scanned += segment.chunk.end - segment.chunk.first
        changed ||= segment.hits.length > 0
        if (performance.now() >= deadline) break
      }
      if (changed) this.#recount()
    }
    this.#scanOpen()
    return this.#pending === 0
  }

  /** The number of hit `k`, counted from 0. */
  nth(k: number): number | undefined {
    if (k < 0) return undefined
    const sealed = this.#counts.at(-1) ?? 0
    if (k >= sealed) {
      const open = k - sealed
      if (open < this.#openHits.length) return this.#openHits[open]
      return open === this.#openHits.length && this.#lastHit ? this.#buffer.total - 1 : undefined
    }
    const segment = after(this.#counts, k) - 1
    return this.#segments[segment]?.hits?.[k - (this.#counts[segment] ?? 0)]
  }

  /** Index of the first hit at line `line` or after it; `count` when there is none. */
  indexFrom(line: number): number {
    if (line >= this.#openFirst) {
      const sealed = this.#counts.at(-1) ?? 0
      const open = after(this.#openHits, line - 1)
      if (open < this.#openHits.length) return sealed + open
      return line >= this.#buffer.total ? this.count : sealed + open
    }
    let low = 0
    let high = this.#segments.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#segments[middle]?.chunk.end ?? 0) <= line) low = middle + 1
      else high = middle
    }
    const hits = this.#segments[low]?.hits
    return (this.#counts[low] ?? 0) + (hits ? after(hits, line - 1) : 0)
  }

  isHit(line: number): boolean {
    return this.nth(this.indexFrom(line)) === line
  }

  #scan(chunk: LogChunk): readonly number[] {
    const kinds = this.#kinds
    if (!kinds) return this.#matcher.scan(chunk)
    const codes = chunk.kinds
    if (!codes) return kinds.has(OUT) ? this.#matcher.scan(chunk) : []
    return this.#matcher.scan(chunk).filter((line) => kinds.has(codes[line - chunk.first] ?? OUT))
  }

  #wants(line: number): boolean {
    if (!this.#kinds) return true
    const kind = this.#buffer.line(line)?.kind
    return kind !== undefined && this.#kinds.has(LOG_LINE_KINDS.indexOf(kind))
  }

  /** Brings the segments in line with the buffer's chunks. */
  #align(): void {
    const buffer = this.#buffer
    if (buffer.generation !== this.#generation) {
      this.#generation = buffer.generation
      this.#segments = []
      this.#sealedVersion = -1
      this.#restartOpen()
    }
    if (buffer.sealedVersion === this.#sealedVersion) return
    this.#sealedVersion = buffer.sealedVersion
    const known = new Map(this.#segments.map((segment) => [segment.chunk, segment]))
    this.#segments = buffer.chunks.map((chunk) => known.get(chunk) ?? { chunk, hits: null })
    this.#pending = 0
    this.#scanned = 0
    for (const { chunk, hits } of this.#segments) {
      if (hits) this.#scanned += chunk.end - chunk.first
      else this.#pending += 1
    }
    this.#recount()
  }

  #recount(): void {
    let sum = 0
    this.#counts = [0]
    for (const { hits } of this.#segments) this.#counts.push((sum += hits?.length ?? 0))
    this.#version += 1
  }

  #restartOpen(): void {
    this.#openFirst = this.#buffer.openFirst
    this.#openNext = this.#openFirst
    this.#openHits = []
    this.#lastText = undefined
    this.#lastHit = false
    this.#version += 1
  }

  #scanOpen(): void {
    const buffer = this.#buffer
    if (buffer.openFirst !== this.#openFirst) this.#restartOpen()
    const last = buffer.total - 1
    for (; this.#openNext < last; this.#openNext++) {
      if (!this.#wants(this.#openNext) || !this.#matcher.test(buffer.textOf(this.#openNext) ?? '')) continue
      this.#openHits.push(this.#openNext)
      this.#version += 1
    }
    const text = last >= this.#openFirst ? buffer.textOf(last) : undefined
    const hit =
      text !== undefined &&
      this.#wants(last) &&
      (text === this.#lastText && this.#lastLine === last ? this.#lastHit : this.#matcher.test(text))
    // Even a hit that stays one is another line once more have come.
    if (hit || this.#lastHit) this.#version += 1
    this.#lastText = text
    this.#lastLine = last
    this.#lastHit = hit
  }
}

/** How many of ascending numbers are at most `limit`. */
function after(numbers: readonly number[], limit: number): number {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
