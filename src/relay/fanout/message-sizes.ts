import type { Tail } from '../record/tail.ts'

/** One message carries about this many characters of events at most; a page that is behind gets several. */
const MESSAGE_SIZE = 1_000_000
/** Ticks remembered: ten minutes of them. */
const MARKS = 40_000

/** Remembers how much had been appended when, to cut what a page is behind into messages. */
export class MessageSizes {
  readonly #tail: Tail
  readonly #marks: { n: number; size: number }[] = []

  constructor(tail: Tail) {
    this.#tail = tail
  }

  /** Called once per tick. */
  mark(): void {
    this.#marks.push({ n: this.#tail.last, size: this.#tail.size })
    if (this.#marks.length > MARKS * 2) this.#marks.splice(0, MARKS)
  }

  /** Up to which number the next message goes for a page at `cursor`. */
  endAfter(cursor: number): number {
    const tail = this.#tail
    const marks = this.#marks
    let low = 0
    let high = marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (marks[middle]!.n <= cursor) low = middle + 1
      else high = middle
    }
    const start = marks[low - 1]?.size ?? marks[low]?.size ?? tail.size
    if (tail.size - start <= MESSAGE_SIZE) return tail.last
    let end = low
    while (end < marks.length - 1 && marks[end]!.size - start < MESSAGE_SIZE) end += 1
    return marks[end]?.n ?? tail.last
  }
}
