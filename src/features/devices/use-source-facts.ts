import { useShallow } from 'zustand/react/shallow'
import { isSourceStale } from '#model/source.ts'
import { useList, useRelayState } from '#streams/react.tsx'

/** How far what is shown of a source's devices can be trusted now. */
export interface SourceFacts {
  /** The source exists, as far as this page knows. */
  known: boolean
  /** The source, or the page's own relay, does not answer. */
  stale: boolean
  /** While stale, when its devices were last read, ms since epoch; null when that is not known. */
  seenAt: number | null
  /** Why, in words; empty while it answers. */
  why: string
}

export function useSourceFacts(source: string): SourceFacts {
  const lost = useRelayState((state) => state.name === 'lost')
  return useList(
    'sources',
    useShallow((list): SourceFacts => {
      const of = list.items.get(source)
      const known = of !== undefined || !list.ready
      const stale = lost || isSourceStale(of)
      // What changes while all is well is left out: no card depends on it.
      if (!stale) return { known, stale, seenAt: null, why: '' }
      return {
        known,
        stale,
        seenAt: of?.devicesReadAt ?? null,
        why: lost ? 'this page has lost Weir' : (of?.detail ?? ''),
      }
    }),
  )
}
