import { report } from '#lib/isolate.ts'
import { changeOf, type CollectionEvent } from '#model/collection.ts'
import { TextBounds } from './text-bounds.ts'

/** Where rows come from: asked once a flush for each key that was marked. */
export interface RowSource<Row> {
  /** Null: there is no such row (any more). */
  rowOf(key: string): Row | null
}

/** Rows that went, remembered so that a page that comes back is told of them. */
const TOMBSTONES = 4_000
/** Characters of one text of a row: what is longer is cut in the list. */
const LONGEST = 4_000

interface Told<Row> {
  row: Row
  /** The number of the flush that changed it last. */
  n: number
}

/**
 * The rows of one kind as pages are told them. Changes gather until a flush, which has a number: so a busy list
 * costs per flush, not per event, and a page that comes back gets what changed since its number.
 */
export class LiveRows<Row extends object> {
  readonly #source: RowSource<Row>
  readonly #bounds: TextBounds
  readonly #told = new Map<string, Told<Row>>()
  readonly #marked = new Set<string>()
  readonly #gone: { key: string; n: number }[] = []
  /** Rows that went with a number up to this are not remembered. */
  #horizon = 0
  #last = 0
  #before = 0
  /** What the last flush changed. */
  #delta = ''
  /** What pages that are further behind are told, by their number; void after a flush. */
  readonly #caughtUp = new Map<number, string>()

  constructor(source: RowSource<Row>, longest = LONGEST) {
    this.#source = source
    this.#bounds = new TextBounds(longest)
  }

  /** Something about the row has changed. @returns true for the first since the last flush */
  mark(key: string): boolean {
    if (this.#marked.has(key)) return false
    this.#marked.add(key)
    return this.#marked.size === 1
  }

  get isMarked(): boolean {
    return this.#marked.size > 0
  }

  /** The number of the last flush; 0 before the first. */
  get last(): number {
    return this.#last
  }

  /**
   * Takes in what was marked.
   * @param n the flush's number, above all before
   */
  flush(n: number): void {
    const events: CollectionEvent<Row>[] = []
    for (const key of this.#marked) {
      const before = this.#told.get(key)?.row
      const source = this.#source.rowOf(key)
      const row = source && this.#bounds.of(source)
      if (row) {
        const change = changeOf(key, before, row)
        if (!change) continue
        events.push(change)
        this.#told.set(key, { row, n })
      } else if (before) {
        events.push({ k: 'drop', key })
        this.#told.delete(key)
        this.#bury(key, n)
      }
    }
    this.#marked.clear()
    this.#caughtUp.clear()
    this.#before = this.#last
    this.#last = n
    this.#delta = events.length > 0 ? writtenItems(events) : ''
  }

  /**
   * What a page that was told everything up to number `after` is told now, as JSON of a list of changes; empty
   * when nothing changed, null when it must be told the whole.
   */
  since(after: number): string | null {
    if (after >= this.#last) return ''
    if (after >= this.#before) return this.#delta
    if (after < this.#horizon) return null
    let text = this.#caughtUp.get(after)
    if (text === undefined) this.#caughtUp.set(after, (text = this.#changedSince(after)))
    return text
  }

  /** All rows as JSON, as of the last flush: what follows are the changes of the flushes to come. */
  whole(): string {
    return writtenItems(Array.from(this.#told.values(), ({ row }) => row))
  }

  #changedSince(after: number): string {
    const events: CollectionEvent<Row>[] = []
    // A key that went and came back is there: it is told as it is.
    for (const { key, n } of this.#gone)
      if (n > after && !this.#told.has(key)) events.push({ k: 'drop', key })
    for (const [key, { row, n }] of this.#told) if (n > after) events.push({ k: 'put', key, item: row })
    return events.length > 0 ? writtenItems(events) : ''
  }

  #bury(key: string, n: number): void {
    this.#gone.push({ key, n })
    if (this.#gone.length > TOMBSTONES) this.#horizon = this.#gone.splice(0, TOMBSTONES / 4).at(-1)!.n
  }
}

/** A list's JSON; an item that cannot be written costs itself alone. */
function writtenItems(items: readonly object[]): string {
  try {
    return JSON.stringify(items)
  } catch {
    return `[${items.flatMap(writtenItem).join(',')}]`
  }
}

function writtenItem(item: object): string[] {
  try {
    return [JSON.stringify(item)]
  } catch (error) {
    report(error)
    return []
  }
}
