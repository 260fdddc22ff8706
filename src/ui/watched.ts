import { createStored, textsOf } from './stored.ts'

/** Names of what a person wants to hear of when it ends; the same in all tabs of a browser. */
export const watched = createStored<readonly string[]>('weir:watched', [], textsOf, { shared: true })

export function setWatched(key: string, on: boolean): void {
  const others = watched.get().filter((each) => each !== key)
  watched.set(on ? [...others, key] : others)
}
