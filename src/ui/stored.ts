import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** Something a person prefers, kept in this browser; without storage it lasts as long as the page. */
export interface Stored<T> {
  get(): T
  set(value: T): void
  store: StoreApi<{ value: T }>
}

/** @param parse turns what was kept into a value, or throws */
export function createStored<T>(key: string, initial: T, parse: (kept: unknown) => T): Stored<T> {
  const store = createStore<{ value: T }>(() => ({ value: read(key, initial, parse) }))
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

function read<T>(key: string, initial: T, parse: (kept: unknown) => T): T {
  try {
    const kept = localStorage.getItem(key)
    return kept === null ? initial : parse(JSON.parse(kept))
  } catch {
    return initial
  }
}
