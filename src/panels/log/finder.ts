import type { LogBuffer } from '#model/log-buffer.ts'
import { LogSearch } from './log-search.ts'
import type { SearchStatus } from './log-status.ts'
import { EVERY_LINE, matcherOf, type LineTest, type Query } from './matcher.ts'
import { breathe, SLICE_MS } from './pause.ts'

export interface FinderActions {
  /** The first line in sight. */
  topLine(): number
  /** Loads more of what is missing; false when there is nothing more to have. */
  loadMore(): Promise<boolean>
  /** The search of a query is ready to be started. */
  ready(): void
  /** More was searched; `done` when all that is loaded was. */
  progress(done: boolean): void
  /** A first hit was found, near what is in sight. */
  found(line: number): void
}

/** The search of one pane: the query, its hits, and which of them is the current one. */
export class Finder {
  readonly #buffer: LogBuffer
  readonly #actions: FinderActions
  #run = 0
  #query: Query | null = null
  #kinds: ReadonlySet<number> | null = null

  search: LogSearch | null = null
  /** The lines of the kinds that are shown; null while all are. */
  shown: LogSearch | null = null
  /** The line of the current hit. */
  current: number | null = null
  /** Why the query cannot be searched for, as a sentence. */
  error: string | null = null

  constructor(buffer: LogBuffer, actions: FinderActions) {
    this.#buffer = buffer
    this.#actions = actions
  }

  /** Begins another search; `start` sets it going. */
  setQuery(query: Query): void {
    this.stop()
    this.#query = query
    this.search = null
    this.current = null
    this.error = null
    if (query.text === '') return
    const search = (matcher: LineTest) => {
      // Another one may have been asked for while the engine was loaded.
      if (this.#query !== query) return
      this.search = new LogSearch(this.#buffer, matcher, this.#kinds)
    }
    const refuse = (error: unknown) => {
      if (this.#query !== query) return
      this.error = error instanceof Error ? error.message : String(error)
    }
    try {
      const matcher = matcherOf(query)
      if (!(matcher instanceof Promise)) search(matcher)
      else
        void matcher.then(search, refuse).then(() => {
          if (this.#query === query) this.#actions.ready()
        })
    } catch (error) {
      refuse(error)
    }
  }

  /** Leaves out all lines but those of some kinds; `start` sets it going. */
  setKinds(kinds: ReadonlySet<number> | null): void {
    this.#kinds = kinds
    this.shown = kinds && new LogSearch(this.#buffer, EVERY_LINE, kinds)
    if (this.#query) this.setQuery(this.#query)
    else this.stop()
  }

  /** Searches what is loaded in slices, then loads and searches the rest. */
  async start(): Promise<void> {
    const run = ++this.#run
    const { search, shown } = this
    while ((search || shown) && run === this.#run) {
      const until = performance.now() + SLICE_MS
      const sorted = shown?.step(until) ?? true
      const done = (search?.step(until) ?? true) && sorted
      if (search && this.current === null) this.#choose(search, done)
      this.#actions.progress(done)
      if (!done) await breathe()
      else if (!(await this.#actions.loadMore())) return
    }
  }

  stop(): void {
    this.#run += 1
  }

  /** Makes the next (1) or previous (-1) hit the current one, round the ends, and returns its line. */
  move(by: 1 | -1): number | undefined {
    const { search } = this
    if (!search || search.count === 0) return undefined
    const top = this.#actions.topLine()
    const from = this.current ?? (by > 0 ? top - 1 : top)
    const k = by > 0 ? search.indexFrom(from + 1) : search.indexFrom(from) - 1
    const line = search.nth((k + search.count) % search.count)
    if (line !== undefined) this.current = line
    return line
  }

  /** Numbers of the lines of a search in a range. */
  hits(search: LogSearch | null, from: number, to: number): number[] {
    const numbers: number[] = []
    if (!search) return numbers
    for (let k = search.indexFrom(from); ; k++) {
      const line = search.nth(k)
      if (line === undefined || line >= to) return numbers
      numbers.push(line)
    }
  }

  status(): SearchStatus | null {
    const { search, current } = this
    if (!search) return null
    const lines = this.#buffer.total - this.#buffer.first
    return {
      count: search.count,
      index: current !== null && search.isHit(current) ? search.indexFrom(current) + 1 : 0,
      partial: search.matcher.isPartial,
      searched: lines === 0 ? 1 : search.scanned / lines,
    }
  }

  /** The first hit from the top of the view on, else the last one before it. */
  #choose(search: LogSearch, done: boolean): void {
    const k = search.indexFrom(this.#actions.topLine())
    if (search.count === 0 || (k >= search.count && !done)) return
    const line = search.nth(Math.min(k, search.count - 1))
    if (line === undefined) return
    this.current = line
    this.#actions.found(line)
  }
}
