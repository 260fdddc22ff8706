import { packNumbers } from '#lib/pack.ts'
import type { SeriesPart } from './device-events.ts'
import type { Moments } from './moments.ts'
import type { Track } from './track.ts'

/** Points of a piece of a thinned range, and how many pieces there are at most. */
const PIECE_POINTS = 48
const MOST_PIECES = 64
/** Less than the distance of any two samples. */
const APART_MS = 2.5e-4

/**
 * The samples of a range, thinned to about `points`. Thinned ones come in pieces, each with the moments of all
 * its samples, so that statistics of a part of the range can be told from them.
 */
export function partsOf(
  c: string,
  track: Track,
  from: number,
  to: number,
  points: number,
): { parts: SeriesPart[]; thinned: boolean } {
  const { first, last } = track
  if (first === null || last === null) return { parts: [], thinned: false }
  const start = Math.max(from, first)
  const end = Math.min(to, last)
  if (track.countWithin(start, end, points + 1) <= points && track.isExact(start, end))
    return { parts: [partOf(c, track, start, end, points)], thinned: false }
  const pieces = Math.max(1, Math.min(MOST_PIECES, Math.floor(points / PIECE_POINTS)))
  const width = (end - start) / pieces
  const parts: SeriesPart[] = []
  for (let i = 0; i < pieces; i++) {
    // Pieces share no point: each ends just before the next one begins.
    const until = i === pieces - 1 ? end : start + (i + 1) * width - APART_MS
    const part = partOf(c, track, start + i * width, until, points / pieces)
    if (part.v === '' && part.b === undefined) continue
    const m = wireMoments(track.moments(start + i * width, until))
    parts.push(m ? { ...part, m } : part)
  }
  return { parts, thinned: true }
}

function partOf(c: string, track: Track, from: number, to: number, points: number): SeriesPart {
  const { brokenAt } = track
  const { t, v } = track.range(from, to, points)
  // The break behind the newest sample is no sample.
  if (brokenAt === null || t.at(-1) !== brokenAt) return { c, t: packNumbers(t), v: packNumbers(v) }
  return { c, t: packNumbers(t.subarray(0, -1)), v: packNumbers(v.subarray(0, -1)), b: brokenAt }
}

/** Moments as they travel; nothing where values are so large that JSON has no word for theirs. */
export function wireMoments({ n, mean, m2 }: Moments): [number, number, number] | undefined {
  return Number.isFinite(mean) && Number.isFinite(m2) ? [n, mean, m2] : undefined
}
