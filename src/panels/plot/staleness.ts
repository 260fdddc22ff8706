import type { Track } from '#model/track.ts'

/** A channel is silent after so many of its own intervals; not before so many ms. */
const INTERVALS = 5
const LEAST_MS = 5_000
/** Intervals looked at: of a channel that comes and goes the short ones are its own. */
const LOOKED_AT = 4

/** After how long without a sample a channel is stale, ms: by the shortest of its newest intervals. */
export function silentAfter(track: Track): number {
  let shortest = Number.POSITIVE_INFINITY
  let at = track.newestAt
  for (let i = 0; at !== null && i < LOOKED_AT; i++) {
    const before: number | null = track.around(at).before?.t ?? null
    if (before !== null) shortest = Math.min(shortest, at - before)
    at = before
  }
  return Number.isFinite(shortest) ? Math.max(LEAST_MS, INTERVALS * shortest) : LEAST_MS
}
