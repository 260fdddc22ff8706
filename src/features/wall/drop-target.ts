export interface Box {
  key: string
  left: number
  top: number
  right: number
  bottom: number
}

export interface DropTarget {
  key: string
  side: 'before' | 'after'
  /** Which edge of the target the panel would come to stand at. */
  axis: 'x' | 'y'
}

/**
 * Where a panel dropped at a point would go: beside the box under the point, or the nearest one. A box that
 * fills its row is entered from above or below, others from left or right.
 */
export function dropTargetAt(
  boxes: readonly Box[],
  point: { x: number; y: number },
  wallWidth: number,
): DropTarget | null {
  let best: Box | null = null
  let least = Infinity
  for (const box of boxes) {
    const away = distance(box, point)
    if (away < least) {
      least = away
      best = box
    }
  }
  if (!best) return null
  const axis = best.right - best.left > wallWidth * 0.8 ? 'y' : 'x'
  const middle = axis === 'x' ? (best.left + best.right) / 2 : (best.top + best.bottom) / 2
  return { key: best.key, side: (axis === 'x' ? point.x : point.y) < middle ? 'before' : 'after', axis }
}

function distance(box: Box, point: { x: number; y: number }): number {
  const dx = Math.max(box.left - point.x, 0, point.x - box.right)
  const dy = Math.max(box.top - point.y, 0, point.y - box.bottom)
  return dx * dx + dy * dy
}

/** Columns or rows that a length in pixels comes to, counting the space between. */
export function unitsOf(length: number, unit: number, gap: number): number {
  return Math.round((length + gap) / (unit + gap))
}
