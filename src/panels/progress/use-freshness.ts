import { useMemo } from 'react'
import { isSourceStale } from '#model/source.ts'
import type { TaskSummary } from '#model/task.ts'
import { useList, useRelayState } from '#streams/react.tsx'
import { freshnessOf, type Freshness } from './freshness.ts'

/** How much the shown state of a task can be believed. */
export function useFreshness(task: TaskSummary): Freshness {
  const lost = useRelayState((state) => state.name === 'lost')
  // A source that answers is left out: its counters change all the time, and no card depends on them.
  const source = useList('sources', (state) => {
    const item = state.items.get(task.source)
    return lost || isSourceStale(item) ? item : undefined
  })
  return useMemo(() => freshnessOf(task, source, lost), [task, source, lost])
}
