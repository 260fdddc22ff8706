import { report } from '#lib/isolate.ts'
import type { CollectionEvent } from '#model/collection.ts'

/** Changes of a list as they are told, with the keys of the items they touch. */
export interface ListDelta {
  json: string
  keys: string[]
}

export function deltaOf(events: readonly CollectionEvent<object>[]): ListDelta {
  return { json: writtenItems(events), keys: events.map(({ key }) => key) }
}

/** A list's JSON; an item that cannot be written costs itself alone. */
export function writtenItems(items: readonly object[]): string {
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

/** Changes of one list over a while, merged item by item: whatever happened between, what they come to. */
export class MergedChanges {
  readonly #events = new Map<string, CollectionEvent<object>>()

  add(events: readonly CollectionEvent<object>[]): void {
    for (const event of events) {
      const { key } = event
      const before = this.#events.get(key)
      if (event.k === 'patch' && before?.k === 'put')
        this.#events.set(key, { ...before, item: { ...before.item, ...event.patch } })
      else if (event.k === 'patch' && before?.k === 'patch')
        this.#events.set(key, { ...before, patch: { ...before.patch, ...event.patch } })
      else {
        // What begins anew stands last.
        this.#events.delete(key)
        this.#events.set(key, event)
      }
    }
  }

  /** Gives all of them out and begins anew. */
  take(): CollectionEvent<object>[] {
    const events = [...this.#events.values()]
    this.#events.clear()
    return events
  }
}
