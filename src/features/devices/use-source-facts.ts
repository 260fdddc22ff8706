import { useShallow } from 'zustand/react/shallow'
import { isSourceStale } from '#model/source.ts'
import { useList } from '#streams/react.tsx'

/** How far what a source said of its devices can be trusted now. Times are ms since epoch. */
export interface SourceFacts {
  known: boolean
  stale: boolean
  /** When it was last well: since when it is not, while it is stale. */
  since: number | null
  /** Why it does not answer, in words. */
  detail: string
}

export function useSourceFacts(source: string): SourceFacts {
  return useList(
    'sources',
    useShallow((list): SourceFacts => {
      const of = list.items.get(source)
      return {
        known: of !== undefined || !list.ready,
        stale: isSourceStale(of),
        since: of?.since ?? null,
        detail: of?.detail ?? '',
      }
    }),
  )
}
