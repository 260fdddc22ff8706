/** Texts by name, bounded by their characters together: the oldest go, the newest always stays. */
export class TextCache {
  readonly #limit: number
  readonly #texts = new Map<string, string>()
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(name: string): string | undefined {
    return this.#texts.get(name)
  }

  set(name: string, text: string): void {
    this.delete(name)
    this.#texts.set(name, text)
    this.#size += text.length
    for (const oldest of this.#texts.keys()) {
      if (this.#size <= this.#limit || oldest === name) break
      this.delete(oldest)
    }
  }

  delete(name: string): void {
    this.#size -= this.#texts.get(name)?.length ?? 0
    this.#texts.delete(name)
  }
}
