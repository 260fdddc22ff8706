/*
 * Where rows are while scrolling. All rows have one height, so a place is a number of rows, with a fraction.
 * Browsers bound the height of an element: beyond that, the scroll bar stands for the whole log in proportion,
 * while short moves still go by the pixel.
 */

export const ROW_PX = 18

/** Tallest element laid out reliably: Firefox stops short of 17.9, the others of 33.5 million px. */
export const MAX_HEIGHT_PX =
  typeof CSS !== 'undefined' && CSS.supports('-moz-appearance', 'none') ? 17_000_000 : 33_000_000

export interface Geometry {
  /** Rows in all. */
  rows: number
  /** Height of what is seen, px. */
  viewPx: number
}

export function contentHeight(rows: number): number {
  return Math.min(rows * ROW_PX, MAX_HEIGHT_PX)
}

/** The place of the first row seen when the last one is just in sight. */
export function lastTop({ rows, viewPx }: Geometry): number {
  return Math.max(0, rows - viewPx / ROW_PX)
}

export function clampTop(top: number, geometry: Geometry): number {
  return Math.min(Math.max(0, top), lastTop(geometry))
}

function scrollRange({ rows, viewPx }: Geometry): number {
  return Math.max(0, contentHeight(rows) - viewPx)
}

/** True when a pixel of the scroll bar is more than a pixel of the log. */
export function isScaled({ rows }: Pick<Geometry, 'rows'>): boolean {
  return rows * ROW_PX > MAX_HEIGHT_PX
}

export function scrollTopFor(top: number, geometry: Geometry): number {
  const end = lastTop(geometry)
  return end === 0 ? 0 : (top / end) * scrollRange(geometry)
}

export function topFor(scrollTop: number, geometry: Geometry): number {
  const range = scrollRange(geometry)
  return range === 0 ? 0 : clampTop((scrollTop / range) * lastTop(geometry), geometry)
}

/** A move this long is a jump of the scroll bar, not a turn of the wheel. */
const JUMP_VIEWS = 2

/** The place after the browser scrolled from one position to another. */
export function scrolledTop(
  before: { top: number; scrollTop: number },
  scrollTop: number,
  geometry: Geometry,
): number {
  if (!isScaled(geometry)) return topFor(scrollTop, geometry)
  if (scrollTop <= 0) return 0
  if (scrollTop >= scrollRange(geometry) - 1) return lastTop(geometry)
  const moved = scrollTop - before.scrollTop
  if (Math.abs(moved) > geometry.viewPx * JUMP_VIEWS) return topFor(scrollTop, geometry)
  return clampTop(before.top + moved / ROW_PX, geometry)
}

/** The rows to draw, half-open. */
export function visibleRows(top: number, { rows, viewPx }: Geometry): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top))
  return { from, to: Math.min(rows, Math.ceil(top + viewPx / ROW_PX)) }
}
