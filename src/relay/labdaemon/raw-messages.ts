import { detached } from '#lib/detached.ts'
import type { RawItem } from '#protocols/weir/api.ts'

/** Messages kept of a stream, and how many characters of each. */
const ITEMS = 100
const CHARS = 16 * 1024

/** The newest messages of a stream as they came. */
export class RawMessages {
  #items: RawItem[] = []

  get items(): readonly RawItem[] {
    return this.#items.slice(-ITEMS)
  }

  /** @param at when it was received, ms since epoch */
  keep(at: number, event: string, data: string): void {
    const { length } = data
    this.#items.push({ at, event, body: length > CHARS ? detached(data.slice(0, CHARS)) : data, length })
    if (this.#items.length >= ITEMS * 2) this.#items = this.#items.slice(-ITEMS)
  }
}
