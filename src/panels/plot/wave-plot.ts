import { currentInks, onInks, type Inks } from './inks.ts'
import { boundsOf, drawLaneNames, inLane, lanesOf, type Lane } from './lanes.ts'
import { drawTags, drawThresholds } from './decoration.ts'
import { painters, type Painters, type Painter, type Painting } from './painters.ts'
import type { Area } from './axes.ts'
import { Surface } from './surface.ts'
import type { Threshold } from './thresholds.ts'
import { tracePoints, type ToPx } from './trace.ts'
import type { View } from './view.ts'
import { autoRange, logRange, reachingTo, type YRange, type YScale } from './y-range.ts'

/** An array as it is drawn over its index. */
export interface Wave {
  /** Its length as received; `values` may be fewer. */
  n: number
  /** Index of each value; null: 0, 1, 2 … */
  index: Float64Array | null
  values: Float64Array
}

interface WaveLine {
  id: string
  index: number
  tag: string
  /** The newest array; the same object while there is no newer one. */
  wave: () => Wave | undefined
}

export interface WavePlotOptions {
  lines: readonly WaveLine[]
  scale: YScale
  /** Each line in a lane of its own instead of all on one scale. */
  stacked?: boolean
  thresholds: readonly Threshold[]
  stale: boolean
}

interface Shown {
  line: WaveLine
  wave: Wave | undefined
}

/** Arrays over their index: each new one takes the place of the one before. */
export class WavePlot implements Painter {
  readonly element: HTMLElement
  readonly #painting: Painting
  readonly #resizer: ResizeObserver
  readonly #undo: () => void
  readonly #cursor = document.createElement('div')
  #surface: Surface
  #options: WavePlotOptions
  #shown: Shown[] = []
  #y: YRange | null = null
  /** Of each line while they are stacked, by its id. */
  readonly #ranges = new Map<string, YRange>()
  #zoom: View | null = null
  #at: number | null = null
  #dirty = true
  #frozen = false
  #size = { width: 0, height: 0 }
  #ratio = 0

  constructor(element: HTMLElement, options: WavePlotOptions, owner: Painters = painters) {
    this.element = element
    this.#options = options
    this.#surface = this.#makeSurface()
    this.#cursor.className = 'plot-cursor'
    this.#cursor.hidden = true
    element.append(this.#cursor)
    this.#resizer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      this.#size = { width: Math.round(width), height: Math.round(height) }
      this.#touch()
    })
    this.#resizer.observe(element)
    this.#painting = owner.add(this)
    this.#undo = onInks(() => this.#touch())
  }

  set(options: WavePlotOptions): void {
    const before = this.#options
    this.#options = options
    const stacked = isStacked(options)
    if ((before.scale.mode === 'log') !== (options.scale.mode === 'log') || isStacked(before) !== stacked) {
      this.#surface.destroy()
      this.#surface = this.#makeSurface()
      this.element.append(this.#cursor)
    }
    if (before.scale.mode !== options.scale.mode || isStacked(before) !== stacked) {
      this.#y = null
      this.#ranges.clear()
    }
    this.#touch()
  }

  readonly arrived = (): void => {
    this.#painting.request()
  }

  /** Keeps what is shown while newer arrays come. */
  freeze(frozen: boolean): void {
    this.#frozen = frozen
    this.#touch()
  }

  /** The indexes that are shown; null: all. */
  get zoom(): View | null {
    return this.#zoom
  }

  /** Shows a range of indexes; null: all. */
  zoomTo(view: View | null): void {
    const most = this.#longest() - 1
    if (!view || view.to - view.from >= most) this.#zoom = null
    else {
      const span = Math.max(4, view.to - view.from)
      const from = Math.min(Math.max(0, view.from), Math.max(0, most - span))
      this.#zoom = { from, to: from + span }
    }
    this.#touch()
  }

  get view(): View {
    return this.#zoom ?? { from: 0, to: Math.max(1, this.#longest() - 1) }
  }

  /** The index under the cursor; null while there is none. */
  get cursorIndex(): number | null {
    if (this.#at === null) return null
    const { from, to } = this.view
    return Math.round(from + (to - from) * this.#at)
  }

  /** The range of the y axis, as drawn last; null where each line has its own. */
  get range(): YRange | null {
    return isStacked(this.#options) ? null : this.#y
  }

  get cursor(): number | null {
    return this.#at
  }

  /** @param fraction of the width */
  setCursor(fraction: number | null): void {
    this.#at = fraction === null ? null : Math.min(1, Math.max(0, fraction))
    this.#placeCursor()
  }

  get box(): { left: number; top: number; width: number; height: number } {
    return this.#surface.box
  }

  get canvas(): HTMLCanvasElement {
    return this.#surface.canvas
  }

  /** px of the canvas per px of the page. */
  get ratio(): number {
    return this.#surface.ratio
  }

  moving(): boolean {
    return false
  }

  stale(): boolean {
    if (this.#size.width < 40 || this.#size.height < 40) return false
    if (this.#dirty || this.#ratio !== this.#surface.ratio) return true
    if (this.#frozen) return false
    const { lines } = this.#options
    return (
      lines.length !== this.#shown.length || lines.some((line, i) => line.wave() !== this.#shown[i]!.wave)
    )
  }

  paint(): void {
    this.#surface.resize(this.#size.width, this.#size.height)
    this.#ratio = this.#surface.ratio
    this.#dirty = false
    const before = new Map(this.#shown.map(({ line, wave }) => [line.id, wave]))
    this.#shown = this.#options.lines.map((line) => ({
      line,
      wave: (this.#frozen ? before.get(line.id) : undefined) ?? line.wave(),
    }))
    this.#y = isStacked(this.#options) ? this.#rangeLanes() : this.#range(this.#shown, this.#y)
    this.#surface.draw(this.view, this.#y)
    this.element.dataset['drawn'] = ''
    this.#placeCursor()
  }

  destroy(): void {
    this.#undo()
    this.#painting.stop()
    this.#resizer.disconnect()
    this.#surface.destroy()
    this.#cursor.remove()
  }

  #makeSurface(): Surface {
    return new Surface(this.element, {
      x: 'index',
      log: this.#options.scale.mode === 'log',
      utc: () => false,
      lanes: () => (isStacked(this.#options) ? this.#laneRanges().map((range) => boundsOf(range)) : null),
      moved: () => this.#touch(),
      draw: (context, area) => this.#draw(context, area),
      beside: (context, area) => this.#drawBeside(context, area),
    })
  }

  #touch(): void {
    this.#dirty = true
    this.#painting.request()
  }

  #longest(): number {
    return Math.max(2, ...this.#shown.map(({ wave }) => wave?.n ?? 0))
  }

  /** @returns the range of the axis that has lanes for numbers */
  #rangeLanes(): YRange {
    for (const shown of this.#shown) {
      const { id } = shown.line
      this.#ranges.set(id, this.#range([shown], this.#ranges.get(id) ?? null))
    }
    return { min: 0, max: this.#shown.length }
  }

  #lanes(area: Area): Lane[] {
    return lanesOf(area, this.#laneRanges())
  }

  #laneRanges(): YRange[] {
    return this.#shown.map(({ line }) => this.#ranges.get(line.id) ?? { min: 0, max: 1 })
  }

  #range(lines: readonly Shown[], before: YRange | null): YRange {
    const { scale } = this.#options
    if (scale.mode === 'fixed') return { min: scale.min, max: scale.max }
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const { wave } of lines)
      for (const value of wave?.values ?? []) {
        if (!Number.isFinite(value) || (scale.mode === 'log' && value <= 0)) continue
        if (value < low) low = value
        if (value > high) high = value
      }
    if (scale.mode === 'log') return logRange(low, high)
    const { least, most } = reachingTo(
      { least: low, most: high },
      this.#options.thresholds.map(({ value }) => value),
    )
    return autoRange(before, least, most)
  }

  #draw(context: CanvasRenderingContext2D, area: Area): void {
    const inks = currentInks()
    const { toX, toY } = this.#surface
    if (isStacked(this.#options))
      for (const [i, lane] of this.#lanes(area).entries())
        inLane(context, lane, () => {
          this.#drawLines(context, lane.area, [this.#shown[i]!], toX, lane.toY, inks)
        })
    else this.#drawLines(context, area, this.#shown, toX, toY, inks)
  }

  #drawLines(
    context: CanvasRenderingContext2D,
    area: Area,
    lines: readonly Shown[],
    toX: ToPx,
    toY: ToPx,
    inks: Inks,
  ): void {
    drawThresholds(context, area, this.#options.thresholds, toY, inks, () => [])
    context.globalAlpha = this.#options.stale ? 0.55 : 1
    context.lineJoin = 'bevel'
    context.setLineDash([])
    context.lineWidth = area.ratio
    for (const { line, wave } of lines) {
      if (!wave) continue
      context.strokeStyle = inks.channels[line.index % inks.channels.length]!
      context.beginPath()
      tracePoints(
        context,
        { t: wave.index ?? upTo(wave.values.length), v: wave.values, n: wave.values.length },
        toX,
        toY,
      )
      context.stroke()
    }
    context.globalAlpha = 1
  }

  #drawBeside(context: CanvasRenderingContext2D, area: Area): void {
    if (this.#shown.length < 2) return
    const inks = currentInks()
    if (isStacked(this.#options)) {
      for (const [i, lane] of this.#lanes(area).entries()) {
        const { tag, index } = this.#shown[i]!.line
        drawLaneNames(context, lane, { tag, ink: inks.channels[index]! }, inks)
      }
      return
    }
    const { to } = this.view
    const toY: ToPx = this.#surface.toY
    drawTags(
      context,
      area,
      this.#shown.flatMap(({ line, wave }) => {
        const value = wave ? valueAt(wave, to) : null
        return value !== null && Number.isFinite(value)
          ? [{ text: line.tag, ink: inks.channels[line.index]!, y: toY(value) }]
          : []
      }),
      inks,
    )
  }

  #placeCursor(): void {
    this.#cursor.hidden = this.#at === null
    if (this.#at === null) return
    const { left, top, width, height } = this.box
    const { style } = this.#cursor
    style.height = `${height}px`
    style.transform = `translate(${Math.round(left + this.#at * width)}px, ${top}px)`
  }
}

/** Decades have no lanes. */
function isStacked({ stacked, scale, lines }: WavePlotOptions): boolean {
  return stacked === true && scale.mode !== 'log' && lines.length > 1
}

let counting = new Float64Array(0)

/** 0, 1, 2 … at least so many. */
function upTo(length: number): Float64Array {
  if (counting.length < length) counting = Float64Array.from({ length: length * 2 }, (_, i) => i)
  return counting
}

/** The value at an index, or at the one nearest to it that is there; null for an empty array. */
export function valueAt({ index, values }: Wave, at: number): number | null {
  if (values.length === 0) return null
  if (!index) return values[Math.min(values.length - 1, Math.max(0, Math.round(at)))]!
  let low = 0
  let high = index.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (index[middle]! < at) low = middle + 1
    else high = middle
  }
  const before = Math.max(0, low - 1)
  return values[Math.abs(index[before]! - at) <= Math.abs(index[low]! - at) ? before : low]!
}
