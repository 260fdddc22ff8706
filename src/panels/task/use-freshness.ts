import { isSourceStale } from '#model/source.ts'
import { useList, useRelayState } from '#streams/react.tsx'

export interface Freshness {
  /** What the page shows of the source's tasks may no longer be so. */
  stale: boolean
  /** Why, in words. */
  reason: string | null
  /** When the source last said which tasks run, ms since epoch. */
  readAt: number | null
}

/** How far what is shown of a source can be believed: its own state, and the page's connection. */
export function useFreshness(name: string): Freshness {
  const source = useList('sources', (list) => list.items.get(name))
  const lost = useRelayState((relay) => relay.name === 'lost')
  const readAt = source?.tasksReadAt ?? null
  if (lost) return { stale: true, reason: 'this page has lost its connection', readAt }
  return isSourceStale(source)
    ? { stale: true, reason: source?.detail ?? null, readAt }
    : { stale: false, reason: null, readAt }
}
