import type { StoreApi } from 'zustand/vanilla'
import { reduceCollection, type Collection, type CollectionEvent } from '#model/collection.ts'
import { createIsolatedStore } from './isolated-store.ts'
import type { WatchedStore } from './watched-store.ts'

export interface ListState<T> {
  /** False until the first snapshot came. */
  ready: boolean
  /** When the page ceased to watch it, ms since epoch, the relay's clock: it is as of then; null while it is watched. */
  asOf: number | null
  items: Collection<T>
  /** Counts the rows that have left it. */
  left: number
}

/** The store of one live list: the rows of a kind. One commit per frame, however many changes came. */
export class RowStore<Row extends object> implements WatchedStore {
  readonly store: StoreApi<ListState<Row>> = createIsolatedStore(() => ({
    ready: false,
    asOf: null,
    items: new Map() as Collection<Row>,
    left: 0,
  }))
  readonly #keyOf: (row: Row) => string
  #snapshot: Row[] | null = null
  #events: CollectionEvent<Row>[] = []

  /** @param keyOf what a row is known by in events */
  constructor(keyOf: (row: Row) => string) {
    this.#keyOf = keyOf
  }

  snapshot(rows: Row[]): void {
    this.#snapshot = rows
    this.#events = []
  }

  push(events: readonly CollectionEvent<Row>[]): void {
    for (const event of events) this.#events.push(event)
  }

  commit(): void {
    // Taken out first: whatever fails below, nothing is applied twice.
    const [snapshot, events] = [this.#snapshot, this.#events]
    this.#snapshot = null
    this.#events = []
    const { ready, asOf, items: before, left } = this.store.getState()
    const start = snapshot ? new Map(snapshot.map((row) => [this.#keyOf(row), row])) : before
    const items = events.length > 0 ? reduceCollection<Row>(start, events) : start
    this.store.setState({
      ready: ready || snapshot !== null,
      asOf: snapshot ? null : asOf,
      items,
      left: left + (snapshot || events.some(({ k }) => k === 'drop') ? countLeft(before, items) : 0),
    })
  }

  /** Nobody watches it from now on; what it holds stays. */
  leave(at: number): void {
    if (this.store.getState().ready) this.store.setState({ asOf: at })
  }
}

function countLeft(before: Collection<unknown>, after: Collection<unknown>): number {
  let count = 0
  for (const key of before.keys()) if (!after.has(key)) count += 1
  return count
}
