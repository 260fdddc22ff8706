/** One measured quantity over time. */
export interface Series {
  /** Where it stands in the records: `gpu 0 utilization`. */
  name: string
  /** Of the values beside each other: ms since epoch, or the place in the list where no time was given. */
  points: { at: number; value: number }[]
  least: number
  most: number
  last: number
}

const MOST_SERIES = 24
const NO_QUANTITY = /^(index|id|timestamp|time|at|created_at|updated_at)$/

/** The quantities in records of any form, in the order in which they appear. */
export function seriesIn(records: unknown): Series[] {
  const found = new Map<string, Series>()
  if (!Array.isArray(records)) return []
  for (const [i, record] of records.entries()) {
    const at = timeOf(record) ?? i
    walk(record, [], (path, value) => {
      const name = path.join(' ').replaceAll('_', ' ')
      let series = found.get(name)
      if (!series) {
        if (found.size >= MOST_SERIES) return
        found.set(name, (series = { name, points: [], least: value, most: value, last: value }))
      }
      series.points.push({ at, value })
      series.least = Math.min(series.least, value)
      series.most = Math.max(series.most, value)
      series.last = value
    })
  }
  return [...found.values()]
}

function walk(value: unknown, path: string[], tell: (path: string[], value: number) => void): void {
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (path.length > 0) tell(path, value)
  } else if (typeof value === 'object' && value !== null && path.length < 6)
    for (const [key, inner] of Object.entries(value))
      if (!NO_QUANTITY.test(key)) walk(inner, [...path, key], tell)
}

function timeOf(record: unknown): number | null {
  if (typeof record !== 'object' || record === null) return null
  const { timestamp } = record as { timestamp?: unknown }
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN
  return Number.isNaN(at) ? null : at
}

/** Points of an SVG line within a box, from the bottom left. */
export function lineIn(series: Series, width: number, height: number): string {
  const { points, least, most } = series
  const first = points[0]?.at ?? 0
  const span = Math.max(1, (points.at(-1)?.at ?? 0) - first)
  const range = most - least || 1
  const step = Math.max(1, Math.ceil(points.length / width))
  return points
    .filter((_, i) => i % step === 0 || i === points.length - 1)
    .map(({ at, value }) => {
      const x = ((at - first) / span) * width
      const y = most === least ? height / 2 : height - ((value - least) / range) * height
      return `${round(x)},${round(y)}`
    })
    .join(' ')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** A value as people read it: bytes where its name says so. */
export function isBytes(name: string): boolean {
  return /\b(memory|ram|vram|bytes|disk)\b/.test(name) && !/percent|utilization/.test(name)
}
