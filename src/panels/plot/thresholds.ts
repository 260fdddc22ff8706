import { fractionOf } from './ticks.ts'

/** A limit of a plot, drawn as a line. */
export interface Threshold {
  value: number
  label: string
  level: 'warn' | 'bad'
  /** Which side of it is meant. */
  side: 'above' | 'below'
}

function isBeyond({ value, side }: Threshold, sample: number): boolean {
  return side === 'above' ? sample > value : sample < value
}

/** The worst of the limits that a value is beyond, the farther one first; null when it is within all. */
export function worstBeyond(thresholds: readonly Threshold[], sample: number): Threshold | null {
  let worst: Threshold | null = null
  for (const each of thresholds) {
    if (!isBeyond(each, sample)) continue
    if (!worst || (worst.level === 'warn' && each.level === 'bad')) worst = each
  }
  return worst
}

/** "above 5 (limit)", as a channel list says it. */
export function beyondWords({ side, value, label }: Threshold): string {
  return label === '' ? `${side} ${value}` : `${side} ${label} (${value})`
}

/** px where a line of columns goes beyond a limit, at most one per `apart` px. */
export function crossings(
  threshold: Threshold,
  lows: Float64Array,
  highs: Float64Array,
  left: number,
  step: number,
  apart: number,
): number[] {
  const found: number[] = []
  let inside = true
  for (let i = 0; i < lows.length; i++) {
    const value = threshold.side === 'above' ? highs[i]! : lows[i]!
    if (Number.isNaN(value)) continue
    const beyond = isBeyond(threshold, value)
    const x = left + (i + 0.5) * step
    if (beyond && inside && (found.length === 0 || x - found.at(-1)! >= apart)) found.push(x)
    inside = !beyond
  }
  return found
}

/** Where in a bar from `min` to `max` a value stands, 0 to 1; null where that says nothing. */
export function gaugeFraction(value: number, min: number, max: number): number | null {
  if (!Number.isFinite(value) || !(max > min)) return null
  return Math.min(1, Math.max(0, fractionOf(value, min, max)))
}
