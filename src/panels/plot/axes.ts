import { scaledFont, type Inks } from './inks.ts'

/** Where lines go, in px of the canvas. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
  /** px of the canvas per px of the page. */
  ratio: number
}

/** A line of the grid: where it is, px of the canvas, and what stands at its end. */
export interface GridLine {
  at: number
  label: string
}

/** Lines of a grid over an area, with their labels below and at the left of it. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  { left, top, width, height, ratio }: Area,
  inks: Inks,
  lines: { x: readonly GridLine[]; y: readonly GridLine[]; gap: { x: number; y: number } },
): void {
  context.save()
  context.strokeStyle = inks.line
  context.lineWidth = Math.max(1, Math.round(ratio))
  context.setLineDash([])
  // Half a px off where the width is odd: else a line is two px of half its colour.
  const off = (context.lineWidth % 2) / 2
  context.beginPath()
  for (const { at } of lines.x) {
    const x = Math.round(at) + off
    context.moveTo(x, top)
    context.lineTo(x, top + height)
  }
  for (const { at } of lines.y) {
    const y = Math.round(at) + off
    context.moveTo(left, y)
    context.lineTo(left + width, y)
  }
  context.stroke()
  context.font = scaledFont(inks, ratio)
  context.fillStyle = inks.faint
  context.textAlign = 'center'
  context.textBaseline = 'top'
  for (const { at, label } of lines.x) context.fillText(label, Math.round(at), top + height + lines.gap.x)
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  for (const { at, label } of lines.y) context.fillText(label, left - lines.gap.y, Math.round(at))
  context.restore()
}
