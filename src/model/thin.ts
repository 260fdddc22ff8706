/**
 * Thins points to the smallest and the largest of each of `stretches` runs of equally many points, in order
 * of time: what a line drawn over columns wider than a run looks like stays the same. A break (NaN) stays.
 * Nothing is invented: every point returned was given.
 */
export function thin(
  times: Float64Array,
  values: Float64Array,
  stretches: number,
): { t: Float64Array; v: Float64Array } {
  const total = Math.min(times.length, values.length)
  if (total <= stretches * 2) return { t: times.slice(0, total), v: values.slice(0, total) }
  const t = new Float64Array(stretches * 3)
  const v = new Float64Array(stretches * 3)
  let n = 0
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * total) / stretches)
    const to = Math.floor(((stretch + 1) * total) / stretches)
    let low = -1
    let high = -1
    let hole = -1
    for (let i = from; i < to; i++) {
      const value = values[i]!
      if (!Number.isFinite(value)) hole = i
      else {
        if (low < 0 || value < values[low]!) low = i
        if (high < 0 || value > values[high]!) high = i
      }
    }
    let last = -1
    for (;;) {
      // The next of the three in order of time, each once.
      let i = Number.MAX_SAFE_INTEGER
      if (low > last && low < i) i = low
      if (high > last && high < i) i = high
      if (hole > last && hole < i) i = hole
      if (i === Number.MAX_SAFE_INTEGER) break
      t[n] = times[i]!
      v[n++] = values[i]!
      last = i
    }
  }
  return { t: t.slice(0, n), v: v.slice(0, n) }
}
