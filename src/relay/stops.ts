import type { Author } from '#model/author.ts'

/** When everything of a source was stopped: what was asked to start before, and has not begun, is not started. */
export class Stops {
  readonly #last = new Map<string, { n: number; by: Author }>()
  #count = 0

  note(source: string, by: Author): void {
    this.#last.set(source, { n: ++this.#count, by })
  }

  /** Since the returned function was made: who has stopped the source, or null. */
  since(source: string): () => Author | null {
    const before = this.#last.get(source)?.n
    return () => {
      const last = this.#last.get(source)
      return last === undefined || last.n === before ? null : last.by
    }
  }
}
