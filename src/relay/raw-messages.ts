import { detached } from '#lib/detached.ts'
import type { RawItem } from '#protocols/weir/api.ts'

/** Messages kept of a stream, characters kept of each, and of all together. */
const ITEMS = 100
const CHARS = 16 * 1024
const CHARS_IN_ALL = 256 * 1024

/** The newest messages of a stream as they came; nothing much larger is held by them. */
export class RawMessages {
  // Side by side, so that a message costs no object: nearly all of them go unseen.
  #bodies: string[] = []
  #events: string[] = []
  #ats: number[] = []
  #lengths: number[] = []
  #chars = 0

  /** The newest last. */
  get items(): readonly RawItem[] {
    const from = Math.max(0, this.#bodies.length - ITEMS)
    return this.#bodies.slice(from).map((body, k) => ({
      at: this.#ats[from + k]!,
      event: this.#events[from + k]!,
      body,
      length: this.#lengths[from + k]!,
    }))
  }

  /** Characters held. */
  get chars(): number {
    return this.#chars
  }

  /** @param at when it was received, ms since epoch */
  keep(at: number, event: string, data: string): void {
    // One of usual size holds no more than the piece of the network that it came in, with its neighbours here.
    const body = data.length > CHARS ? detached(data.slice(0, CHARS)) : data
    this.#bodies.push(body)
    this.#events.push(event)
    this.#ats.push(at)
    this.#lengths.push(data.length)
    this.#chars += body.length
    if (this.#bodies.length >= ITEMS * 2 || this.#chars > CHARS_IN_ALL) this.trim(CHARS_IN_ALL / 2)
  }

  /** The newest only, of so many characters at most. */
  trim(chars: number): void {
    let first = this.#bodies.length
    let held = 0
    while (first > Math.max(0, this.#bodies.length - ITEMS)) {
      const { length } = this.#bodies[first - 1]!
      if (held + length > chars) break
      held += length
      first -= 1
    }
    this.#bodies = this.#bodies.slice(first)
    this.#events = this.#events.slice(first)
    this.#ats = this.#ats.slice(first)
    this.#lengths = this.#lengths.slice(first)
    this.#chars = held
  }
}
