/** Changes of a live list, keyed by the list's own key. */
export type CollectionEvent<T> =
  | { k: 'put'; key: string; item: T }
  | { k: 'patch'; key: string; patch: Partial<T> }
  | { k: 'drop'; key: string }

/** The state of a live list; the order is that of first appearance. */
export type Collection<T> = ReadonlyMap<string, T>

/** Folds a batch of changes over a list; items that did not change keep their identity. */
export function reduceCollection<T extends object>(
  items: Collection<T>,
  events: readonly CollectionEvent<T>[],
): Collection<T> {
  const next = new Map(items)
  for (const event of events) {
    if (event.k === 'put') next.set(event.key, event.item)
    else if (event.k === 'drop') next.delete(event.key)
    else {
      const before = next.get(event.key)
      if (before) next.set(event.key, { ...before, ...event.patch })
    }
  }
  return next
}

/** The fields of `after` that are not the same reference in `before`; null when none. */
export function patchOf<T extends object>(before: T, after: T): Partial<T> | null {
  let patch: Partial<T> | null = null
  for (const key in after)
    if (after[key] !== before[key]) {
      patch ??= {}
      patch[key] = after[key]
    }
  return patch
}
