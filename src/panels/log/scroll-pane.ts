import {
  clampTop,
  contentHeight,
  isScaled,
  lastTop,
  ROW_PX,
  scrolledTop,
  scrollTopFor,
  type Geometry,
} from './viewport.ts'

/** While lines pour in, the scroll bar is brought up to date only this often: each time costs a layout. */
const FOLLOW_SYNC_MS = 200
/** A scroll bar in proportion is put right once the hand rests. */
const REST_MS = 150

/**
 * The scrolling element. It turns what the browser scrolls into a place in rows, and keeps the scroll bar in
 * step with the place. What is seen lies in a stage that sticks to the view, so nothing is ever blank.
 */
export class ScrollPane {
  readonly #scroller: HTMLElement
  readonly #space = document.createElement('div')
  readonly stage = document.createElement('div')
  readonly #onMove: () => void
  readonly #geometry: Geometry = { rows: 0, viewPx: 0 }

  /** The first row seen, with a fraction. */
  top = 0
  follow = true
  /** Horizontal scroll position, px. */
  left = 0
  viewWidth = 0

  #height = -1
  #width = -1
  #synced = 0
  #syncedAt = 0
  #scrolledAt = 0
  #touched = false
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #stop = new AbortController()

  constructor(scroller: HTMLElement, onMove: () => void, onResize: () => void) {
    this.#scroller = scroller
    this.#onMove = onMove
    this.#space.className = 'log-space'
    this.stage.className = 'log-stage'
    this.#space.append(this.stage)
    scroller.append(this.#space)
    const options = { signal: this.#stop.signal, passive: true }
    scroller.addEventListener('scroll', () => this.#scrolled(), options)
    scroller.addEventListener('wheel', (event) => event.deltaY < 0 && this.#leave(), options)
    scroller.addEventListener('touchstart', () => (this.#touched = true), options)
    for (const end of ['touchend', 'touchcancel'] as const)
      scroller.addEventListener(end, () => (this.#touched = false), options)
    const observer = new ResizeObserver(() => {
      this.#geometry.viewPx = scroller.clientHeight
      this.viewWidth = scroller.clientWidth
      this.stage.style.height = `${scroller.clientHeight}px`
      this.stage.style.width = `${scroller.clientWidth}px`
      onResize()
    })
    observer.observe(scroller)
    this.#stop.signal.addEventListener('abort', () => observer.disconnect())
  }

  get viewPx(): number {
    return this.#geometry.viewPx
  }

  get viewRows(): number {
    return this.#geometry.viewPx / ROW_PX
  }

  get atEnd(): boolean {
    return this.top >= lastTop(this.#geometry) - 0.5
  }

  /** Once per frame, with the number of rows and the width that the text takes. */
  update(rows: number, widthPx: number): void {
    this.#geometry.rows = rows
    this.top = this.follow ? lastTop(this.#geometry) : clampTop(this.top, this.#geometry)
    const width = Math.max(widthPx, 0)
    if (width !== this.#width) {
      this.#width = width
      this.#space.style.width = `max(100%, ${width}px)`
    }
    this.#sync(performance.now())
  }

  destroy(): void {
    this.#stop.abort()
    clearTimeout(this.#timer)
    this.#space.remove()
  }

  scrollLeftTo(px: number): void {
    this.#scroller.scrollLeft = px
  }

  #sync(now: number): void {
    const height = contentHeight(this.#geometry.rows)
    const wanted = scrollTopFor(this.top, this.#geometry)
    const grows = height !== this.#height
    if (!grows && Math.abs(wanted - this.#synced) <= 1) return
    const wait = this.#syncDelay(now, height)
    if (wait > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined
        this.#sync(performance.now())
      }, wait)
      return
    }
    // Scrolled by hand, and not told yet: the hand wins.
    if (Math.abs(this.#scroller.scrollTop - this.#synced) > 1) {
      this.#scrolled()
      return
    }
    if (grows) {
      this.#height = height
      this.#space.style.height = `${height}px`
    }
    if (Math.abs(wanted - this.#synced) > 1) this.#scroller.scrollTop = wanted
    // The browser rounds and clamps; what it made of it is what the next scroll starts from.
    this.#synced = this.#scroller.scrollTop
    this.#syncedAt = now
  }

  #syncDelay(now: number, height: number): number {
    if (this.#touched) return REST_MS
    if (this.follow)
      return height > this.#height && this.#height > this.viewPx ? FOLLOW_SYNC_MS - (now - this.#syncedAt) : 0
    return isScaled(this.#geometry) ? REST_MS - (now - this.#scrolledAt) : 0
  }

  #scrolled(): void {
    const scrollTop = this.#scroller.scrollTop
    // A resize scrolls before it is observed: the end is judged by the height of now.
    this.#geometry.viewPx = this.#scroller.clientHeight
    this.left = this.#scroller.scrollLeft
    if (scrollTop !== this.#synced) {
      const up = scrollTop < this.#synced
      // The scroll bar may lag behind while following; its end is still the end.
      const before = { top: this.top, scrollTop: this.#synced }
      const known =
        this.follow && !isScaled(this.#geometry) ? before.top + (scrollTop - before.scrollTop) / ROW_PX : null
      this.#scrolledAt = performance.now()
      this.top =
        known !== null && Math.abs(scrollTop - before.scrollTop) < 2 * this.viewPx
          ? clampTop(known, this.#geometry)
          : scrolledTop(before, scrollTop, this.#geometry)
      this.#synced = scrollTop
      if (up && !this.atEnd) this.follow = false
      else if (this.atEnd) this.follow = true
    }
    this.#onMove()
  }

  /** The wheel turns back: stop following before the next frame would undo what it scrolls. */
  #leave(): void {
    if (!this.follow || lastTop(this.#geometry) === 0) return
    this.follow = false
    this.#onMove()
  }
}
