import type { LogBuffer, LogLine } from '#model/log-buffer.ts'
import type { ClockText } from './clock-text.ts'
import { isPlain } from '#lib/char-columns.ts'
import { offsetAt } from './columns.ts'
import type { LineTest } from './matcher.ts'
import { tagOf } from './phases.ts'
import type { RowIndex } from './row-index.ts'
import { kindClass, RowView } from './row-view.ts'
import { isSelected, type LineSelection } from './selection.ts'
import { pieces, rowStarts, showLine, type ShownLine } from './shown-line.ts'
import { ROW_PX, visibleRows } from './viewport.ts'

/** All that decides what a frame shows. */
export interface Frame {
  buffer: LogBuffer
  index: RowIndex
  /** The first row seen, with a fraction. */
  top: number
  viewPx: number
  /** Number of row 0: rows keep their numbers when older ones go. */
  origin: number
  /** Columns of a wrapped row; null when lines are not wrapped. */
  wrapWidth: number | null
  clock: ClockText | null
  /** Lines say in which phase they were said. */
  tags: boolean
  /** Times carry their day. */
  dated: boolean
  matcher: LineTest | null
  selection: LineSelection | null
  /** The line of the current hit. */
  current: number | null
  /** In place of lines that are not loaded. */
  missing: string
  /** Differs when rows look different for any other reason than their line. */
  stamp: number
  /** First column in sight. */
  column: number
}

/** Of a longer line only the part around the view is in the document. */
const WINDOW_COLUMNS = 4_096
const WINDOW_STEP = 1_024
const REBASE_ROWS = 100_000
const CACHED_LINES = 512
/** Looking for what to mark may take this much of a frame. */
const MARK_MS = 8
const NO_TIME = ' '.repeat(14)
const NO_DATED_TIME = ' '.repeat(20)

/** Draws rows, recycling their elements. Reads nothing from the document. */
export class RowSheet {
  readonly element = document.createElement('div')
  readonly #rows: RowView[] = []
  readonly #shown = new Map<string, ShownLine>()
  #base = 0
  #from = 0
  #to = 0
  #transform = ''
  #charPx = 7.2
  #markUntil = 0

  /** Widest line drawn so far, in columns. */
  columns = 0
  /** The lines drawn, half-open. */
  lines = { from: 0, to: 0 }
  /** The last frame had no row in common with the one before, which it followed. */
  flooded = false
  /** Hits of some rows are not marked yet: there was no time left in this frame. */
  unmarked = false
  /** A time of another day than today was drawn. */
  otherDay = false

  constructor() {
    this.element.className = 'log-sheet'
  }

  setCharPx(px: number): void {
    this.#charPx = px
  }

  draw(frame: Frame): void {
    const { index, origin, viewPx } = frame
    this.unmarked = false
    this.#markUntil = performance.now() + MARK_MS
    this.#resize(Math.ceil(viewPx / ROW_PX) + 1)
    const visible = visibleRows(frame.top, { rows: index.rows, viewPx })
    const from = visible.from + origin
    const to = visible.to + origin
    const apart = from >= this.#to || to <= this.#from
    // With nothing in common each element stays where it is and gets another line: only texts change.
    this.flooded = apart && from > this.#to
    if (apart || Math.abs(from - this.#base) > REBASE_ROWS) this.#base = from
    this.#from = from
    this.#to = to
    this.#drawLines(frame, visible.from, from, to)
    const y = Math.round((frame.top + origin - this.#base) * ROW_PX)
    const transform = `translateY(${-y}px)`
    if (transform !== this.#transform) {
      this.#transform = transform
      this.element.style.transform = transform
    }
  }

  #drawLines(frame: Frame, firstRow: number, from: number, to: number): void {
    const { buffer, index, wrapWidth } = frame
    const count = this.#rows.length
    if (from >= to) {
      for (const row of this.#rows) row.hide()
      this.lines = { from: 0, to: 0 }
      return
    }
    const place = index.at(firstRow)
    let line: number | undefined = place.line
    let { sub } = place
    this.lines = { from: place.line, to: place.line }
    let data = buffer.line(place.line)
    let show = data && this.#show(data.text)
    let starts = show ? rowStarts(show, wrapWidth) : [0]
    let row = from
    for (; row < to && line !== undefined; row++) {
      if (sub >= starts.length) sub = starts.length - 1
      this.#drawRow(frame, row, line, sub, data, show, starts)
      this.lines.to = line + 1
      sub += 1
      if (sub < starts.length) continue
      sub = 0
      line = index.next(line)
      if (line === undefined) continue
      data = buffer.line(line)
      show = data && this.#show(data.text)
      starts = show ? rowStarts(show, wrapWidth) : [0]
    }
    for (; row < from + count; row++) this.#slot(row).hide()
  }

  #drawRow(
    frame: Frame,
    row: number,
    line: number,
    sub: number,
    data: LogLine | undefined,
    show: ShownLine | undefined,
    starts: readonly number[],
  ): void {
    const view = this.#slot(row)
    view.row = row
    view.place(row - this.#base)
    const selected = isSelected(frame.selection, line) ? ' log-selected' : ''
    const current = line === frame.current ? ' log-current' : ''
    // Marks piled up on a character would reach into the rows around.
    const odd = show !== undefined && show.text.length > 0 && !isPlain(show.text) ? ' log-odd' : ''
    view.classes(`log-row${kindClass(data)}${odd}${sub > 0 ? ' log-more' : ''}${selected}${current}`)
    const windowed = show !== undefined && frame.wrapWidth === null && show.columns > WINDOW_COLUMNS
    const stamp = frame.stamp + (windowed ? windowStart(frame.column) / 2 ** 20 : 0)
    const raw = data?.text
    const at = data?.at ?? 0
    if (view.line === line && view.sub === sub && view.raw === raw && view.at === at && view.stamp === stamp)
      return
    view.line = line
    view.sub = sub
    view.raw = raw
    view.at = at
    view.stamp = stamp
    const time = frame.clock ? this.#time(frame.clock, frame.dated, data && sub === 0 ? at : null) : ''
    view.time(frame.tags ? time + tagOf(data && sub === 0 ? data.kind : null) : time)
    if (!show) {
      view.shift(0)
      view.text(frame.missing)
      return
    }
    if (show.columns > this.columns) this.columns = show.columns
    const start = starts[sub] ?? 0
    const end = starts[sub + 1] ?? show.text.length
    const first = windowed ? windowStart(frame.column) : 0
    const a = windowed ? offsetAt(show.text, first) : start
    const b = windowed ? offsetAt(show.text, first + WINDOW_COLUMNS) : end
    view.shift(first * this.#charPx)
    view.pieces(pieces(show, a, b, frame.matcher?.marks(show.text, this.#markUntil) ?? []))
    if (!frame.matcher || performance.now() < this.#markUntil) return
    // It is drawn once more when there is time.
    this.unmarked = true
    view.stamp = -1
  }

  /** As many characters whatever the time: texts begin in one column without being placed. */
  #time(clock: ClockText, dated: boolean, at: number | null): string {
    if (at === null) return dated ? NO_DATED_TIME : NO_TIME
    if (dated) return `${clock.day(at).slice(5)} ${clock.time(at)}  `
    if (!clock.isToday(at)) this.otherDay = true
    return `${clock.time(at)}  `
  }

  #show(raw: string): ShownLine {
    let show = this.#shown.get(raw)
    if (show) return show
    show = showLine(raw)
    // Plain lines cost nothing to show again.
    if (show.text !== raw || show.spans.length > 0) {
      if (this.#shown.size >= CACHED_LINES) this.#shown.clear()
      this.#shown.set(raw, show)
    }
    return show
  }

  #slot(row: number): RowView {
    const count = this.#rows.length
    const view = this.#rows[(((row - this.#base) % count) + count) % count]
    if (!view) throw new Error('the sheet has no rows')
    return view
  }

  #resize(count: number): void {
    if (count === this.#rows.length) return
    while (this.#rows.length > count) this.#rows.pop()?.element.remove()
    while (this.#rows.length < count) {
      const view = new RowView()
      this.#rows.push(view)
      this.element.append(view.element)
    }
    // Which element shows which row depends on their number: deal them out anew.
    for (const view of this.#rows) view.hide()
    this.#from = this.#to = 0
  }
}

function windowStart(column: number): number {
  return Math.max(0, Math.floor(column / WINDOW_STEP) * WINDOW_STEP - WINDOW_STEP)
}
