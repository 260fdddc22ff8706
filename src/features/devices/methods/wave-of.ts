import type { Wave } from '#panels/plot/wave-plot.ts'

/** More than a plot can show at any width, and few enough to be drawn at once while one zooms. */
const MOST = 40_000

/** A list of numbers to be drawn over its index: of very many, the lowest and the highest of each stretch. */
export function waveOf(values: readonly number[], most = MOST): Wave {
  const n = values.length
  if (n <= most) return { n, index: null, values: Float64Array.from(values) }
  const step = Math.ceil(n / Math.floor(most / 2))
  const kept: number[] = []
  for (let from = 0; from < n; from += step) {
    let [low, high] = [from, from]
    for (let i = from + 1; i < Math.min(n, from + step); i++) {
      if (values[i]! < values[low]!) low = i
      if (values[i]! > values[high]!) high = i
    }
    kept.push(Math.min(low, high))
    if (low !== high) kept.push(Math.max(low, high))
  }
  return { n, index: Float64Array.from(kept), values: Float64Array.from(kept, (i) => values[i]!) }
}
