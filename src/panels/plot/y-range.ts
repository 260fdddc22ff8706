/** How a plot's y axis is scaled. */
export type YScale = { mode: 'auto' } | { mode: 'fixed'; min: number; max: number } | { mode: 'log' }

export interface YRange {
  min: number
  max: number
}

const EMPTY: YRange = { min: 0, max: 1 }
/** Axes have no ticks beyond. */
const FARTHEST = 1e30

/**
 * The range that shows all from `least` to `most`, with some air. The one before is kept as long as it fits: an
 * axis whose labels change with every frame cannot be read.
 */
export function autoRange(before: YRange | null, least: number, most: number): YRange {
  if (!(least <= most)) return before ?? EMPTY
  const low = Math.max(-FARTHEST, Math.min(FARTHEST, least))
  const high = Math.max(-FARTHEST, Math.min(FARTHEST, most))
  if (before && low >= before.min && high <= before.max) {
    const used = high - low
    const room = before.max - before.min
    const flat = used === 0 && room <= Math.max(2 * Math.abs(low), 2)
    if (flat || used >= room * 0.45) return before
  }
  if (low === high) {
    const room = low === 0 ? 1 : Math.abs(low) * 0.05
    return { min: low - room, max: high + room }
  }
  const room = (high - low) * 0.12
  const step = niceStep((high - low + 2 * room) / 8)
  return { min: Math.floor((low - room) / step) * step, max: Math.ceil((high + room) / step) * step }
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
  const far = Math.max(most - least, Math.max(Math.abs(least), Math.abs(most)) * 0.1)
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
  const min = 10 ** Math.floor(Math.log10(low) + 1e-9)
  const max = 10 ** Math.ceil(Math.log10(high) - 1e-9)
  return max > min ? { min, max } : { min, max: min * 10 }
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `least`. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = least / power
  return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10)
}
