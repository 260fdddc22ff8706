import type { Gap } from '#model/gap.ts'
import type { Track } from '#model/track.ts'
import { DASHES } from './channel-look.ts'
import { Columns } from './columns.ts'
import { drawGaps, drawTags, drawThresholds } from './decoration.ts'
import { painters, type Painters, type Painter, type Painting } from './painters.ts'
import { gapWords, GapSpans, type GapSpan, type Sent } from './gap-spans.ts'
import { currentInks, onInks, type Inks } from './inks.ts'
import { boundsOf, drawLaneNames, inLane, lanesOf, type Lane } from './lanes.ts'
import type { Area } from './axes.ts'
import { Surface } from './surface.ts'
import { setText } from './text-painter.ts'
import type { Threshold } from './thresholds.ts'
import type { TimeAxis } from './time-axis.ts'
import { noPoints, takePoints, traceColumns, tracePoints, type Points, type ToPx } from './trace.ts'
import { gridOf, viewOf, type Grid, type View } from './view.ts'
import { autoRange, logRange, reachingTo, type YRange, type YScale } from './y-range.ts'

/** A line of a plot. */
interface PlotLine {
  id: string
  /** Its number in the plot: colour, dash and tag. */
  index: number
  /** What stands at its end. */
  tag: string
  /** Its samples for a view; undefined while there are none. */
  track: (view: View) => Track | undefined
}

export interface TimePlotOptions {
  lines: readonly PlotLine[]
  scale: YScale
  /** Each line in a lane of its own instead of all on one scale. */
  stacked: boolean
  thresholds: readonly Threshold[]
  gaps: readonly Gap[]
  /** All of the device: it tells how long a gap was. */
  sent: () => Sent
  utc: boolean
  /** Values may no longer be so: drawn paler. */
  stale: boolean
  /** The stream is open: a live view moves on. */
  streaming: boolean
}

interface Drawn {
  line: PlotLine
  track: Track | undefined
  version: number
  columns: Columns
  points: Points
  /** Few points are drawn as they are, many as columns. */
  sparse: boolean
}

/** A live view is drawn when a column has passed, but not less often than this, ms. */
const SLOWEST_MS = 250
/** Below this many points per column a line is drawn point by point. */
const SPARSE = 0.6
/** Points at least so far apart (px) get a mark each. */
const MARKS_APART = 9

/**
 * Lines over time. Draws when the frame owner says so, from the tracks' own buffers, at most two points per column
 * of pixels.
 */
export class TimePlot implements Painter {
  readonly element: HTMLElement
  readonly #axis: TimeAxis
  readonly #painting: Painting
  readonly #undo: (() => void)[] = []
  readonly #gapSpans = new GapSpans()
  readonly #cursor = document.createElement('div')
  readonly #note = document.createElement('div')
  readonly #resizer: ResizeObserver
  #surface: Surface
  #options: TimePlotOptions
  #drawn: Drawn[] = []
  #grid: Grid = { first: 0, width: 1, count: 0 }
  #y: YRange | null = null
  /** Of each line while they are stacked, by its id. */
  readonly #ranges = new Map<string, YRange>()
  #spans: GapSpan[] = []
  #dirty = true
  #paintedAt = -Infinity
  #size = { width: 0, height: 0 }
  #ratio = 0

  constructor(element: HTMLElement, axis: TimeAxis, options: TimePlotOptions, owner: Painters = painters) {
    this.element = element
    this.#axis = axis
    this.#options = options
    this.#surface = this.#makeSurface()
    this.#cursor.className = 'plot-cursor'
    this.#cursor.hidden = true
    this.#note.className = 'plot-note'
    this.#note.hidden = true
    element.append(this.#cursor, this.#note)
    this.#resizer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      this.#size = { width: Math.round(width), height: Math.round(height) }
      this.#touch()
    })
    this.#resizer.observe(element)
    this.#painting = owner.add(this)
    this.#undo.push(
      axis.subscribe(() => this.#touch()),
      axis.onCursor(() => this.#placeCursor()),
      onInks(() => this.#touch()),
    )
    this.#takeLines()
  }

  set(options: TimePlotOptions): void {
    const before = this.#options
    this.#options = options
    const stacked = isStacked(options)
    if ((before.scale.mode === 'log') !== (options.scale.mode === 'log') || isStacked(before) !== stacked) {
      this.#surface.destroy()
      this.#surface = this.#makeSurface()
      this.element.append(this.#cursor, this.#note)
    }
    if (before.scale.mode !== options.scale.mode || isStacked(before) !== stacked) {
      this.#y = null
      this.#ranges.clear()
    }
    if (before.lines !== options.lines) this.#takeLines()
    this.#touch()
  }

  /** New samples may have come. */
  readonly arrived = (): void => {
    this.#painting.request()
  }

  /** Draws anew whatever was drawn last: data were put in that are not newer. */
  readonly refresh = (): void => {
    this.#touch()
  }

  get grid(): Grid {
    return this.#grid
  }

  get canvas(): HTMLCanvasElement {
    return this.#surface.canvas
  }

  /** px of the canvas per px of the page. */
  get ratio(): number {
    return this.#surface.ratio
  }

  /** The lines' area within the element, px. */
  get box(): { left: number; top: number; width: number; height: number } {
    return this.#surface.box
  }

  /** The range of the y axis, as drawn last; null where each line has its own. */
  get range(): YRange | null {
    return isStacked(this.#options) ? null : this.#y
  }

  /** The holes in the view, as drawn last. */
  get gaps(): readonly GapSpan[] {
    return this.#spans
  }

  moving(): boolean {
    return this.#options.streaming && this.#axis.state().live
  }

  stale(): boolean {
    if (this.#size.width < 40 || this.#size.height < 40) return false
    if (this.#dirty || this.#ratio !== this.#surface.ratio) return true
    const grid = this.#nextGrid()
    // Between two columns only the newest would change, by a hair.
    if (performance.now() - this.#paintedAt < Math.min(SLOWEST_MS, grid.width) - 4) return false
    if (grid.first !== this.#grid.first || grid.width !== this.#grid.width) return true
    const view = viewOf(grid)
    return this.#drawn.some(({ line, track, version }) => {
      const now = line.track(view)
      return now !== track || (now !== undefined && now.version !== version)
    })
  }

  paint(): void {
    const resized = this.#surface.resize(this.#size.width, this.#size.height)
    const grid = this.#nextGrid()
    let changed =
      this.#dirty ||
      resized ||
      this.#ratio !== this.#surface.ratio ||
      grid.first !== this.#grid.first ||
      grid.width !== this.#grid.width ||
      grid.count !== this.#grid.count
    this.#dirty = false
    this.#paintedAt = performance.now()
    this.#ratio = this.#surface.ratio
    this.#grid = grid
    for (const drawn of this.#drawn) changed = this.#take(drawn, grid) || changed
    // What came is beyond the view.
    if (!changed) return
    const { gaps, sent, scale } = this.#options
    const view = viewOf(grid)
    this.#spans = this.#gapSpans.of(gaps, sent, view)
    this.#y = isStacked(this.#options) ? this.#rangeLanes(scale) : this.#range(scale, this.#drawn, this.#y)
    this.#surface.draw(view, this.#y)
    this.element.dataset['drawn'] = ''
    this.#placeCursor()
  }

  destroy(): void {
    for (const undo of this.#undo) undo()
    this.#painting.stop()
    this.#resizer.disconnect()
    this.#surface.destroy()
    this.#cursor.remove()
    this.#note.remove()
  }

  #makeSurface(): Surface {
    return new Surface(this.element, {
      x: 'time',
      log: this.#options.scale.mode === 'log',
      utc: () => this.#options.utc,
      lanes: () => (isStacked(this.#options) ? this.#laneRanges().map((range) => boundsOf(range)) : null),
      moved: () => this.#touch(),
      draw: (context, area) => this.#draw(context, area),
      beside: (context, area) => this.#drawBeside(context, area),
    })
  }

  #takeLines(): void {
    const before = new Map(this.#drawn.map((drawn) => [drawn.line.id, drawn]))
    this.#drawn = this.#options.lines.map((line) => {
      const known = before.get(line.id)
      return known
        ? { ...known, line }
        : { line, track: undefined, version: -1, columns: new Columns(), points: noPoints(0), sparse: false }
    })
  }

  #touch(): void {
    this.#dirty = true
    this.#painting.request()
  }

  #nextGrid(): Grid {
    const { width } = this.#surface.area
    return gridOf(this.#axis.view(), Math.max(1, Math.round(width)))
  }

  /** Takes what a line shows of the view. @returns whether it is something else than before */
  #take(drawn: Drawn, grid: Grid): boolean {
    const view = viewOf(grid)
    const track = drawn.line.track(view)
    const before = drawn.track
    drawn.track = track
    if (!track) {
      drawn.version = -1
      drawn.points.n = 0
      drawn.sparse = true
      return before !== undefined
    }
    const { from, to } = view
    const most = Math.ceil(grid.count * SPARSE)
    const count = track.countWithin(from, to, most)
    const known = drawn.version
    drawn.version = track.version
    const wasSparse = drawn.sparse
    drawn.sparse = count < most
    if (!drawn.sparse) return drawn.columns.update(track, grid) || wasSparse
    if (drawn.points.t.length < count + 2) drawn.points = noPoints(Math.max(64, count * 2))
    takePoints(track, view, drawn.points)
    return track !== before || track.version !== known || !wasSparse
  }

  /** @returns the range of the axis that has lanes for numbers */
  #rangeLanes(scale: YScale): YRange {
    for (const drawn of this.#drawn) {
      const { id } = drawn.line
      this.#ranges.set(id, this.#range(scale, [drawn], this.#ranges.get(id) ?? null))
    }
    return { min: 0, max: this.#drawn.length }
  }

  #lanes(area: Area): Lane[] {
    return lanesOf(area, this.#laneRanges())
  }

  #laneRanges(): YRange[] {
    return this.#drawn.map(({ line }) => this.#ranges.get(line.id) ?? { min: 0, max: 1 })
  }

  #range(scale: YScale, lines: readonly Drawn[], before: YRange | null): YRange {
    if (scale.mode === 'fixed') return { min: scale.min, max: scale.max }
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    const log = scale.mode === 'log'
    const look = (value: number) => {
      if (!Number.isFinite(value) || (log && value <= 0)) return
      if (value < low) low = value
      if (value > high) high = value
    }
    for (const { sparse, points, columns } of lines)
      if (sparse) for (let i = 0; i < points.n; i++) look(points.v[i]!)
      else
        for (let i = 0; i < columns.lows.length; i++) {
          look(columns.lows[i]!)
          look(columns.highs[i]!)
        }
    if (log) return logRange(low, high)
    const { least, most } = reachingTo(
      { least: low, most: high },
      this.#options.thresholds.map(({ value }) => value),
    )
    return autoRange(before, least, most)
  }

  #draw(context: CanvasRenderingContext2D, area: Area): void {
    const inks = currentInks()
    const { toX, toY } = this.#surface
    drawGaps(context, area, this.#spans, toX, inks)
    if (isStacked(this.#options))
      for (const [i, lane] of this.#lanes(area).entries())
        inLane(context, lane, () => {
          this.#drawLines(context, lane.area, [this.#drawn[i]!], toX, lane.toY, inks)
        })
    else this.#drawLines(context, area, this.#drawn, toX, toY, inks)
  }

  #drawLines(
    context: CanvasRenderingContext2D,
    area: Area,
    lines: readonly Drawn[],
    toX: ToPx,
    toY: ToPx,
    inks: Inks,
  ): void {
    drawThresholds(context, area, this.#options.thresholds, toY, inks, (threshold) =>
      lines.flatMap(({ sparse, columns }) => (sparse ? [] : [{ threshold, columns }])),
    )
    context.globalAlpha = this.#options.stale ? 0.55 : 1
    context.lineJoin = 'bevel'
    for (const drawn of lines) {
      context.strokeStyle = inks.channels[drawn.line.index % inks.channels.length]!
      context.beginPath()
      if (drawn.sparse) {
        context.lineWidth = 1.5 * area.ratio
        context.setLineDash(DASHES[drawn.line.index % DASHES.length]!.map((px) => px * area.ratio))
        tracePoints(context, drawn.points, toX, toY)
      } else {
        context.lineWidth = area.ratio
        context.setLineDash([])
        traceColumns(context, drawn.columns, area.left, area.width / drawn.columns.lows.length, toY)
      }
      context.stroke()
      if (drawn.sparse && drawn.points.n > 0 && area.width / drawn.points.n > MARKS_APART * area.ratio)
        drawMarks(context, drawn, toX, toY, area.ratio)
    }
    context.globalAlpha = 1
  }

  #drawBeside(context: CanvasRenderingContext2D, area: Area): void {
    if (this.#drawn.length < 2) return
    const inks = currentInks()
    if (isStacked(this.#options)) {
      for (const [i, lane] of this.#lanes(area).entries()) {
        const { tag, index } = this.#drawn[i]!.line
        drawLaneNames(context, lane, { tag, ink: inks.channels[index]! }, inks)
      }
      return
    }
    drawTags(
      context,
      area,
      this.#drawn.flatMap((drawn) => {
        const value = lastOf(drawn)
        return Number.isFinite(value)
          ? [{ text: drawn.line.tag, ink: inks.channels[drawn.line.index]!, y: this.#surface.toY(value) }]
          : []
      }),
      inks,
    )
  }

  #placeCursor(): void {
    const fraction = this.#axis.cursor()
    this.#cursor.hidden = fraction === null
    if (fraction === null) {
      this.#note.hidden = true
      return
    }
    const { left, top, width, height } = this.box
    const { style } = this.#cursor
    style.height = `${height}px`
    style.transform = `translate(${Math.round(left + fraction * width)}px, ${top}px)`
    this.#placeNote(left + fraction * width)
  }

  /** Says why there is nothing under the cursor. */
  #placeNote(x: number): void {
    const { from, to } = viewOf(this.#grid)
    const at = from + (to - from) * (this.#axis.cursor() ?? 0)
    // A gap may be thinner than a column.
    const slack = ((to - from) / this.#grid.count) * 2
    const span = this.#spans.find((each) => each.from - slack <= at && at <= (each.to ?? Infinity) + slack)
    this.#note.hidden = !span
    if (!span) return
    setText(this.#note, gapWords(span))
    const room = this.#size.width - this.#note.offsetWidth - 4
    this.#note.style.transform = `translate(${Math.round(Math.max(4, Math.min(x + 6, room)))}px, 14px)`
  }
}

/** Decades have no lanes. */
function isStacked({ stacked, scale, lines }: TimePlotOptions): boolean {
  return stacked && scale.mode !== 'log' && lines.length > 1
}

function drawMarks(
  context: CanvasRenderingContext2D,
  { points }: Drawn,
  toX: (t: number) => number,
  toY: (value: number) => number,
  ratio: number,
): void {
  context.fillStyle = context.strokeStyle
  context.beginPath()
  for (let i = 0; i < points.n; i++) {
    const y = toY(points.v[i]!)
    if (!Number.isFinite(y)) continue
    const x = toX(points.t[i]!)
    context.moveTo(x + 2 * ratio, y)
    context.arc(x, y, 2 * ratio, 0, 7)
  }
  context.fill()
}

/** The last value that is seen of a line. */
function lastOf({ sparse, points, columns }: Drawn): number {
  if (sparse) {
    for (let i = points.n - 1; i >= 0; i--) if (Number.isFinite(points.v[i]!)) return points.v[i]!
    return Number.NaN
  }
  for (let i = columns.lows.length - 1; i >= 0; i--)
    if (columns.lows[i] === columns.lows[i]) return (columns.lows[i]! + columns.highs[i]!) / 2
  return Number.NaN
}
