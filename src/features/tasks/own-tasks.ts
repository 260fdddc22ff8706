import { createStore } from 'zustand/vanilla'

/** Tasks that this page has started: they enter lists at once instead of waiting behind "Show N new". */
export const ownTasks = createStore<{ keys: ReadonlySet<string> }>(() => ({ keys: new Set() }))

export function rememberOwn(keys: readonly string[]): void {
  ownTasks.setState((state) => ({ keys: new Set([...state.keys, ...keys]) }))
}
