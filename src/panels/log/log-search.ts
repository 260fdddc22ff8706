import { LOG_LINE_KINDS, OPEN_LINES, type LogBuffer, type LogChunk } from '#model/log-buffer.ts'
import type { LineTest, ScanPart } from './matcher.ts'

const OUT = LOG_LINE_KINDS.indexOf('out')

/** Hits within one chunk; `hits` is null until it was scanned. */
export interface Segment {
  chunk: LogChunk
  hits: readonly number[] | null
  /** How far the scan got. */
  part?: ScanPart
}

/**
 * The lines that match a query, kept up as lines arrive, are loaded or leave. Chunks do not change, so each is
 * scanned once; of the open chunk only what is new, and its newest lines again where they were replaced.
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
  /** All lines of the open chunk before this one are tested, and will not change. */
  #openNext = 0
  #openHits: number[] = []
  /** How many of `#openHits` are before `#openNext`. */
  #settled = 0
  /** What was tested of the lines that may still be replaced, from `#openNext` on. */
  #loose: { text: string; hit: boolean }[] = []

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
    return (this.#counts.at(-1) ?? 0) + this.#openHits.length
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
    return this.#openHits
  }

  /** Scans what is loaded until `deadline` (of `performance.now`); true when nothing is left. */
  step(deadline: number): boolean {
    this.#align()
    if (this.#pending > 0) {
      let changed = false
      for (const segment of this.#segments) {
        if (segment.hits) continue
        const found = this.#scan(segment, deadline)
        if (!found) break
        segment.hits = found
        this.#pending -= 1
        this.#scanned += segment.chunk.end - segment.chunk.first
        changed ||= segment.hits.length > 0
        if (performance.now() >= deadline) break
      }
      if (changed) this.#recount()
    }
    return this.#scanOpen(deadline) && this.#pending === 0
  }

  /** The number of hit `k`, counted from 0. */
  nth(k: number): number | undefined {
    if (k < 0) return undefined
    const sealed = this.#counts.at(-1) ?? 0
    if (k >= sealed) return this.#openHits[k - sealed]
    const segment = after(this.#counts, k) - 1
    return this.#segments[segment]?.hits?.[k - (this.#counts[segment] ?? 0)]
  }

  /** Index of the first hit at line `line` or after it; `count` when there is none. */
  indexFrom(line: number): number {
    if (line >= this.#openFirst) {
      return (this.#counts.at(-1) ?? 0) + after(this.#openHits, line - 1)
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

  /** The hits of a chunk; null when time was over before its end: the next look goes on there. */
  #scan(segment: Segment, deadline: number): readonly number[] | null {
    const { chunk } = segment
    const kinds = this.#kinds
    const codes = chunk.kinds
    if (kinds && !codes && !kinds.has(OUT)) return []
    const part = (segment.part ??= { next: 0, hits: [] })
    if (!this.#matcher.scan(chunk, part, deadline)) return null
    delete segment.part
    if (!kinds || !codes) return part.hits
    return part.hits.filter((line) => kinds.has(codes[line - chunk.first] ?? OUT))
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
    this.#settled = 0
    this.#loose = []
    this.#version += 1
  }

  /** True when nothing is left. */
  #scanOpen(deadline: number): boolean {
    const buffer = this.#buffer
    if (buffer.openFirst !== this.#openFirst) this.#restartOpen()
    const settled = Math.max(this.#openFirst, buffer.total - OPEN_LINES)
    const hits = this.#openHits.slice(0, this.#settled)
    const loose: { text: string; hit: boolean }[] = []
    let done = true
    let tested = false
    for (let line = this.#openNext; line < buffer.total; line++) {
      const text = buffer.textOf(line) ?? ''
      const before = this.#loose[line - this.#openNext]
      // Each look gets at least one line further.
      if (!before && tested && performance.now() >= deadline) {
        done = false
        break
      }
      tested ||= !before
      const hit = before?.text === text ? before.hit : this.#wants(line) && this.#matcher.test(text)
      if (hit) hits.push(line)
      loose.push({ text, hit })
    }
    const next = Math.max(this.#openNext, Math.min(settled, this.#openNext + loose.length))
    this.#loose = loose.slice(next - this.#openNext)
    this.#openNext = next
    this.#settled = after(hits, next - 1)
    if (hits.length !== this.#openHits.length || hits.some((line, k) => line !== this.#openHits[k]))
      this.#version += 1
    this.#openHits = hits
    return done
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
