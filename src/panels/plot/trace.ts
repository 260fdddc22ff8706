import type { Track } from '#model/track.ts'
import type { Columns } from './columns.ts'
import type { View } from './view.ts'

/** What lines are drawn with: a canvas, a Path2D, or a test. */
export interface Pen {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
}

/** px of a value; NaN for one that cannot be shown (0 on a log scale). */
export type ToPx = (value: number) => number

/**
 * Draws columns as one line: at most two points each, the one nearer to where the line comes from first.
 * @param left px of the first column's left edge
 * @param step px per column
 */
export function traceColumns(pen: Pen, columns: Columns, left: number, step: number, toY: ToPx): void {
  const { lows, highs, breaks } = columns
  let y = Number.NaN
  let x = left + step / 2
  for (let i = 0; i < lows.length; i++, x += step) {
    const mark = breaks[i]!
    if (mark & 1) y = Number.NaN
    const low = lows[i]!
    if (low === low) {
      let a = toY(low)
      let b = toY(highs[i]!)
      // A log scale has no place for what is not above 0.
      if (a !== a) a = b
      if (b !== b) y = Number.NaN
      else {
        if (y === y && Math.abs(b - y) < Math.abs(a - y)) {
          const swap = a
          a = b
          b = swap
        }
        if (y === y) pen.lineTo(x, a)
        else pen.moveTo(x, a)
        // A lone point is a dot of the line's width.
        if (Math.abs(b - a) >= 0.5) {
          pen.lineTo(x, b)
          a = b
        } else if (y !== y) pen.lineTo(x + 0.5, a)
        y = a
      }
    }
    if (mark & 2) y = Number.NaN
  }
}

/** Points of a track in a view and the nearest on both sides, each as it is. */
export interface Points {
  t: Float64Array
  v: Float64Array
  n: number
}

export function noPoints(most: number): Points {
  return { t: new Float64Array(most + 2), v: new Float64Array(most + 2), n: 0 }
}

export function takePoints(track: Track, view: View, into: Points): void {
  let n = 0
  const before = track.around(view.from).before
  if (before) {
    into.t[n] = before.t
    into.v[n++] = before.value
  }
  track.forEach(view.from, view.to, (t, value) => {
    if (n >= into.t.length - 1) return false
    into.t[n] = t
    into.v[n++] = value
    return true
  })
  const { after } = track.around(view.to)
  if (after && after.t > view.to) {
    into.t[n] = after.t
    into.v[n++] = after.value
  }
  into.n = n
}

/** Draws points as a line; a value that is no number breaks it. */
export function tracePoints(pen: Pen, points: Points, toX: ToPx, toY: ToPx): void {
  let drawing = false
  for (let i = 0; i < points.n; i++) {
    const y = toY(points.v[i]!)
    if (!Number.isFinite(y)) drawing = false
    else {
      const x = toX(points.t[i]!)
      if (drawing) pen.lineTo(x, y)
      else pen.moveTo(x, y)
      drawing = true
    }
  }
}
