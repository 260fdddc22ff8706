import type { Track } from '#model/track.ts'
import { Columns } from './columns.ts'
import { painters, type Painters, type Painter, type Painting } from './painters.ts'
import { currentInks, onInks } from './inks.ts'
import { fractionOf } from './ticks.ts'
import { noPoints, takePoints, traceColumns, tracePoints } from './trace.ts'
import { gridOf, viewOf } from './view.ts'

export interface SparkOptions {
  track: () => Track | undefined
  /** Where the line ends, ms since epoch. */
  until: () => number
  /** ms. */
  span: number
  /** It moves on by itself. */
  moving: boolean
}

/** px per column: a small line need not be exact. */
const COLUMN = 2
/** A small line moves on no sooner, ms. */
const EVERY_MS = 200

/** A small line without axes, as tall as its values reach. */
export class SparkPainter implements Painter {
  readonly element: HTMLCanvasElement
  readonly #options: SparkOptions
  readonly #painting: Painting
  readonly #undo: () => void
  readonly #resizer: ResizeObserver
  readonly #columns = new Columns()
  #points = noPoints(64)
  #size = { width: 0, height: 0 }
  #version = -1
  #first = -1
  #dirty = true
  #paintedAt = -Infinity

  constructor(element: HTMLCanvasElement, options: SparkOptions, owner: Painters = painters) {
    this.element = element
    this.#options = options
    this.#resizer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      this.#size = { width: Math.round(width), height: Math.round(height) }
      this.#dirty = true
      this.#painting.request()
    })
    this.#resizer.observe(element)
    this.#painting = owner.add(this)
    this.#undo = onInks(() => {
      this.#dirty = true
      this.#painting.request()
    })
  }

  readonly arrived = (): void => {
    this.#painting.request()
  }

  moving(): boolean {
    return this.#options.moving
  }

  stale(): boolean {
    if (this.#size.width < 8) return false
    if (this.#dirty) return true
    if (performance.now() - this.#paintedAt < EVERY_MS) return false
    return this.#version !== (this.#options.track()?.version ?? -1) || this.#grid().first !== this.#first
  }

  paint(): void {
    const { width, height } = this.#size
    const ratio = devicePixelRatio
    const canvas = this.element
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio)
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio)
    this.#dirty = false
    this.#paintedAt = performance.now()
    const track = this.#options.track()
    this.#version = track?.version ?? -1
    const context = canvas.getContext('2d')
    if (!context) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    const grid = this.#grid()
    this.#first = grid.first
    if (!track) return
    const view = viewOf(grid)
    const { min, max } = track.stats(view.from, view.to)
    if (Number.isNaN(min)) return
    const toY = (value: number) => {
      const fraction = max > min ? fractionOf(value, min, max) : 0.5
      return height / 2 - (fraction - 0.5) * (height - 4)
    }
    const inks = currentInks()
    context.strokeStyle = inks.channels[0]!
    context.lineWidth = 1.25
    context.lineJoin = 'bevel'
    context.beginPath()
    if (track.countWithin(view.from, view.to, grid.count) < grid.count) {
      if (this.#points.t.length < grid.count + 2) this.#points = noPoints(grid.count)
      takePoints(track, view, this.#points)
      tracePoints(context, this.#points, (t) => ((t - view.from) / (view.to - view.from)) * width, toY)
    } else {
      this.#columns.update(track, grid)
      traceColumns(context, this.#columns, 0, width / grid.count, toY)
    }
    context.stroke()
  }

  destroy(): void {
    this.#undo()
    this.#painting.stop()
    this.#resizer.disconnect()
  }

  #grid() {
    const until = this.#options.until()
    const { span } = this.#options
    return gridOf({ from: until - span, to: until }, Math.max(1, Math.round(this.#size.width / COLUMN)))
  }
}
