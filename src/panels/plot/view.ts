/** A range of a plot's axis: ms since epoch, or indexes of an array. */
export interface View {
  readonly from: number
  readonly to: number
}

/** Shortest and longest span of time that can be looked at, ms. */
export const SHORTEST_MS = 5
export const LONGEST_MS = 31 * 86_400_000

/** Spans offered, ms. */
export const SPANS: readonly number[] = [
  5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000,
]

export function clampSpan(span: number): number {
  return Number.isFinite(span) ? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, span)) : LONGEST_MS
}

/** Makes the span `factor` times as long; what is at `anchor` stays where it is. */
export function zoomed(view: View, factor: number, anchor: number): View {
  const before = view.to - view.from
  const span = clampSpan(before * factor)
  const from = anchor - ((anchor - view.from) * span) / before
  return { from, to: from + span }
}

export function panned(view: View, by: number): View {
  return { from: view.from + by, to: view.to + by }
}

/** The columns of a view: `width` ms each, the first is the `first`th since the epoch. */
export interface Grid {
  first: number
  width: number
  count: number
}

/**
 * Cuts a view into columns that stay in place while the view moves on: what was computed for one is good for the
 * next frame, and lines do not shimmer.
 */
export function gridOf(view: View, count: number): Grid {
  // Times of today are exact to a quarter of a µs: what is below it must not make another width of every frame.
  const width = Math.round((view.to - view.from) * 1e3) / 1e3 / count
  return { first: Math.ceil(view.to / width - 1e-6) - count, width, count }
}

export function viewOf({ first, width, count }: Grid): View {
  return { from: first * width, to: (first + count) * width }
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** ms of "90", "90 s", "1.5 h", "1h 30m"; a bare number is seconds. Null for anything else. */
export function parseSpan(text: string): number | null {
  const clean = text.trim().toLowerCase().replace(',', '.')
  if (/^\d+(\.\d+)?$/.test(clean)) return within(Number(clean) * 1_000)
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(clean)) return null
  let sum = 0
  for (const [, amount, unit] of clean.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const factor = UNITS[unit!]
    if (factor === undefined) return null
    sum += Number(amount) * factor
  }
  return within(sum)
}

function within(ms: number): number | null {
  return ms >= SHORTEST_MS && ms <= LONGEST_MS ? ms : null
}

/** "5 s", "15 min", "1 h 30 min", "120 ms". */
export function formatSpan(ms: number): string {
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`
  if (ms < 60_000) return `${Number((ms / 1_000).toPrecision(3))} s`
  const parts = (whole: number, unit: string, rest: number, small: string) =>
    rest > 0 ? `${whole} ${unit} ${rest} ${small}` : `${whole} ${unit}`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return parts(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(ms / 60_000)
  if (minutes <= 2 * 1_440) return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(ms / 3_600_000)
  return parts(Math.floor(hours / 24), 'd', hours % 24, 'h')
}
