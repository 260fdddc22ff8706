import { clampSpan, panned, zoomed, type View } from './view.ts'

export interface AxisState {
  /** The view ends at the newest and moves on; else it stands still. */
  readonly live: boolean
  /** ms. */
  readonly span: number
  /** Where it ends while it stands still, ms since epoch. */
  readonly to: number
  /** The span that a reset goes back to, ms. */
  readonly home: number
}

/** What a plot shows up to while it is live, ms since epoch; null when it has nothing to say. */
export type Edge = () => number | null

/**
 * The time axis that plots share: what they show, and where the cursor is. Plots read it while they draw; React
 * is told of changes of the state, not of the moving on of a live view.
 */
export class TimeAxis {
  readonly #now: () => number
  readonly #edges = new Set<Edge>()
  readonly #listeners = new Set<() => void>()
  readonly #cursorListeners = new Set<() => void>()
  #state: AxisState
  #cursor: number | null = null

  /** @param now by the relay's clock, for plots that know no newest sample */
  constructor(now: () => number, span = 60_000) {
    this.#now = now
    this.#state = { live: true, span: clampSpan(span), home: clampSpan(span), to: 0 }
  }

  readonly state = (): AxisState => this.#state

  /** Where the pointer or the keyboard's cursor is, as a fraction of the view's width; null: nowhere. */
  readonly cursor = (): number | null => this.#cursor

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back when the cursor moved. */
  readonly onCursor = (listener: () => void): (() => void) => {
    this.#cursorListeners.add(listener)
    return () => this.#cursorListeners.delete(listener)
  }

  /** Adds what a plot shows up to; the newest of all counts. */
  follow(edge: Edge): () => void {
    this.#edges.add(edge)
    return () => this.#edges.delete(edge)
  }

  /** Where a live view ends. */
  edge(): number {
    let newest = -Infinity
    for (const edge of this.#edges) newest = Math.max(newest, edge() ?? -Infinity)
    return newest === -Infinity ? this.#now() : newest
  }

  /** The time under the cursor, ms since epoch; null while there is none. */
  cursorTime(): number | null {
    if (this.#cursor === null) return null
    const { from, to } = this.view()
    return from + (to - from) * this.#cursor
  }

  view(): View {
    const { live, span, to } = this.#state
    const end = live ? this.edge() : to
    return { from: end - span, to: end }
  }

  pause(): void {
    if (this.#state.live) this.#set({ ...this.#state, live: false, to: this.edge() })
  }

  goLive(): void {
    this.#set({ ...this.#state, live: true })
  }

  /** Another span, to stay: resets go back to it. */
  setSpan(span: number): void {
    const next = clampSpan(span)
    this.#set({ ...this.#state, span: next, home: next })
  }

  /** Live, with the span last chosen. */
  reset(): void {
    this.#set({ ...this.#state, live: true, span: this.#state.home })
  }

  panBy(ms: number): void {
    this.show(panned(this.view(), ms))
  }

  /** @param anchor the time that stays where it is; a live view stays live where it is its end */
  zoomBy(factor: number, anchor?: number): void {
    if (anchor === undefined && this.#state.live) {
      this.#set({ ...this.#state, span: clampSpan(this.#state.span * factor) })
      return
    }
    const view = this.view()
    this.show(zoomed(view, factor, anchor ?? (view.from + view.to) / 2))
  }

  /** Stands still at a view; one that reaches beyond the newest goes live. */
  show(view: View): void {
    const span = clampSpan(view.to - view.from)
    const edge = this.edge()
    const live = view.to >= edge + span * 0.02
    this.#set({ ...this.#state, live, span, to: Math.min(view.to, edge) })
  }

  /** @param fraction of the view's width */
  setCursor(fraction: number | null): void {
    const next = fraction === null ? null : Math.min(1, Math.max(0, fraction))
    if (next === this.#cursor) return
    this.#cursor = next
    for (const listener of this.#cursorListeners) listener()
  }

  #set(next: AxisState): void {
    const { live, span, to, home } = this.#state
    if (live === next.live && span === next.span && home === next.home && (live || to === next.to)) return
    this.#state = next
    for (const listener of this.#listeners) listener()
  }
}
