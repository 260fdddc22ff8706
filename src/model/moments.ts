/** Number, mean and sum of squared deviations of finite values: enough for a mean and a deviation. */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly m2: number
}

export const NO_MOMENTS: Moments = { n: 0, mean: 0, m2: 0 }

export function momentsOf(values: ArrayLike<number>, from = 0, to = values.length): Moments {
  let n = 0
  let sum = 0
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    n += 1
    sum += value
  }
  if (n === 0) return NO_MOMENTS
  // What sums up to more than the largest number is averaged on the way.
  const mean = Number.isFinite(sum) ? sum / n : meanOf(values, from, to)
  let m2 = 0
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (Number.isFinite(value)) m2 += (value - mean) ** 2
  }
  return { n, mean, m2 }
}

function meanOf(values: ArrayLike<number>, from: number, to: number): number {
  let n = 0
  let mean = 0
  for (let i = from; i < to; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    n += 1
    mean += value / n - mean / n
  }
  return mean
}

/** The moments of both together; stable also where values are large and differ little (Chan's rule). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b
  if (b.n === 0) return a
  const n = a.n + b.n
  const delta = b.mean - a.mean
  const step = delta * (b.n / n)
  const mean = Number.isFinite(step) ? a.mean + step : a.mean * (a.n / n) + b.mean * (b.n / n)
  return { n, mean, m2: a.m2 + b.m2 + (delta * delta * a.n * b.n) / n }
}
