import type { StoreApi } from 'zustand/vanilla'
import { frames, type Frames } from '#lib/frames.ts'
import type { ListState } from '#streams/row-store.ts'

/** One item as a view shows it: another one at most eight times a second. */
export interface PacedItem<T> {
  get(): T | undefined
  subscribe(listener: () => void): () => void
}

const PERIOD_MS = 120
const SLOTS = 4
/** So few changes after a rest are shown at once: they cost one frame little. */
const FEW = 3

interface Entry<T> {
  key: string
  value: T | undefined
  /** By the page's clock. */
  shownAt: number
  listener: () => void
}

/**
 * Thins the changes of a list that moves with every frame. Views take turns in slots, so that no frame
 * draws all of them; more slots would dirty more frames, and each dirty frame costs its commit whatever was
 * drawn in it (with 45 cards on screen, six slots kept the main thread busy twice as long as two, and two slots
 * made every frame they fell into too long). The last
 * change is never left out. Nothing runs while nothing changes.
 */
export class Pacer<T> {
  readonly #store: StoreApi<ListState<T>>
  readonly #frames: Frames
  readonly #slots: Set<Entry<T>>[] = Array.from({ length: SLOTS }, () => new Set())
  #next = 0
  #size = 0
  #tick = 0
  #until = 0
  #unsubscribe: (() => void) | null = null

  constructor(store: StoreApi<ListState<T>>, owner: Frames = frames) {
    this.#store = store
    this.#frames = owner
  }

  item(key: string): PacedItem<T> {
    const entry: Entry<T> = { key, value: this.#read(key), shownAt: -Infinity, listener: () => {} }
    return {
      get: () => entry.value,
      subscribe: (listener) => {
        entry.listener = listener
        entry.value = this.#read(key)
        return this.#add(entry)
      },
    }
  }

  #read(key: string): T | undefined {
    return this.#store.getState().items.get(key)
  }

  #add(entry: Entry<T>): () => void {
    const slot = this.#slots[this.#next++ % SLOTS]!
    slot.add(entry)
    this.#size += 1
    this.#unsubscribe ??= this.#store.subscribe(this.#wake)
    return () => {
      if (!slot.delete(entry)) return
      this.#size -= 1
      if (this.#size > 0) return
      this.#unsubscribe?.()
      this.#unsubscribe = null
      this.#frames.cancel('show', this.#run)
    }
  }

  readonly #wake = (): void => {
    // One full round more shows the last change to every slot.
    this.#until = performance.now() + PERIOD_MS
    this.#frames.request('show', this.#run)
    this.#showFew()
  }

  /** What has rested for a round need not wait for its turn, where it is not much. */
  #showFew(): void {
    const rested = performance.now() - PERIOD_MS
    const few: Entry<T>[] = []
    for (const slot of this.#slots)
      for (const entry of slot) {
        if (entry.shownAt > rested || this.#read(entry.key) === entry.value) continue
        if (few.push(entry) > FEW) return
      }
    for (const entry of few) this.#show(entry)
  }

  readonly #run = (): void => {
    const now = performance.now()
    const tick = Math.floor((now * SLOTS) / PERIOD_MS)
    const due = Math.min(SLOTS, tick - this.#tick)
    for (let back = due - 1; back >= 0; back--)
      for (const entry of this.#slots[(tick - back) % SLOTS]!) this.#show(entry)
    this.#tick = tick
    if (now <= this.#until + PERIOD_MS / SLOTS) this.#frames.request('show', this.#run)
  }

  #show(entry: Entry<T>): void {
    const value = this.#read(entry.key)
    if (value === entry.value) return
    entry.value = value
    entry.shownAt = performance.now()
    entry.listener()
  }
}
