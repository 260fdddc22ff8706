import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import type { TaskState } from '#streams/task-store.ts'
import { useStreams } from '#streams/react.tsx'

const PERIOD_MS = 100

/** Watches a task, however fast it changes, at most ten times a second; the last change is never left out. */
export function usePacedTaskState(source: string, id: string): TaskState {
  const streams = useStreams()
  useEffect(() => streams.watchTask(source, id), [streams, source, id])
  const { store } = streams.task(source, id)
  const paced = useMemo(() => pace(store, PERIOD_MS), [store])
  return useSyncExternalStore(paced.subscribe, paced.get)
}

/** A store seen through a shutter: the first change at once, then one look per period. */
export function pace<T>(
  store: Pick<StoreApi<T>, 'getState' | 'subscribe'>,
  periodMs: number,
): { get: () => T; subscribe: (listener: () => void) => () => void } {
  let shown = store.getState()
  return {
    get: () => shown,
    subscribe(listener) {
      let timer: ReturnType<typeof setTimeout> | undefined
      const show = () => {
        const now = store.getState()
        if (now === shown) return false
        shown = now
        listener()
        return true
      }
      const rest = () => {
        timer = undefined
        if (show()) timer = setTimeout(rest, periodMs)
      }
      const changed = () => {
        if (timer !== undefined) return
        show()
        timer = setTimeout(rest, periodMs)
      }
      const unsubscribe = store.subscribe(changed)
      // What changed between the first render and now.
      changed()
      return () => {
        unsubscribe()
        clearTimeout(timer)
      }
    },
  }
}
