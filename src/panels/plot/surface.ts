import uPlot from 'uplot'
import { formatTick } from './format-value.ts'
import { currentInks } from './inks.ts'
import { formatTimeTick } from './time-words.ts'
import type { View } from './view.ts'
import type { YRange } from './y-range.ts'

/** Where lines go, in px of the canvas. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
  /** px of the canvas per px of the page. */
  ratio: number
}

export interface SurfaceOptions {
  /** Of the x axis: times, or indexes of an array. */
  x: 'time' | 'index'
  log: boolean
  /** Whether times are UTC's, not this machine's. */
  utc: () => boolean
  /** So many lanes on top of each other have scales of their own; 0: one scale. */
  lanes: () => number
  /** Called when axes and grid are drawn; the context is clipped to the area. */
  draw: (context: CanvasRenderingContext2D, area: Area) => void
  /** The same without the clip: what stands beside the lines. */
  beside?: (context: CanvasRenderingContext2D, area: Area) => void
}

/** Widths kept free so that the lines' area stays where it is, px. */
const Y_AXIS = 58
const X_AXIS = 24
export const PADDING = { top: 10, right: 24 }

/**
 * A canvas with axes and grid: uPlot's scales, ticks and sizes, without its data. Lines are drawn by the owner.
 */
export class Surface {
  readonly #plot: uPlot
  readonly #log: boolean
  #width = 0
  #height = 0
  #y: YRange = { min: 0, max: 1 }
  #view: View = { from: 0, to: 1 }

  constructor(element: HTMLElement, options: SurfaceOptions) {
    this.#log = options.log
    const grid = { stroke: () => currentInks().line, width: 1 }
    const axis = { stroke: () => currentInks().faint, font: currentInks().font, grid, ticks: { show: false } }
    this.#plot = new uPlot(
      {
        width: 300,
        height: 150,
        ms: 1,
        tzDate: (at) => (options.utc() ? uPlot.tzDate(new Date(at), 'Etc/UTC') : new Date(at)),
        legend: { show: false },
        cursor: { show: false },
        select: { show: false, left: 0, top: 0, width: 0, height: 0 },
        padding: [PADDING.top, PADDING.right, 0, 0],
        scales: {
          x: { time: options.x === 'time', auto: false, range: (_, min, max) => [min ?? 0, max ?? 1] },
          y: {
            distr: options.log ? 3 : 1,
            auto: false,
            range: (_, min, max) => [min ?? (options.log ? 0.1 : 0), max ?? 1],
          },
        },
        series: [{}],
        axes: [
          {
            ...axis,
            size: X_AXIS,
            gap: 6,
            space: options.x === 'time' ? 84 : 60,
            values: (_, splits, __, ___, step) =>
              options.x === 'time'
                ? splits.map((at) => formatTimeTick(at, step, options.utc()))
                : splits.map((index) => (Number.isInteger(index) ? String(index) : null)),
          },
          {
            ...axis,
            scale: 'y',
            size: Y_AXIS,
            gap: 8,
            space: 28,
            ...(options.lanes() > 0 && {
              splits: () => Array.from({ length: options.lanes() + 1 }, (_, i) => i),
            }),
            values: (_, splits, __, ___, step) =>
              splits.map((value) =>
                value === null || options.lanes() > 0 ? null : formatTick(value, options.log ? value : step),
              ),
          },
        ],
        hooks: {
          draw: [
            ({ ctx, bbox }) => {
              const area = { ...bbox, ratio: uPlot.pxRatio }
              ctx.save()
              ctx.beginPath()
              ctx.rect(area.left, area.top, area.width, area.height)
              ctx.clip()
              options.draw(ctx, area)
              ctx.restore()
              if (!options.beside) return
              ctx.save()
              options.beside(ctx, area)
              ctx.restore()
            },
          ],
        },
      },
      [[0, 1]],
      element,
    )
  }

  /** Takes a size in px of the page. @returns whether it is another one */
  resize(width: number, height: number): boolean {
    if (width === this.#width && height === this.#height) return false
    this.#width = width
    this.#height = height
    this.#plot.setSize({ width, height })
    return true
  }

  /** Where lines go on the canvas. */
  get area(): Area {
    return { ...this.#plot.bbox, ratio: uPlot.pxRatio }
  }

  /** The lines' area within the element, px of the page. */
  get box(): { left: number; top: number; width: number; height: number } {
    const { left, top, width, height, ratio } = this.area
    return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio }
  }

  get canvas(): HTMLCanvasElement {
    return this.#plot.ctx.canvas
  }

  get ratio(): number {
    return uPlot.pxRatio
  }

  /** Draws at once. */
  draw(view: View, y: YRange): void {
    this.#view = view
    this.#y = y
    this.#plot.batch(() => {
      this.#plot.redraw(false)
      this.#plot.setScale('x', { min: view.from, max: view.to })
      this.#plot.setScale('y', { min: y.min, max: y.max })
    })
  }

  readonly toX = (x: number): number => {
    const { left, width } = this.#plot.bbox
    const { from, to } = this.#view
    return left + ((x - from) / (to - from)) * width
  }

  /** px of a value; NaN where the scale has no place for it. */
  readonly toY = (value: number): number => {
    const { top, height } = this.#plot.bbox
    const { min, max } = this.#y
    const fraction = this.#log
      ? value > 0
        ? Math.log10(value / min) / Math.log10(max / min)
        : Number.NaN
      : (value - min) / (max - min)
    // Far outside is as good as just outside, and canvases count in 32 bits.
    return top + height * (1 - Math.min(50, Math.max(-50, fraction)))
  }

  destroy(): void {
    this.#plot.destroy()
  }
}
