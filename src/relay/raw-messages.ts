import { detached } from '#lib/detached.ts'
import type { RawItem } from '#protocols/weir/api.ts'

/** Messages kept of a stream, characters kept of each, and of all together. */
const ITEMS = 100
const CHARS = 16 * 1024
const CHARS_IN_ALL = 256 * 1024

/** The newest messages of a stream as they came; nothing much larger is held by them. */
export class RawMessages {
  #items: RawItem[] = []
  #chars = 0

  get items(): readonly RawItem[] {
    return this.#items.slice(-ITEMS)
  }

  /** Characters held. */
  get chars(): number {
    return this.#chars
  }

  /** @param at when it was received, ms since epoch */
  keep(at: number, event: string, data: string): void {
    // One of usual size holds no more than the piece of the network that it came in, with its neighbours here.
    const body = data.length > CHARS ? detached(data.slice(0, CHARS)) : data
    this.#items.push({ at, event, body, length: data.length })
    this.#chars += body.length
    if (this.#items.length >= ITEMS * 2 || this.#chars > CHARS_IN_ALL) this.trim(CHARS_IN_ALL / 2)
  }

  /** The newest only, of so many characters at most. */
  trim(chars: number): void {
    let first = this.#items.length
    let held = 0
    while (first > Math.max(0, this.#items.length - ITEMS)) {
      const { length } = this.#items[first - 1]!.body
      if (held + length > chars) break
      held += length
      first -= 1
    }
    this.#items = this.#items.slice(first)
    this.#chars = held
  }
}
