import { createStore } from 'zustand/vanilla'

const KEY = 'weir:watched'

/** Names of what a person wants to hear of when it ends; kept in the browser, the same in all its tabs. */
export const watched = createStore<{ keys: ReadonlySet<string> }>(() => ({ keys: read() ?? new Set() }))

export function setWatched(key: string, on: boolean): void {
  const keys = new Set(read() ?? watched.getState().keys)
  if (on) keys.add(key)
  else keys.delete(key)
  watched.setState({ keys })
  try {
    localStorage.setItem(KEY, JSON.stringify([...keys]))
  } catch {
    // Blocked: it lasts as long as the page.
  }
}

if (typeof addEventListener === 'function')
  addEventListener('storage', (event: StorageEvent) => {
    if (event.key === KEY) watched.setState({ keys: read() ?? new Set() })
  })

/** Null where storage is blocked. */
function read(): ReadonlySet<string> | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown
    return new Set(Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : [])
  } catch {
    return null
  }
}
