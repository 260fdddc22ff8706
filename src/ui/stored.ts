import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** Something a person prefers, kept in this browser; without storage it lasts as long as the page. */
export interface Stored<T> {
  get(): T
  set(value: T): void
  store: StoreApi<{ value: T }>
}

interface StoredOptions {
  /** The key of an earlier version, whose value is taken over. */
  formerKey?: string
  /** What another tab sets counts here at once; otherwise each tab begins with what was kept, and goes its own way. */
  shared?: boolean
}

/**
 * @param key `weir:` and what it is
 * @param parse turns what was kept into a value, or throws
 */
export function createStored<T>(
  key: string,
  initial: T,
  parse: (kept: unknown) => T,
  { formerKey, shared = false }: StoredOptions = {},
): Stored<T> {
  const store = createStore<{ value: T }>(() => ({ value: read(key, formerKey, initial, parse) }))
  if (shared && typeof addEventListener === 'function')
    addEventListener('storage', (event: StorageEvent) => {
      if (event.key === key) store.setState({ value: read(key, undefined, initial, parse) })
    })
  return {
    store,
    get: () => store.getState().value,
    set: (value) => {
      store.setState({ value })
      try {
        localStorage.setItem(key, JSON.stringify(value))
      } catch {
        // Blocked or full.
      }
    },
  }
}

export function useStored<T>(stored: Stored<T>): [T, (value: T) => void] {
  return [useStore(stored.store, (state) => state.value), stored.set]
}

/** For `parse`: the texts of a list. Throws for anything else. */
export function textsOf(kept: unknown): readonly string[] {
  if (!Array.isArray(kept)) throw new TypeError('not a list')
  return kept.filter((each): each is string => typeof each === 'string')
}

function read<T>(key: string, formerKey: string | undefined, initial: T, parse: (kept: unknown) => T): T {
  try {
    const kept = localStorage.getItem(key) ?? (formerKey === undefined ? null : moved(formerKey, key))
    return kept === null ? initial : parse(JSON.parse(kept))
  } catch {
    return initial
  }
}

/** What an earlier version kept, which stands under its new key from now on. */
function moved(formerKey: string, key: string): string | null {
  const kept = localStorage.getItem(formerKey)
  if (kept === null) return null
  localStorage.setItem(key, kept)
  localStorage.removeItem(formerKey)
  return kept
}
