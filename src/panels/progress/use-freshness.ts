import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { isSourceStale } from '#model/source.ts'
import type { TaskSummary } from '#model/task.ts'
import { useList, useRelayState } from '#streams/react.tsx'
import { FRESH, freshnessOf, relayView, relayWhy, type Freshness, type RelayView } from './freshness.ts'

function useRelayView(): RelayView {
  return useRelayState(useShallow(relayView))
}

/** How much the shown state of a task can be believed. */
export function useFreshness(task: TaskSummary): Freshness {
  const relay = useRelayView()
  // A source that answers is left out: its counters change all the time, and no card depends on them.
  const source = useList('sources', (state) => {
    const item = state.items.get(task.source)
    return isSourceStale(item) ? item : undefined
  })
  return useMemo(() => freshnessOf(task, source, relay), [task, source, relay])
}

/** How much of what a source said last can be believed; `seenAt` is when its devices were read. */
export function useSourceFreshness(name: string): Freshness {
  const relay = useRelayView()
  const source = useList(
    'sources',
    useShallow((list) => {
      const of = list.items.get(name)
      return of && isSourceStale(of) ? { seenAt: of.devicesReadAt, why: of.detail } : null
    }),
  )
  return useMemo(() => {
    const why = relayWhy(relay)
    if (source) return { stale: true, ...source }
    return why === null ? FRESH : { stale: true, seenAt: relay.asOf, why }
  }, [source, relay])
}
