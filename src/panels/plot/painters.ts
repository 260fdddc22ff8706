import { frames } from '#lib/frames.ts'

/** Something on the page that is drawn outside React. */
export interface Painter {
  readonly element: Element
  /** A few words: costs next to nothing, and does not wait for its turn behind pictures. */
  readonly light?: boolean
  /** Whether it goes on changing by itself, so that it is asked in every frame. */
  moving(): boolean
  /** Whether drawing it would change what is seen. */
  stale(): boolean
  paint(): void
}

export interface Painting {
  /** Something may have changed: the painter is asked in the next frame. */
  request(): void
  /** Whether it is on the screen, as far as is known. */
  readonly visible: boolean
  stop(): void
}

interface Entry extends Painting {
  painter: Painter
  visible: boolean
  /** The frame in which it was painted last. */
  painted: number
}

/** Time that a frame may take for drawing, ms; what is left over comes first in the next. */
const BUDGET_MS = 6

/** Words written in one frame at most. */
const MOST_LIGHT = 12

/** Pictures drawn in one frame where there are many: handing each over to the screen costs as much as drawing it. */
const FEW = 3

/** How many of so many pictures on the screen are drawn in one frame at most. */
export function mostPerFrame(visible: number): number {
  if (visible <= 2) return visible
  return visible <= 8 ? Math.ceil(visible / 2) : FEW
}

/**
 * Draws all plots of a page, last in a frame, and only what is on the screen and would look different. Many
 * take turns, the one painted longest ago first, so that no frame draws all of them. Nothing runs while nothing
 * moves or the page is hidden.
 */
export class Painters {
  readonly #entries = new Set<Entry>()
  readonly #byElement = new Map<Element, Entry>()
  #observer: IntersectionObserver | undefined
  #count = 0
  /** What the last frame with drawing in it took, ms, and how many were drawn; for meters and benchmarks. */
  readonly last = { ms: 0, painted: 0, waiting: 0 }

  add(painter: Painter): Painting {
    const entry: Entry = {
      painter,
      visible: false,
      painted: -1,
      request: () => {
        if (entry.visible) this.#wake()
      },
      stop: () => {
        this.#entries.delete(entry)
        this.#byElement.delete(painter.element)
        this.#observer?.unobserve(painter.element)
      },
    }
    this.#entries.add(entry)
    this.#byElement.set(painter.element, entry)
    if (!this.#observer) {
      this.#observer = new IntersectionObserver(this.#seen, { rootMargin: '60px' })
      // Paper shows also what is not on the screen, and waits for no frame.
      addEventListener('beforeprint', () => this.#paintAll())
    }
    this.#observer.observe(painter.element)
    return entry
  }

  readonly #seen = (seen: IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting } of seen) {
      const entry = this.#byElement.get(target)
      if (entry) entry.visible = isIntersecting
    }
    this.#wake()
  }

  #paintAll(): void {
    for (const { painter } of this.#entries) if (painter.stale()) painter.paint()
  }

  #wake(): void {
    frames.request('paint', this.#run)
  }

  readonly #run = (): void => {
    this.#count += 1
    let moving = false
    let visible = 0
    const due: Entry[] = []
    for (const entry of this.#entries) {
      if (!entry.visible) continue
      if (!entry.painter.light) visible += 1
      moving = entry.painter.moving() || moving
      if (entry.painter.stale()) due.push(entry)
    }
    this.#paint(due, visible)
    if (moving || this.last.waiting > 0) this.#wake()
  }

  #paint(due: Entry[], visible: number): void {
    due.sort((a, b) => a.painted - b.painted)
    const left = { light: MOST_LIGHT, heavy: mostPerFrame(visible) }
    const begun = performance.now()
    let painted = 0
    for (const entry of due) {
      const kind = entry.painter.light ? 'light' : 'heavy'
      if (left[kind] === 0) continue
      if (painted > 0 && performance.now() - begun > BUDGET_MS) break
      left[kind] -= 1
      entry.painted = this.#count
      painted += 1
      entry.painter.paint()
    }
    this.last.ms = performance.now() - begun
    this.last.painted = painted
    this.last.waiting = due.length - painted
  }
}

/** All that is drawn on the page outside React. */
export const painters = new Painters()
