import { LOG_LINE_KINDS, sealed, type LogBuffer, type LogChunk } from './log-buffer.ts'

/** The newest lines of a log that may have been rewritten while nobody told this copy of it. */
const REWRITABLE = 128

/** Where a log stands elsewhere: lines `first` to `total` exist, and the newest are told from `tailFirst` on. */
export interface LogPlace {
  first: number
  total: number
  tailFirst: number
}

/** A line that Weir puts between what is held and what is told. `at`: ms since epoch. */
export interface Between {
  at: number
  text: string
}

/**
 * Goes on with a log as another copy of the same record has it. What is held stays, but for the newest lines,
 * which are told again. Lines that the other copy has let go of stay too: under their numbers if no line is
 * missing after them, else right before its first, with a line between.
 * @param sureTo from this line on the other copy may have others under the same numbers: they are told or read again
 */
export function goOn(
  log: LogBuffer,
  { first, total, tailFirst }: LogPlace,
  between: Between,
  sureTo = Infinity,
): void {
  const sure = Math.min(tailFirst, log.total - REWRITABLE, total, sureTo)
  const own = heldChunks(log, log.first, Math.min(first, log.total))
  const shared = heldChunks(log, first, sure)
  const isWhole = (own.at(-1)?.end ?? first) === first && isContiguous(own)
  const before = isWhole ? own : putBefore(own, first, between)
  log.reset(total, before[0]?.first ?? first, [...before, ...shared])
}

/** Begins with another record of the log: all lines that are held stand before it, with a line between. */
export function beginAgain(log: LogBuffer, { first, total }: LogPlace, between: Between): void {
  const before = putBefore(heldChunks(log, log.first, log.total), first, between)
  log.reset(total, before[0]?.first ?? first, before)
}

function isContiguous(chunks: readonly LogChunk[]): boolean {
  return chunks.every((chunk, k) => k === 0 || chunks[k - 1]!.end === chunk.first)
}

/** What is loaded of lines `from` to `to`, in chunks. */
function heldChunks(log: LogBuffer, from: number, to: number): LogChunk[] {
  const held: LogChunk[] = []
  const cut = (start: number, end: number) => {
    if (start >= end) return
    const { first, at, kinds, texts } = log.range(start, end)
    if (texts.length > 0) held.push(chunkOf(first, at, kinds, texts))
  }
  for (const chunk of log.chunks) {
    if (chunk.first >= from && chunk.end <= to) held.push(chunk)
    else cut(Math.max(chunk.first, from), Math.min(chunk.end, to))
  }
  cut(Math.max(log.openFirst, from), Math.min(log.total, to))
  return held
}

/** Moves chunks so that they end right before line `end`; where lines are missing there is one that says so. */
function putBefore(chunks: readonly LogChunk[], end: number, between: Between): LogChunk[] {
  const moved: LogChunk[] = []
  if (chunks.length === 0) return moved
  let next = end
  const put = (chunk: LogChunk) => {
    const first = next - (chunk.end - chunk.first)
    moved.push({ ...chunk, first, end: next })
    next = first
  }
  put(said(between))
  for (let k = chunks.length - 1; k >= 0; k--) {
    const chunk = chunks[k]!
    put(chunk)
    const before = chunks[k - 1]
    if (before && before.end < chunk.first)
      put(said({ ...between, text: `${chunk.first - before.end} lines were not read in time` }))
  }
  return moved.reverse()
}

function said({ at, text }: Between): LogChunk {
  return chunkOf(0, [at], [LOG_LINE_KINDS.indexOf('gap')], [text])
}

function chunkOf(first: number, at: number[], kinds: number[], texts: string[]): LogChunk {
  return sealed(
    first,
    at,
    kinds,
    texts,
    texts.reduce((sum, text) => sum + text.length, 0),
  )
}
