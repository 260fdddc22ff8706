import { drawAxes, type Area } from './axes.ts'
import { currentInks, scaledFont } from './inks.ts'
import { fractionOf, logTicks, ticks, type Ticks } from './ticks.ts'
import { timeTicks } from './time-ticks.ts'
import type { View } from './view.ts'
import type { YRange } from './y-range.ts'

export interface SurfaceOptions {
  /** Of the x axis: times, or indexes of an array. */
  x: 'time' | 'index'
  log: boolean
  /** Whether times are UTC's, not this machine's. */
  utc: () => boolean
  /** What stands at the left of lanes on top of each other, each scaled on its own; null: one scale. */
  lanes: () => readonly string[][] | null
  /** Called when axes and grid are drawn; the context is clipped to the area. */
  draw: (context: CanvasRenderingContext2D, area: Area) => void
  /** The same without the clip: what stands beside the lines. */
  beside?: (context: CanvasRenderingContext2D, area: Area) => void
  /** The lines' area became another one while it was drawn. */
  moved: () => void
}

/** Widths kept free so that the lines' area stays where it is, px. Long labels get more. */
const Y_AXIS = 58
const X_AXIS = 24
const PADDING = { top: 10, right: 24 }
/** Between a label and the area, px. */
const GAP = { x: 6, y: 8 }
/** The y axis grows and shrinks in steps, px, and only shrinks by two at least: labels that move on move nothing. */
const GROWTH = 12

/** A canvas with axes and grid. Lines are drawn by the owner. */
export class Surface {
  readonly canvas = document.createElement('canvas')
  readonly #context: CanvasRenderingContext2D
  readonly #options: SurfaceOptions
  #width = 0
  #height = 0
  #axis = Y_AXIS
  #area: Area = { left: 0, top: 0, width: 1, height: 1, ratio: 1 }
  /** Of a log scale: the logarithms. */
  #y: YRange = { min: 0, max: 1 }
  #view: View = { from: 0, to: 1 }

  constructor(element: HTMLElement, options: SurfaceOptions) {
    this.#options = options
    this.canvas.className = 'plot-canvas'
    this.#context = this.canvas.getContext('2d')!
    element.append(this.canvas)
  }

  /** Takes a size in px of the page. @returns whether it is another one */
  resize(width: number, height: number): boolean {
    if (width === this.#width && height === this.#height) return false
    this.#width = width
    this.#height = height
    this.#measure()
    return true
  }

  /** Where lines go on the canvas. */
  get area(): Area {
    return this.#area
  }

  /** The lines' area within the element, px of the page. */
  get box(): { left: number; top: number; width: number; height: number } {
    return {
      left: this.#axis,
      top: PADDING.top,
      width: Math.max(1, this.#width - this.#axis - PADDING.right),
      height: Math.max(1, this.#height - PADDING.top - X_AXIS),
    }
  }

  get ratio(): number {
    return devicePixelRatio
  }

  /** Draws at once. */
  draw(view: View, y: YRange): void {
    this.#view = view
    this.#y = this.#options.log ? { min: Math.log10(y.min), max: Math.log10(y.max) } : y
    const context = this.#context
    this.#fit()
    const { lanes, draw, beside, moved } = this.#options
    const names = lanes()
    const rows = names ? lanesAt(names.length) : this.#rows(y)
    const reserved = this.#reserve(names ? names.flat() : rows.labels)
    this.#measure()
    const area = this.#area
    const inks = currentInks()
    const columns = this.#columns()
    drawAxes(context, area, inks, {
      x: columns.values.map((at, i) => ({ at: this.toX(at), label: columns.labels[i]! })),
      y: rows.values.map((at, i) => ({
        at: names ? laneAt(area, at) : this.toY(at),
        label: rows.labels[i]!,
      })),
      gap: { x: GAP.x * area.ratio, y: GAP.y * area.ratio },
    })
    context.save()
    context.beginPath()
    context.rect(area.left, area.top, area.width, area.height)
    context.clip()
    draw(context, area)
    context.restore()
    context.save()
    beside?.(context, area)
    context.restore()
    if (reserved) moved()
  }

  readonly toX = (x: number): number => {
    const { left, width } = this.#area
    const { from, to } = this.#view
    return left + ((x - from) / (to - from)) * width
  }

  /** px of a value; NaN where the scale has no place for it. */
  readonly toY = (value: number): number => {
    const { top, height } = this.#area
    const { min, max } = this.#y
    const fraction = !this.#options.log
      ? fractionOf(value, min, max)
      : value > 0
        ? (Math.log10(value) - min) / (max - min)
        : Number.NaN
    // Far outside is as good as just outside, and canvases count in 32 bits.
    return top + height * (1 - Math.min(50, Math.max(-50, fraction)))
  }

  destroy(): void {
    this.canvas.remove()
  }

  /** Gives the canvas as many px as the screen has for it, and empties it. */
  #fit(): void {
    const { canvas, ratio } = this
    const [width, height] = [Math.round(this.#width * ratio), Math.round(this.#height * ratio)]
    if (canvas.width !== width) canvas.width = width
    if (canvas.height !== height) canvas.height = height
    this.#context.setTransform(1, 0, 0, 1, 0, 0)
    this.#context.clearRect(0, 0, width, height)
  }

  #measure(): void {
    const { ratio } = this
    const { left, top, width, height } = this.box
    const [x, y] = [Math.round(left * ratio), Math.round(top * ratio)]
    this.#area = {
      left: x,
      top: y,
      width: Math.round((left + width) * ratio) - x,
      height: Math.round((top + height) * ratio) - y,
      ratio,
    }
  }

  #rows({ min, max }: YRange): Ticks {
    const { height } = this.box
    return this.#options.log ? logTicks(min, max, height) : ticks(min, max, height)
  }

  #columns(): Ticks {
    const { width } = this.box
    const { from, to } = this.#view
    return this.#options.x === 'time'
      ? timeTicks(from, to, width, this.#options.utc())
      : ticks(from, to, width, 60, 0)
  }

  /** Makes room for the longest label. @returns whether the area is another one */
  #reserve(labels: readonly string[]): boolean {
    const context = this.#context
    context.font = scaledFont(currentInks(), this.ratio)
    const longest = Math.max(0, ...labels.map((label) => context.measureText(label).width)) / this.ratio
    const needed = Y_AXIS + Math.max(0, Math.ceil((longest + GAP.y + 2 - Y_AXIS) / GROWTH)) * GROWTH
    if (needed === this.#axis || (needed < this.#axis && needed > this.#axis - 2 * GROWTH)) return false
    this.#axis = needed
    return true
  }
}

/** Lines between so many lanes; what they reach to is drawn within them. */
function lanesAt(count: number): Ticks {
  const values = Array.from({ length: count + 1 }, (_, i) => i / count)
  return { values, labels: values.map(() => '') }
}

function laneAt({ top, height }: Area, fraction: number): number {
  return top + height * fraction
}
