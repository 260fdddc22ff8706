import type { Journal } from './journal.ts'

/** One message carries about this many characters of events at most; a page that is behind gets several. */
const MESSAGE_SIZE = 1_000_000
/** Ticks remembered: ten minutes of them. */
const MARKS = 40_000

/** Remembers how much had been appended when, to cut what a page is behind into messages. */
export class MessageSizes {
  readonly #journal: Journal
  readonly #marks: { n: number; size: number }[] = []

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** Called once per tick. */
  mark(): void {
    this.#marks.push({ n: this.#journal.last, size: this.#journal.size })
    if (this.#marks.length > MARKS * 2) this.#marks.splice(0, MARKS)
  }

  /** Up to which number the next message goes for a page at `cursor`. */
  endAfter(cursor: number): number {
    const journal = this.#journal
    const marks = this.#marks
    let low = 0
    let high = marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (marks[middle]!.n <= cursor) low = middle + 1
      else high = middle
    }
    const start = marks[low - 1]?.size ?? marks[low]?.size ?? journal.size
    if (journal.size - start <= MESSAGE_SIZE) return journal.last
    let end = low
    while (end < marks.length - 1 && marks[end]!.size - start < MESSAGE_SIZE) end += 1
    return marks[end]?.n ?? journal.last
  }
}
