import { patchOf, type CollectionEvent } from '#model/collection.ts'
import { TextBounds } from './text-bounds.ts'

/**
 * A list that pages watch as a whole. Changes are coalesced per item until they are flushed, so that a busy
 * list costs per tick, not per event; who missed some is given the items they touched.
 */
export class LiveList<T extends object> {
  readonly #items = new Map<string, T>()
  /** Items as they stood at the last flush; `undefined` when they did not exist then. */
  readonly #before = new Map<string, T | undefined>()
  readonly #changed: () => void
  readonly #bounds: TextBounds

  /**
   * @param changed called at the first change after a flush
   * @param longest characters of one text of an item: what is longer is cut in the list
   */
  constructor(changed: () => void, longest = 4_000) {
    this.#changed = changed
    this.#bounds = new TextBounds(longest)
  }

  get(key: string): T | undefined {
    return this.#items.get(key)
  }

  /** An item as the last flush left it: what follows from here on are the events of the flushes to come. */
  flushed(key: string): T | undefined {
    return this.#before.has(key) ? this.#before.get(key) : this.#items.get(key)
  }

  values(): T[] {
    return [...this.#items.values()]
  }

  set(key: string, item: T): void {
    this.#remember(key)
    this.#items.set(key, this.#bounds.of(item))
  }

  delete(key: string): void {
    if (!this.#items.has(key)) return
    this.#remember(key)
    this.#items.delete(key)
  }

  /** The changes since the last flush. */
  flush(): CollectionEvent<T>[] {
    const events: CollectionEvent<T>[] = []
    for (const [key, before] of this.#before) {
      const item = this.#items.get(key)
      if (!item) {
        if (before) events.push({ k: 'drop', key })
      } else if (!before) events.push({ k: 'put', key, item })
      else {
        const patch = patchOf(before, item)
        if (patch) events.push({ k: 'patch', key, patch })
      }
    }
    this.#before.clear()
    return events
  }

  #remember(key: string): void {
    if (this.#before.has(key)) return
    const first = this.#before.size === 0
    this.#before.set(key, this.#items.get(key))
    if (first) this.#changed()
  }
}
