import { fractionOf, niceStep } from './ticks.ts'

/** How a plot's y axis is scaled. */
export type YScale = { mode: 'auto' } | { mode: 'fixed'; min: number; max: number } | { mode: 'log' }

export interface YRange {
  min: number
  max: number
}

const EMPTY: YRange = { min: 0, max: 1 }
const FARTHEST = Number.MAX_VALUE
/** Numbers so much closer than they are large are told apart by no screen: the axis spans as much. */
const NARROWEST = 2 ** -45

/**
 * The range that shows all from `least` to `most`, with some air. The one before is kept as long as it fits: an
 * axis whose labels change with every frame cannot be read.
 */
export function autoRange(before: YRange | null, least: number, most: number): YRange {
  if (!(least <= most)) return before ?? EMPTY
  const low = Math.max(-FARTHEST, least)
  const high = Math.min(FARTHEST, most)
  if (before && low >= before.min && high <= before.max) {
    const share = fractionOf(high, before.min, before.max) - fractionOf(low, before.min, before.max)
    const flat = low === high && before.max - before.min <= Math.max(2 * Math.abs(low), 2)
    const narrow = before.max - before.min <= 4 * narrowest(low, high)
    if (flat || narrow || share >= 0.45) return before
  }
  if (low === high) {
    const room = low === 0 ? 1 : Math.max(Math.abs(low) * 0.05, 2 * Number.MIN_VALUE)
    return { min: Math.max(-FARTHEST, low - room), max: Math.min(FARTHEST, high + room) }
  }
  // Parts of each: their distance may be beyond the largest number.
  const used = high / 8 - low / 8
  const air = Math.max(used * 0.12, (narrowest(low, high) / 8 - used) / 2, Number.MIN_VALUE)
  const step = niceStep(used + 2 * air)
  return {
    min: Math.max(-FARTHEST, Math.floor((low - 8 * air) / step) * step),
    max: Math.min(FARTHEST, Math.ceil((high + 8 * air) / step) * step),
  }
}

function narrowest(low: number, high: number): number {
  return Math.max(Math.abs(low), Math.abs(high)) * NARROWEST
}

/**
 * From `least` to `most`, and on past limits that are no farther from it than it is large: how much room is left
 * is what a limit is drawn for.
 */
export function reachingTo(
  { least, most }: { least: number; most: number },
  limits: readonly number[],
): { least: number; most: number } {
  if (!(least <= most)) return { least, most }
  const far = Math.min(FARTHEST / 8, Math.max(most - least, Math.max(Math.abs(least), Math.abs(most)) * 0.1))
  const near = limits.filter((limit) => limit >= least - far && limit <= most + far)
  // At the very edge a line is not seen.
  const air = far * 0.05
  return {
    least: Math.min(least, ...near.map((limit) => limit - air)),
    most: Math.max(most, ...near.map((limit) => limit + air)),
  }
}

/** The same for a log scale: whole decades. `low` is the smallest value above 0. */
export function logRange(low: number, high: number): YRange {
  if (!(low > 0) || !(high > 0)) return { min: 0.1, max: 10 }
  const from = Math.min(307, Math.floor(Math.log10(low) + 1e-9))
  const to = Math.max(from + 1, Math.ceil(Math.log10(high) - 1e-9))
  return {
    min: Math.max(Number.MIN_VALUE, Number(`1e${from}`)),
    max: Math.min(Number.MAX_VALUE, Number(`1e${to}`)),
  }
}
