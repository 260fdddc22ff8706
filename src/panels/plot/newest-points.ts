import type { Track } from '#model/track.ts'

/** Values of several channels at one moment; null where a channel has none at it. */
export interface SampleRow {
  t: number
  values: (number | null)[]
}

/** The newest samples of several tracks up to a time, newest first, those of one moment in one row. */
export function newestRows(tracks: readonly (Track | undefined)[], until: number, most: number): SampleRow[] {
  const rows = new Map<number, SampleRow>()
  for (const [i, track] of tracks.entries()) {
    // A hair later: `around` looks before its time.
    let at = until + 1e-3
    for (let k = 0; track && k < most; k++) {
      const { before } = track.around(at)
      if (!before) break
      let row = rows.get(before.t)
      if (!row) rows.set(before.t, (row = { t: before.t, values: tracks.map(() => null) }))
      row.values[i] = before.value
      at = before.t
    }
  }
  return [...rows.values()].sort((a, b) => b.t - a.t).slice(0, most)
}
