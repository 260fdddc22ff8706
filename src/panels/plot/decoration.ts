import type { Columns } from './columns.ts'
import type { GapSpan } from './gap-spans.ts'
import { scaledFont, type Inks } from './inks.ts'
import type { Area } from './axes.ts'
import { crossings, type Threshold } from './thresholds.ts'
import type { ToPx } from './trace.ts'

type Context = CanvasRenderingContext2D

/** Bands where something is missing; hatched, so that colour is not the only sign. */
export function drawGaps(
  context: Context,
  area: Area,
  spans: readonly GapSpan[],
  toX: ToPx,
  inks: Inks,
): void {
  const { left, top, width, height, ratio } = area
  for (const { from, to } of spans) {
    const start = Math.max(left, toX(from))
    const end = Math.min(left + width, to === null ? left + width : toX(to))
    const wide = Math.max(2 * ratio, end - start)
    context.save()
    context.beginPath()
    context.rect(start, top, wide, height)
    context.clip()
    context.fillStyle = inks.warn
    context.globalAlpha = 0.12
    context.fillRect(start, top, wide, height)
    context.globalAlpha = 0.35
    context.strokeStyle = inks.warn
    context.lineWidth = ratio
    context.setLineDash([])
    context.beginPath()
    for (let x = start - height; x < start + wide; x += 9 * ratio) {
      context.moveTo(x, top + height)
      context.lineTo(x + height, top)
    }
    context.stroke()
    context.restore()
    label(context, wide, start, area, inks)
  }
}

function label(context: Context, wide: number, start: number, { top, ratio }: Area, inks: Inks): void {
  context.font = scaledFont(inks, ratio)
  if (wide < context.measureText('gap').width + 8 * ratio) return
  context.fillStyle = inks.warn
  context.textAlign = 'left'
  context.textBaseline = 'top'
  context.fillText('gap', start + 4 * ratio, top + 3 * ratio)
}

/**
 * Lines of limits with their names, tinted beyond, and a mark wherever a line of columns goes beyond. One that is
 * out of sight has its name at the edge where it lies.
 */
export function drawThresholds(
  context: Context,
  area: Area,
  thresholds: readonly Threshold[],
  toY: ToPx,
  inks: Inks,
  lines: (threshold: Threshold) => readonly { columns: Columns }[],
): void {
  const { left, top, width, height, ratio } = area
  const right = left + width - 4 * ratio
  const outside = { above: 0, below: 0 }
  for (const threshold of thresholds) {
    const name = `${threshold.label === '' ? threshold.level : threshold.label} ${threshold.value}`
    const y = toY(threshold.value)
    if (!Number.isFinite(y)) continue
    const ink = threshold.level === 'bad' ? inks.bad : inks.warn
    const seen = y > top && y < top + height
    context.fillStyle = ink
    context.globalAlpha = 0.06
    if (threshold.side === 'above') context.fillRect(left, top, width, Math.max(0, Math.min(height, y - top)))
    else context.fillRect(left, Math.max(top, y), width, Math.max(0, top + height - Math.max(top, y)))
    context.globalAlpha = 1
    context.font = scaledFont(inks, ratio)
    context.textAlign = 'right'
    if (!seen) {
      const above = y <= top
      const place = above ? outside.above++ : outside.below++
      const shift = (2 + 13 * place) * ratio
      context.textBaseline = above ? 'top' : 'bottom'
      context.fillText(`${above ? '↑' : '↓'} ${name}`, right, above ? top + shift : top + height - shift)
      continue
    }
    context.strokeStyle = ink
    context.lineWidth = ratio
    context.setLineDash(threshold.level === 'bad' ? [] : [6 * ratio, 4 * ratio])
    context.beginPath()
    context.moveTo(left, y)
    context.lineTo(left + width, y)
    context.stroke()
    context.textBaseline = threshold.side === 'above' ? 'bottom' : 'top'
    context.fillText(name, right, y + (threshold.side === 'above' ? -2 : 2) * ratio)
    const up = threshold.side === 'above' ? -1 : 1
    context.beginPath()
    for (const { columns } of lines(threshold))
      for (const x of crossings(
        threshold,
        columns.lows,
        columns.highs,
        left,
        width / columns.lows.length,
        8 * ratio,
      )) {
        context.moveTo(x - 4 * ratio, y)
        context.lineTo(x + 4 * ratio, y)
        context.lineTo(x, y + up * 6 * ratio)
      }
    context.fill()
  }
}

/** Names of lines at their right ends, moved apart where they would lie on each other. */
export function drawTags(
  context: Context,
  { left, top, width, height, ratio }: Area,
  tags: { text: string; ink: string; y: number }[],
  inks: Inks,
): void {
  const places = spread(
    tags.map(({ y }) => Math.min(top + height, Math.max(top, y))),
    12 * ratio,
    top,
    top + height,
  )
  context.font = scaledFont(inks, ratio)
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  for (const [i, { text, ink }] of tags.entries()) {
    context.fillStyle = ink
    context.fillText(text, left + width + 5 * ratio, places[i]!)
  }
}

/** Places at least `apart` from each other and between two bounds, each as near to its own as can be. */
export function spread(wanted: readonly number[], apart: number, least: number, most: number): number[] {
  const order = wanted.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y)
  for (let k = 1; k < order.length; k++) order[k]!.y = Math.max(order[k]!.y, order[k - 1]!.y + apart)
  let limit = most
  for (let k = order.length - 1; k >= 0; k--) {
    order[k]!.y = Math.max(Math.min(order[k]!.y, limit), least)
    limit = order[k]!.y - apart
  }
  const places: number[] = []
  for (const { y, i } of order) places[i] = y
  return places
}
