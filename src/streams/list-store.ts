import type { StoreApi } from 'zustand/vanilla'
import { reduceCollection, type Collection, type CollectionEvent } from '#model/collection.ts'
import type { ListItem } from '#protocols/weir/stream.ts'
import type { ListTopic } from '#protocols/weir/topics.ts'
import { createIsolatedStore } from './isolated-store.ts'

export interface ListState<T> {
  /** False until the first snapshot came. */
  ready: boolean
  /** When the page ceased to watch it, ms since epoch, the relay's clock: it is as of then; null while it is watched. */
  asOf: number | null
  items: Collection<T>
}

/** The store of one live list: one commit per frame, however many changes came. */
export class ListStore<K extends ListTopic = ListTopic> {
  readonly store: StoreApi<ListState<ListItem[K]>> = createIsolatedStore(() => ({
    ready: false,
    asOf: null,
    items: new Map() as Collection<ListItem[K]>,
  }))
  readonly #keyOf: (item: ListItem[K]) => string
  #snapshot: ListItem[K][] | null = null
  #events: CollectionEvent<ListItem[K]>[] = []

  constructor(keyOf: (item: ListItem[K]) => string) {
    this.#keyOf = keyOf
  }

  snapshot(items: ListItem[K][]): void {
    this.#snapshot = items
    this.#events = []
  }

  push(events: readonly CollectionEvent<ListItem[K]>[]): void {
    for (const event of events) this.#events.push(event)
  }

  commit(): void {
    // Taken out first: whatever fails below, nothing is applied twice.
    const [snapshot, events] = [this.#snapshot, this.#events]
    this.#snapshot = null
    this.#events = []
    const { ready, asOf, items: before } = this.store.getState()
    const start = snapshot ? new Map(snapshot.map((item) => [this.#keyOf(item), item])) : before
    const items = events.length > 0 ? reduceCollection<ListItem[K]>(start, events) : start
    this.store.setState({ ready: ready || snapshot !== null, asOf: snapshot ? null : asOf, items })
  }

  /** Nobody watches it from now on. */
  leave(at: number): void {
    if (this.store.getState().ready) this.store.setState({ asOf: at })
  }
}
