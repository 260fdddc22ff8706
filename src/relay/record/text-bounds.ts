import { bounded } from '#lib/detached.ts'

/** What names something: cut, it would name nothing. */
const NAMES: ReadonlySet<string> = new Set([
  'source',
  'id',
  'target',
  'batch',
  'taskIds',
  'streamOf',
  'ownedBy',
  'owner',
  'command',
  'url',
])

/**
 * Bounds the texts of a list's items: lists go to every page with each change, and a source may send a text of any
 * size. The whole stands in the topic of the thing itself.
 */
export class TextBounds {
  readonly #longest: number
  /** What parts of items became, so that a part that did not change is the same one in the list. */
  readonly #parts = new WeakMap<object, object>()

  /** @param longest characters of one text */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** The item itself where nothing is too long. */
  of<T extends object>(item: T): T {
    const known = this.#parts.get(item)
    if (known) return known as T
    const part = Array.isArray(item) ? this.#list(item) : this.#record(item as Record<string, unknown>)
    // What is small and as it was is looked through again sooner than found.
    if (part !== item || Array.isArray(item)) this.#parts.set(item, part)
    return part as T
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return value.length > this.#longest ? bounded(value, this.#longest) : value
    return typeof value === 'object' && value !== null ? this.of(value) : value
  }

  #list(items: readonly unknown[]): readonly unknown[] {
    let copy: unknown[] | null = null
    for (let i = 0; i < items.length; i++) {
      const part = this.#value(items[i])
      if (part !== items[i]) (copy ??= [...items])[i] = part
    }
    return copy ?? items
  }

  #record(record: Record<string, unknown>): object {
    let copy: Record<string, unknown> | null = null
    for (const key in record) {
      if (NAMES.has(key)) continue
      const part = this.#value(record[key])
      if (part !== record[key]) (copy ??= { ...record })[key] = part
    }
    return copy ?? record
  }
}
