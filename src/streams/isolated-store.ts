import { createStore, type StoreApi } from 'zustand/vanilla'
import { isolate } from '#lib/isolate.ts'

/** A store whose listeners cannot harm each other, nor what comes after a change: a view that throws is reported. */
export function createIsolatedStore<T>(initial: () => T): StoreApi<T> {
  const store = createStore<T>(initial)
  const { subscribe } = store
  store.subscribe = (listener) =>
    subscribe((state, before) => {
      isolate(listener, () => {
        listener(state, before)
      })
    })
  return store
}
