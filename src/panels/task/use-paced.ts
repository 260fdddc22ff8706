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
      let closed = false
      const show = () => {
        const now = store.getState()
        if (now === shown) return false
        shown = now
        listener()
        return true
      }
      const look = () => {
        closed = show()
        if (closed) atNextLook(periodMs, look)
      }
      const changed = () => {
        if (closed) return
        show()
        closed = true
        atNextLook(periodMs, look)
      }
      const unsubscribe = store.subscribe(changed)
      // What changed between the first render and now.
      changed()
      return () => {
        unsubscribe()
        forgetLook(periodMs, look)
      }
    },
  }
}

/** Shutters of one period open together, so that all they show is drawn in one go. */
const looks = new Map<number, { due: Set<() => void>; timer: ReturnType<typeof setTimeout> }>()

function atNextLook(periodMs: number, look: () => void): void {
  const waiting = looks.get(periodMs)
  if (waiting) {
    waiting.due.add(look)
    return
  }
  const due = new Set([look])
  const timer = setTimeout(() => {
    looks.delete(periodMs)
    for (const each of due) each()
  }, periodMs)
  looks.set(periodMs, { due, timer })
}

function forgetLook(periodMs: number, look: () => void): void {
  const waiting = looks.get(periodMs)
  if (!waiting?.due.delete(look) || waiting.due.size > 0) return
  clearTimeout(waiting.timer)
  looks.delete(periodMs)
}
