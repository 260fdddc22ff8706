import { frames } from '#lib/frames.ts'
import type { LogBuffer } from '#model/log-buffer.ts'
import { saveFile, saveFrom, writeClipboard } from './clipboard.ts'
import { bothClocks, ClockText } from './clock-text.ts'
import { copyLines, copyText, logFile } from './export-lines.ts'
import { Finder } from './finder.ts'
import type { LogSource } from './log-source.ts'
import { sameStatus, type LogStatus } from './log-status.ts'
import type { Query } from './matcher.ts'
import { KindCounts, LOG_PHASES, phaseCodes, TAG_COLUMNS, type LogPhase } from './phases.ts'
import { watchPointer } from './pointer.ts'
import type { LogPreferences } from './preferences.ts'
import { RangeLoader } from './range-loader.ts'
import { AllLines, HitLines, WrappedLines, type RowIndex } from './row-index.ts'
import type { LogSearch } from './log-search.ts'
import { RowSheet } from './row-sheet.ts'
import { ScrollPane } from './scroll-pane.ts'
import { everyLine, extended, kept, pressed, rangeOf, type LineSelection } from './selection.ts'
import { ROW_PX } from './viewport.ts'
import { lines as linesText, number } from './words.ts'

const PUBLISH_MS = 100
const MESSAGE_MS = 4_000
/**
 * A tail that fills the view anew with every frame cannot be read: drawing it every other frame looks the same
 * and halves what it costs.
 */
const FLOOD_MS = 30
/** New lines may take this much of a frame for the search. */
const FRAME_SEARCH_MS = 2
/** Scrolling past lines that are not loaded does not load them all. */
const LOAD_REST_MS = 80
const PAD_PX = 12
const NARROW_GUTTER_PX = 20
/** Times and the space after them, in columns. */
const TIME_COLUMNS = 14
const DATED_COLUMNS = 20
const MIN_WRAP_COLUMNS = 16
const HIT_FROM_TOP = 1 / 3

/**
 * The log pane without its controls: it draws from the buffer, outside React, at most once per frame, and
 * publishes a small status for the controls some times a second.
 */
export class LogView {
  readonly #buffer: LogBuffer
  #source: LogSource
  #loader: RangeLoader
  #preferences: LogPreferences
  #clock: ClockText

  #pane: ScrollPane | null = null
  #sheet: RowSheet | null = null
  #index: RowIndex
  /** Where the view is while it does not follow: a line, as rows come and go before it. */
  #anchor = { line: 0, rows: 0 }
  #charPx = 7.2
  #dated = false
  #left = 0
  #stamp = 0
  #generation: number
  #drawnAt = 0
  #loadTimer: ReturnType<typeof setTimeout> | undefined
  /** In place of lines that are not loaded. */
  #missing = 'loading…'

  readonly #finder: Finder
  #filter = false
  readonly #counts: KindCounts
  #phased = false
  #phase: LogPhase | null = null

  #selection: LineSelection | null = null
  /** Lines before this number have been in sight. */
  #seen = 0
  #message = ''
  #messageTimer: ReturnType<typeof setTimeout> | undefined

  readonly #listeners = new Set<() => void>()
  #status: LogStatus
  #publishedAt = 0
  #publishTimer: ReturnType<typeof setTimeout> | undefined

  constructor(source: LogSource, preferences: LogPreferences) {
    this.#source = source
    this.#buffer = source.buffer
    this.#loader = new RangeLoader(source)
    this.#preferences = preferences
    this.#clock = new ClockText(preferences.utc)
    this.#generation = source.buffer.generation
    this.#index = new AllLines(source.buffer)
    this.#counts = new KindCounts(source.buffer)
    this.#finder = new Finder(source.buffer, {
      topLine: () => this.#topLine(),
      loadMore: () => this.#loader.next(this.#buffer.first, this.#buffer.total),
      ready: () => {
        this.#stamp += 1
        this.#reindex()
        if (this.#pane) void this.#finder.start()
        this.#publishSoon(true)
      },
      progress: (done) => {
        this.#publishSoon(done)
        this.#invalidate()
      },
      found: (line) => {
        if (!this.#filter) this.#reveal(line, false)
      },
    })
    this.#status = this.#makeStatus()
  }

  /** Called when a line is shown in context, which ends showing only matching lines. */
  onLeaveFilter: () => void = () => {}

  // ---- for the panel

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly status = (): LogStatus => this.#status

  /** Draws into an element that scrolls until the returned function is called. */
  readonly attach = (scroller: HTMLElement): (() => void) => {
    const pane = new ScrollPane(
      scroller,
      () => {
        this.#remember()
        this.#invalidate()
        this.#publishSoon(true)
      },
      () => this.#relayout(),
    )
    const sheet = new RowSheet()
    pane.stage.append(sheet.element)
    this.#pane = pane
    this.#sheet = sheet
    this.#left = 0
    const stop = new AbortController()
    this.#watchPointer(scroller, pane, stop.signal)
    const unsubscribe = this.#source.subscribe(() => this.#invalidate())
    void document.fonts?.ready.then(() => this.#relayout())
    this.#showLoading()
    this.#relayout()
    void this.#finder.start()
    return () => {
      stop.abort()
      unsubscribe()
      pane.destroy()
      frames.cancel('show', this.#drawNow)
      this.#finder.stop()
      for (const timer of [this.#loadTimer, this.#publishTimer, this.#messageTimer]) clearTimeout(timer)
      this.#loadTimer = this.#publishTimer = undefined
      this.#pane = this.#sheet = null
    }
  }

  /** The same buffer with other doors. */
  setSource(source: LogSource): void {
    if (source === this.#source) return
    this.#source = source
    this.#loader = new RangeLoader(source)
    this.#showLoading()
  }

  setPreferences(preferences: LogPreferences): void {
    this.#preferences = preferences
    this.#clock = new ClockText(preferences.utc)
    this.#relayout()
    this.#publishSoon(true)
  }

  setFollow(follow: boolean): void {
    if (!this.#pane) return
    this.#pane.follow = follow
    this.#remember()
    this.#invalidate()
    this.#publishSoon(true)
  }

  setQuery(query: Query): void {
    this.#finder.setQuery(query)
    this.#stamp += 1
    this.#reindex()
    if (this.#pane) void this.#finder.start()
    this.#publishSoon(true)
  }

  /** Shows only lines that match. */
  setFilter(filter: boolean): void {
    this.#filter = filter
    this.#reindex()
    this.#publishSoon(true)
  }

  /** Shows the lines of one phase; null shows all. */
  setPhase(phase: LogPhase | null): void {
    if (phase === this.#phase) return
    this.#remember()
    this.#phase = phase
    this.#finder.setKinds(phase && phaseCodes(phase))
    this.#stamp += 1
    this.#reindex(false)
    if (this.#pane) void this.#finder.start()
    this.#publishSoon(true)
  }

  /** Goes to the next (1) or previous (-1) hit, round the ends. */
  moveHit(by: 1 | -1): void {
    const line = this.#finder.move(by)
    if (line === undefined) return
    // Who walks through hits does not want the view to run away.
    if (this.#pane) this.#pane.follow = false
    this.#remember()
    this.#reveal(line, false)
    this.#publishSoon(true)
  }

  /** All lines around a line, which becomes the current hit. */
  showInContext(line: number): void {
    this.#finder.current = line
    this.#filter = false
    this.#reindex()
    this.#reveal(line, true)
    this.onLeaveFilter()
  }

  selectAll(): void {
    this.#select(everyLine(this.#buffer.first, this.#buffer.total))
  }

  clearSelection(): boolean {
    if (!this.#selection) return false
    this.#select(null)
    return true
  }

  /** Copies the selected lines, or all; text selected within rows goes first. */
  async copy(): Promise<void> {
    const native = this.#nativeSelection()
    const { from, to } = this.#selection
      ? rangeOf(this.#selection)
      : { from: this.#buffer.first, to: this.#buffer.total }
    if (!native && !(await this.#loaded(from, to))) return
    const some = this.#some()
    const numbers = !native && some ? this.#finder.hits(some, from, to) : null
    const text =
      native ?? (numbers ? copyLines(this.#buffer, numbers) : await copyText(this.#buffer, from, to))
    const what = native ? 'the selected text' : linesText(numbers ? numbers.length : to - from)
    this.#say((await writeClipboard(text)) ? `Copied ${what}` : 'The browser does not allow copying')
  }

  /** Saves all lines: the file the relay offers, else one made here. */
  async download(): Promise<void> {
    if (this.#source.downloadUrl !== undefined) {
      saveFrom(this.#source.downloadUrl, `${this.#source.name}.log`)
      return
    }
    const { first, total } = this.#buffer
    if (!(await this.#loaded(first, total))) return
    saveFile(await logFile(this.#buffer, first, total), `${this.#source.name}.log`)
    this.#say(`Downloaded ${linesText(total - first)}`)
  }

  /** Keys of the focused log; true when it took the key. */
  key(event: KeyboardEvent): boolean {
    const pane = this.#pane
    if (!pane || event.altKey) return false
    const control = event.ctrlKey || event.metaKey
    const page = Math.max(1, Math.floor(pane.viewRows) - 1)
    if (control && event.key.toLowerCase() === 'a') this.selectAll()
    else if (control && event.key.toLowerCase() === 'c') {
      if (this.#nativeSelection()) return false
      void this.copy()
    } else if (event.key === 'Home') this.#scrollTo(0)
    else if (event.key === 'End') this.setFollow(true)
    else if (control) return false
    else if (event.key === 'PageUp') this.#scrollTo(pane.top - page)
    else if (event.key === 'PageDown' || event.key === ' ') this.#scrollTo(pane.top + page)
    else if (event.key === 'ArrowUp') this.#arrow(-1, event.shiftKey)
    else if (event.key === 'ArrowDown') this.#arrow(1, event.shiftKey)
    else if (event.key === 'Enter' && this.#filter && this.#finder.current !== null)
      this.showInContext(this.#finder.current)
    else return false
    return true
  }

  // ---- drawing

  readonly #drawNow = (): void => {
    this.#draw()
  }

  /** It is drawn anew in the next frame; in this one, after a commit of what was received. */
  #invalidate(): void {
    frames.request('show', this.#drawNow)
  }

  /** Takes a new size, font or preference into account. */
  #relayout(): void {
    const pane = this.#pane
    if (!pane) return
    this.#charPx = measureChar(pane.stage) || this.#charPx
    this.#sheet?.setCharPx(this.#charPx)
    pane.stage.classList.toggle('log-timeless', !this.#preferences.times)
    this.#stamp += 1
    this.#reindex()
  }

  #gutterPx(): number {
    const tags = this.#tagged() ? TAG_COLUMNS * this.#charPx : 0
    if (!this.#preferences.times) return NARROW_GUTTER_PX + tags
    return PAD_PX + (this.#dated ? DATED_COLUMNS : TIME_COLUMNS) * this.#charPx + tags
  }

  #wrapWidth(): number | null {
    if (!this.#preferences.wrap || !this.#pane) return null
    const px = this.#pane.viewWidth - this.#gutterPx() - PAD_PX
    return Math.max(MIN_WRAP_COLUMNS, Math.floor(px / this.#charPx))
  }

  /** Chooses the rows there are, and keeps the line at the top where it was. */
  #reindex(remember = true): void {
    if (remember) this.#remember()
    const search = this.#some()
    const width = this.#wrapWidth()
    if (width !== null) this.#index = new WrappedLines(this.#buffer, width, search)
    else this.#index = search ? new HitLines(search) : new AllLines(this.#buffer)
    this.#invalidate()
  }

  /** The lines that are shown, where some are left out. */
  #some(): LogSearch | null {
    return (this.#filter ? this.#finder.search : null) ?? this.#finder.shown
  }

  /** The merged view of a log of several phases says which line is of which. */
  #tagged(): boolean {
    return this.#phased && this.#phase === null
  }

  #remember(): void {
    const pane = this.#pane
    if (!pane || this.#index.rows === 0) return
    const { line } = this.#index.at(Math.floor(pane.top))
    this.#anchor = { line, rows: pane.top - this.#index.rowOf(line) }
  }

  #draw(): void {
    const pane = this.#pane
    const sheet = this.#sheet
    if (!pane || !sheet || pane.viewPx === 0) return
    if (pane.follow && sheet.flooded && performance.now() - this.#drawnAt < FLOOD_MS) {
      this.#invalidate()
      return
    }
    this.#drawnAt = performance.now()
    const buffer = this.#buffer
    if (buffer.generation !== this.#generation) {
      this.#generation = buffer.generation
      sheet.columns = 0
      void this.#finder.start()
    }
    this.#finder.search?.step(performance.now() + FRAME_SEARCH_MS)
    this.#finder.shown?.step(performance.now() + FRAME_SEARCH_MS)
    if (this.#index instanceof WrappedLines) this.#index.update()
    this.#selection = kept(this.#selection, buffer.first)
    if (!pane.follow) pane.top = this.#index.rowOf(this.#anchor.line) + this.#anchor.rows
    const wrapWidth = this.#index instanceof WrappedLines ? this.#index.width : null
    const textPx = wrapWidth === null ? Math.ceil(sheet.columns * this.#charPx) : 0
    pane.update(this.#index.rows, textPx === 0 ? 0 : this.#gutterPx() + textPx + PAD_PX)
    sheet.draw({
      buffer,
      index: this.#index,
      top: pane.top,
      viewPx: pane.viewPx,
      origin: this.#index instanceof AllLines ? buffer.first : 0,
      wrapWidth,
      clock: this.#preferences.times ? this.#clock : null,
      tags: this.#tagged(),
      dated: this.#dated,
      matcher: this.#finder.search?.matcher ?? null,
      selection: this.#selection,
      current: this.#finder.current,
      missing: this.#missing,
      stamp: this.#stamp,
      column: Math.floor(pane.left / this.#charPx),
    })
    if (sheet.unmarked) this.#invalidate()
    this.#shift(pane)
    this.#seen = Math.max(this.#seen, sheet.lines.to)
    if (sheet.otherDay && !this.#dated) {
      this.#dated = true
      this.#relayout()
    }
    this.#load()
    this.#publishSoon(false)
  }

  /** Moves the texts, not the times, by the horizontal scroll position. */
  #shift(pane: ScrollPane): void {
    if (pane.left === this.#left) return
    this.#left = pane.left
    pane.stage.style.setProperty('--log-left', `${-pane.left}px`)
    pane.stage.classList.toggle('log-shifted', pane.left > 0)
  }

  /** Fetches what is on screen and not loaded, once scrolling rests; tries again after a failure. */
  #load(): void {
    const lines = this.#sheet?.lines
    if (!lines || !this.#loader.possible || this.#loadTimer !== undefined) return
    if (this.#buffer.missing(lines.from, lines.to).length === 0) return
    this.#loadTimer = setTimeout(() => {
      this.#loadTimer = undefined
      const now = this.#sheet?.lines
      const loading = now && this.#loader.around(now.from, now.to)
      // Another request is under way, or it is not yet time: the next frame asks again.
      if (loading) void loading.then(() => this.#showLoading())
      else this.#invalidate()
    }, this.#loader.wait || LOAD_REST_MS)
  }

  #showLoading(): void {
    const missing = this.#loader.possible && this.#loader.error === null ? 'loading…' : 'not loaded'
    if (missing !== this.#missing) this.#stamp += 1
    this.#missing = missing
    this.#invalidate()
    this.#publishSoon(true)
  }

  async #loaded(from: number, to: number): Promise<boolean> {
    if (this.#buffer.missing(from, to).length === 0) return true
    this.#say('Loading lines…')
    if (await this.#loader.all(from, to)) return true
    this.#say(`Some lines cannot be loaded: ${this.#loader.error ?? 'the relay does not have them'}`)
    return false
  }

  /** Brings a line into view, and the hit in it. */
  #reveal(line: number, always: boolean): void {
    const pane = this.#pane
    if (!pane) return
    const row = this.#index.rowOf(line)
    if (always || row < pane.top || row + 1 > pane.top + pane.viewRows)
      this.#scrollTo(row - pane.viewRows * HIT_FROM_TOP)
    this.#invalidate()
    const mark = this.#finder.search?.matcher.marks(this.#buffer.textOf(line) ?? '')[0]
    if (!mark || this.#preferences.wrap) return
    const x = mark[0] * this.#charPx
    const width = pane.viewWidth - this.#gutterPx() - 4 * PAD_PX
    if (x < pane.left || x > pane.left + width) pane.scrollLeftTo(x < width ? 0 : x - width / 2)
  }

  // ---- moving and selecting

  #topLine(): number {
    const pane = this.#pane
    if (!pane || this.#index.rows === 0) return this.#buffer.first
    return this.#index.at(Math.ceil(pane.top)).line
  }

  #scrollTo(top: number): void {
    const pane = this.#pane
    if (!pane) return
    const end = Math.max(0, this.#index.rows - pane.viewRows)
    pane.follow = top >= end && (pane.follow || top > pane.top)
    pane.top = Math.min(Math.max(0, top), end)
    this.#remember()
    this.#invalidate()
    this.#publishSoon(true)
  }

  #arrow(by: 1 | -1, extend: boolean): void {
    const pane = this.#pane
    if (!pane) return
    if (!extend) {
      this.#scrollTo(pane.top + by)
      return
    }
    const { first, total } = this.#buffer
    if (total === first) return
    this.#select(
      extended(this.#selection, this.#finder.current ?? this.#topLine(), (line) =>
        Math.min(Math.max(first, this.#neighbour(line, by)), total - 1),
      ),
    )
    if (this.#selection) this.#keepInView(this.#selection.head)
  }

  #neighbour(line: number, by: 1 | -1): number {
    if (by > 0) return this.#index.next(line) ?? line
    const row = this.#index.rowOf(line)
    return row === 0 ? line : this.#index.at(row - 1).line
  }

  #keepInView(line: number): void {
    const pane = this.#pane
    if (!pane) return
    const row = this.#index.rowOf(line)
    if (row < pane.top) this.#scrollTo(row)
    else if (row + 1 > pane.top + pane.viewRows) this.#scrollTo(row + 1 - pane.viewRows)
  }

  #select(selection: LineSelection | null): void {
    this.#selection = selection
    if (selection) {
      getSelection()?.removeAllRanges()
      // A selection that runs away under the hand is none.
      if (this.#pane?.follow && selection.anchor !== this.#buffer.first) this.setFollow(false)
    }
    this.#invalidate()
    this.#publishSoon(true)
  }

  #nativeSelection(): string | null {
    const selection = getSelection()
    if (!selection || selection.isCollapsed || !selection.anchorNode) return null
    return this.#sheet?.element.contains(selection.anchorNode) ? selection.toString() : null
  }

  #watchPointer(scroller: HTMLElement, pane: ScrollPane, signal: AbortSignal): void {
    watchPointer(
      pane.stage,
      {
        lineAt: (y) => {
          if (this.#index.rows === 0) return undefined
          const row = Math.floor(pane.top + y / ROW_PX)
          return this.#index.at(Math.min(Math.max(0, row), this.#index.rows - 1)).line
        },
        inGutter: (x) => x < this.#gutterPx(),
        press: (line, extend) => {
          scroller.focus({ preventScroll: true })
          this.#select(pressed(this.#selection, line, extend))
        },
        drag: (line) => {
          if (line === this.#selection?.head) return
          this.#select(pressed(this.#selection, line, true))
          this.#keepInView(line)
        },
        click: (line) => {
          if (this.#nativeSelection() !== null) return
          if (this.#filter && this.#finder.search) this.showInContext(line)
          else this.clearSelection()
        },
        describe: (line) => {
          const at = this.#buffer.line(line)?.at
          return at === undefined ? '' : `${bothClocks(at)}\nline ${number(line + 1)}`
        },
      },
      signal,
    )
    document.addEventListener(
      'selectionchange',
      () => {
        if (pane.follow && this.#nativeSelection() !== null) this.setFollow(false)
      },
      { signal },
    )
  }

  // ---- telling the controls

  #say(message: string): void {
    this.#message = message
    clearTimeout(this.#messageTimer)
    this.#messageTimer = setTimeout(() => {
      this.#message = ''
      this.#publishSoon(true)
    }, MESSAGE_MS)
    this.#publishSoon(true)
  }

  #publishSoon(now: boolean): void {
    const wait = now ? 0 : PUBLISH_MS - (performance.now() - this.#publishedAt)
    if (wait <= 0) this.#publish()
    else
      this.#publishTimer ??= setTimeout(() => {
        this.#publishTimer = undefined
        this.#publish()
      }, wait)
  }

  #publish(): void {
    this.#publishedAt = performance.now()
    const next = this.#makeStatus()
    if (sameStatus(this.#status, next)) return
    this.#status = next
    for (const listener of this.#listeners) listener()
  }

  #makeStatus(): LogStatus {
    const { first, total } = this.#buffer
    this.#counts.update()
    const phased = this.#source.phased === true || this.#counts.phased
    if (phased !== this.#phased) {
      this.#phased = phased
      // Tags take a place beside the times.
      if (this.#pane) this.#relayout()
    }
    const follow = this.#pane?.follow ?? true
    if (follow) this.#seen = total
    const selected = this.#selection
    return {
      first,
      total,
      follow,
      atEnd: this.#pane?.atEnd ?? true,
      newLines: Math.max(0, total - this.#seen),
      selected: selected ? rangeOf(selected).to - rangeOf(selected).from : 0,
      phases: this.#phased ? LOG_PHASES.map((phase) => this.#counts.ofPhase(phase)) : null,
      whole: this.#phased && this.#buffer.missing(first, total).length === 0,
      phaseEmpty: this.#finder.shown?.count === 0,
      hits: this.#finder.status(),
      queryError: this.#finder.error,
      loadError: this.#loader.error,
      zone: this.#clock.zone,
      message: this.#message,
    }
  }
}

function measureChar(stage: HTMLElement): number {
  const probe = document.createElement('span')
  probe.className = 'log-probe'
  probe.textContent = '0'.repeat(100)
  stage.append(probe)
  const px = probe.getBoundingClientRect().width / 100
  probe.remove()
  return px
}
