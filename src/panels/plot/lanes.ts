import { formatValue } from './format-value.ts'
import { scaledFont, type Inks } from './inks.ts'
import type { Area } from './axes.ts'
import { fractionOf } from './ticks.ts'
import type { ToPx } from './trace.ts'
import type { YRange } from './y-range.ts'

/** Air between two lanes, px of the page. */
const AIR = 4
/** Below this height (px of the page) a lane has no room for the bounds of its range. */
const LABELLED = 30
const DIGITS = 3

/** A part of a plot's area for one line, scaled on its own. */
export interface Lane {
  area: Area
  toY: ToPx
  range: YRange
}

/** Areas of equal height on top of each other, the first uppermost. */
export function lanesOf(area: Area, ranges: readonly YRange[]): Lane[] {
  const each = area.height / ranges.length
  const air = Math.min(AIR * area.ratio, each / 4)
  return ranges.map((range, i) => {
    const top = area.top + i * each + air / 2
    const height = each - air
    const { min, max } = range
    return {
      area: { ...area, top, height },
      range,
      // Far outside is as good as just outside, and canvases count in 32 bits.
      toY: (value) => top + height * (1 - Math.min(50, Math.max(-50, fractionOf(value, min, max)))),
    }
  })
}

/** What a range reaches from and to, in words that tell the two apart. */
export function boundsOf({ min, max }: YRange): string[] {
  return [min, max].map((value) => formatValue(value, DIGITS, max - min))
}

/** Draws within a lane alone. */
export function inLane(context: CanvasRenderingContext2D, { area }: Lane, draw: () => void): void {
  context.save()
  context.beginPath()
  context.rect(area.left, area.top, area.width, area.height)
  context.clip()
  draw()
  context.restore()
}

/** What a lane reaches from and to, at its left, and whose it is, at its right. */
export function drawLaneNames(
  context: CanvasRenderingContext2D,
  { area, range }: Lane,
  { tag, ink }: { tag: string; ink: string },
  inks: Inks,
): void {
  const { left, top, width, height, ratio } = area
  context.font = scaledFont(inks, ratio)
  context.fillStyle = inks.faint
  context.textAlign = 'right'
  if (height >= LABELLED * ratio) {
    const [low, high] = boundsOf(range)
    context.textBaseline = 'top'
    context.fillText(high!, left - 8 * ratio, top)
    context.textBaseline = 'bottom'
    context.fillText(low!, left - 8 * ratio, top + height)
  }
  context.fillStyle = ink
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillText(tag, left + width + 5 * ratio, top + height / 2)
}
