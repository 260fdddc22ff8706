import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

/** Keys of the tasks selected on the Tasks screen. */
export const selection = createStore<{ keys: ReadonlySet<string> }>(() => ({ keys: new Set() }))

export function useSelected(key: string): boolean {
  return useStore(selection, (state) => state.keys.has(key))
}

export function useSelectionSize(): number {
  return useStore(selection, (state) => state.keys.size)
}

export function select(key: string, on: boolean): void {
  selection.setState((state) => {
    const keys = new Set(state.keys)
    if (on) keys.add(key)
    else keys.delete(key)
    return { keys }
  })
}

export function selectOnly(keys: Iterable<string>): void {
  selection.setState({ keys: new Set(keys) })
}
