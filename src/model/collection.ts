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

/**
 * What became of an item, told by the fields that are not the same reference as before; whole where it is new, or has
 * lost a field, which no patch could say. Null when nothing changed.
 */
export function changeOf<T extends object>(
  key: string,
  before: T | undefined,
  after: T,
): CollectionEvent<T> | null {
  if (!before || lost(before, after)) return { k: 'put', key, item: after }
  let patch: Partial<T> | null = null
  for (const field in after)
    if (after[field] !== before[field]) {
      patch ??= {}
      patch[field] = after[field]
    }
  return patch && { k: 'patch', key, patch }
}

/** JSON has no word for undefined: a field that is that is not there. */
function lost<T extends object>(before: T, after: T): boolean {
  for (const field in before) if (before[field] !== undefined && after[field] === undefined) return true
  return false
}
