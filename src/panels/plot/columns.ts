import type { Track } from '#model/track.ts'
import type { Grid } from './view.ts'

/** Smallest and largest values of a track per column of a view, in arrays that are made once per width. */
export class Columns {
  lows = new Float64Array(0)
  highs = new Float64Array(0)
  /** As `Track.columns` says them. */
  breaks = new Uint8Array(0)
  /** Columns filled in the last update; for tests and benchmarks. */
  computed = 0
  #track: Track | undefined
  #grid: Grid = { first: 0, width: 0, count: 0 }
  #version = -1
  #oldest: number | null = null
  /** Time of the newest point when it was filled: columns before it cannot change any more. */
  #newest = -Infinity

  /**
   * Fills the columns of a grid. What was computed for the last one is kept where it is the same: a live view that
   * moves on costs its new columns only.
   * @returns whether anything changed
   */
  update(track: Track, grid: Grid): boolean {
    const { first, width, count } = grid
    const shift = first - this.#grid.first
    const fits =
      track === this.#track &&
      width === this.#grid.width &&
      count === this.lows.length &&
      track.first === this.#oldest &&
      shift >= 0 &&
      shift < count
    if (fits && shift === 0) {
      const ended = this.#newest >= (first + count) * width
      if (track.version === this.#version || ended) return false
    }
    if (this.lows.length !== count) {
      this.lows = new Float64Array(count)
      this.highs = new Float64Array(count)
      this.breaks = new Uint8Array(count)
    }
    let start = 0
    if (fits) {
      const { lows, highs, breaks } = this
      lows.copyWithin(0, shift)
      highs.copyWithin(0, shift)
      breaks.copyWithin(0, shift)
      const settled = Math.floor(this.#newest / width) - first
      start = Math.max(0, Math.min(count - shift, settled))
    }
    this.computed = count - start
    track.columns(
      (first + start) * width,
      (first + count) * width,
      this.lows.subarray(start),
      this.highs.subarray(start),
      this.breaks.subarray(start),
    )
    this.#track = track
    this.#grid = grid
    this.#version = track.version
    this.#oldest = track.first
    this.#newest = track.last ?? -Infinity
    return true
  }
}
