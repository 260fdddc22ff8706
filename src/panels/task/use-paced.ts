import { useMemo, useSyncExternalStore } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import type { TopicPhase } from '#streams/topic-store.ts'
import { useTopicStore } from '#streams/react.tsx'
import { TASK_VIEW, type TaskViewState } from '#topics/task-view.ts'

const PERIOD_MS = 100

/** Watches a task, however fast it changes, once per period at most; the last change is never left out. */
export function usePacedTaskState(
  source: string,
  id: string,
  periodMs = PERIOD_MS,
): TopicPhase & TaskViewState {
  const { store } = useTopicStore(TASK_VIEW, { source, id })
  const paced = useMemo(() => pace(store, periodMs), [store, periodMs])
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
      const slot = nextSlot++ % SLOTS
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
        if (closed) atNextLook(slot, periodMs, look)
      }
      const changed = () => {
        if (closed) return
        show()
        closed = true
        atNextLook(slot, periodMs, look)
      }
      const unsubscribe = store.subscribe(changed)
      // What changed between the first render and now.
      changed()
      return () => {
        unsubscribe()
        forgetLook(slot, look)
      }
    },
  }
}

/**
 * Shutters take turns in a few slots of the period: those of one slot open together, so that what they show is
 * drawn in one go, and no frame has to draw all of them.
 */
const SLOTS = 4
let nextSlot = 0

interface Slot {
  due: Set<() => void>
  timer: ReturnType<typeof setTimeout> | undefined
}
const slots: Slot[] = Array.from({ length: SLOTS }, () => ({ due: new Set(), timer: undefined }))

function atNextLook(slot: number, periodMs: number, look: () => void): void {
  const waiting = slots[slot]!
  waiting.due.add(look)
  if (waiting.timer !== undefined) return
  const phase = (slot * periodMs) / SLOTS
  const wait = periodMs - ((performance.now() - phase) % periodMs)
  waiting.timer = setTimeout(() => {
    waiting.timer = undefined
    const due = [...waiting.due]
    waiting.due.clear()
    for (const each of due) each()
  }, wait)
}

function forgetLook(slot: number, look: () => void): void {
  const waiting = slots[slot]!
  if (!waiting.due.delete(look) || waiting.due.size > 0) return
  clearTimeout(waiting.timer)
  waiting.timer = undefined
}
