import type { Gap } from '#model/gap.ts'
import type { StateTrack } from '#model/state-track.ts'
import { drawGaps } from './decoration.ts'
import { painters, type Painters, type Painter, type Painting } from './painters.ts'
import { GapSpans, type Sent } from './gap-spans.ts'
import { currentInks, onInks, type Inks } from './inks.ts'
import type { TimeAxis } from './time-axis.ts'
import { gridOf, viewOf, type Grid } from './view.ts'

export interface StripOptions {
  track: () => StateTrack | undefined
  /** While something was missing, the state is not known. */
  gaps: readonly Gap[]
  /** The device's numbers: they tell how long a gap was. */
  sent: () => Sent
  /** Until when the newest state holds, ms since epoch. */
  until: () => number
  stale: boolean
}

/** A piece of a strip, px. */
export interface Piece {
  value: string | boolean
  from: number
  to: number
}

/**
 * Pieces of a strip so many px wide: one per state that is known, those too short to see merged into the one before.
 * @param until the newest state holds as long
 */
export function piecesOf(track: StateTrack, grid: Grid, until: number): Piece[] {
  const { from, to } = viewOf(grid)
  const { t, v } = track.range(from, to)
  const px = (at: number) => ((Math.min(Math.max(at, from), to) - from) / (to - from)) * grid.count
  const pieces: Piece[] = []
  for (let i = 0; i < t.length; i++) {
    const value = v[i]!
    if (value === null) continue
    const start = px(t[i]!)
    const end = px(i + 1 < t.length ? t[i + 1]! : until)
    const last = pieces.at(-1)
    if (end - start < 1 && last && start - last.to < 1) last.to = Math.max(last.to, end)
    else if (end > start) pieces.push({ value, from: start, to: end })
  }
  return pieces
}

/** The states of one channel over time. */
export class StripPlot implements Painter {
  readonly element: HTMLCanvasElement
  readonly #axis: TimeAxis
  readonly #painting: Painting
  readonly #undo: (() => void)[]
  readonly #resizer: ResizeObserver
  readonly #gapSpans = new GapSpans()
  /** Each value keeps its pattern, in order of appearance. */
  readonly #patterns = new Map<string | boolean, number>()
  #options: StripOptions
  #grid: Grid = { first: 0, width: 1, count: 0 }
  #version = -1
  #dirty = true
  #paintedAt = -Infinity
  #size = { width: 0, height: 0 }

  constructor(element: HTMLCanvasElement, axis: TimeAxis, options: StripOptions, owner: Painters = painters) {
    this.element = element
    this.#axis = axis
    this.#options = options
    this.#resizer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      this.#size = { width: Math.round(width), height: Math.round(height) }
      this.#touch()
    })
    this.#resizer.observe(element)
    this.#painting = owner.add(this)
    this.#undo = [
      axis.subscribe(() => this.#touch()),
      axis.onCursor(() => this.#touch()),
      onInks(() => this.#touch()),
    ]
  }

  set(options: StripOptions): void {
    this.#options = options
    this.#touch()
  }

  readonly arrived = (): void => {
    this.#painting.request()
  }

  moving(): boolean {
    return !this.#options.stale && this.#axis.state().live
  }

  stale(): boolean {
    if (this.#size.width < 8) return false
    if (this.#dirty) return true
    const grid = gridOf(this.#axis.view(), this.#size.width)
    if (performance.now() - this.#paintedAt < Math.min(250, grid.width)) return false
    return grid.first !== this.#grid.first || this.#version !== (this.#options.track()?.version ?? -1)
  }

  paint(): void {
    const { width, height } = this.#size
    const ratio = devicePixelRatio
    const canvas = this.element
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
    }
    this.#dirty = false
    this.#paintedAt = performance.now()
    this.#grid = gridOf(this.#axis.view(), width)
    const track = this.#options.track()
    this.#version = track?.version ?? -1
    const context = canvas.getContext('2d')
    if (!context) return
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    const inks = currentInks()
    context.globalAlpha = this.#options.stale ? 0.6 : 1
    if (track)
      for (const piece of piecesOf(track, this.#grid, this.#options.until()))
        drawPiece(context, piece, height, this.#patternOf(piece.value), inks)
    context.globalAlpha = 1
    this.#drawGaps(context, inks)
    const cursor = this.#axis.cursor()
    if (cursor !== null) {
      context.fillStyle = inks.edge
      context.fillRect(Math.round(cursor * width), 0, 1, height)
    }
  }

  destroy(): void {
    for (const undo of this.#undo) undo()
    this.#painting.stop()
    this.#resizer.disconnect()
  }

  #touch(): void {
    this.#dirty = true
    this.#painting.request()
  }

  #patternOf(value: string | boolean): number {
    if (value === false) return -1
    let pattern = this.#patterns.get(value)
    if (pattern === undefined) this.#patterns.set(value, (pattern = this.#patterns.size))
    return pattern
  }

  #drawGaps(context: CanvasRenderingContext2D, inks: Inks): void {
    const { from, to } = viewOf(this.#grid)
    const { width, height } = this.#size
    const { gaps, sent } = this.#options
    const known = this.#gapSpans.of(gaps, sent, { from, to })
    // Before anything else came only when it was noticed is known.
    const noticed = gaps
      .filter(({ at }) => at >= from && at < to)
      .map((gap) => ({ from: gap.at, to: gap.at, gap }))
    drawGaps(
      context,
      { left: 0, top: 0, width, height, ratio: 1 },
      known.length > 0 ? known : noticed,
      (at) => ((at - from) / (to - from)) * width,
      inks,
    )
  }
}

function drawPiece(
  context: CanvasRenderingContext2D,
  { value, from, to }: Piece,
  height: number,
  pattern: number,
  inks: Inks,
): void {
  const width = Math.max(1, to - from)
  context.save()
  context.beginPath()
  context.rect(from, 0, width, height)
  context.clip()
  if (pattern < 0) {
    // False is a line at the bottom, true a bar: seen without colour too.
    context.fillStyle = inks.edge
    context.fillRect(from, height - 2, width, 2)
  } else {
    const ink = inks.channels[pattern % inks.channels.length]!
    context.fillStyle = ink
    context.globalAlpha *= 0.22
    context.fillRect(from, 0, width, height)
    context.globalAlpha /= 0.22
    hatch(context, from, width, height, pattern, ink)
    context.fillRect(from, 0, 1, height)
  }
  context.font = inks.font
  context.textBaseline = 'middle'
  const text = String(value)
  if (context.measureText(text).width + 10 < width) {
    context.fillStyle = value === false ? inks.faint : inks.ink
    context.fillText(text, from + 6, height / 2)
  }
  context.restore()
}

/** Each pattern has lines of another slope and distance. */
function hatch(
  context: CanvasRenderingContext2D,
  from: number,
  width: number,
  height: number,
  pattern: number,
  ink: string,
): void {
  const kind = pattern % 4
  if (kind === 0) return
  context.strokeStyle = ink
  context.lineWidth = 1
  context.globalAlpha *= 0.45
  context.beginPath()
  const apart = 5 + 2 * Math.floor(pattern / 4)
  const slope = kind === 1 ? height : kind === 2 ? -height : 0
  for (let x = from - height; x < from + width + height; x += apart) {
    context.moveTo(x, height)
    context.lineTo(x + slope, 0)
  }
  context.stroke()
  context.globalAlpha /= 0.45
}
