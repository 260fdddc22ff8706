import { useMemo } from 'react'
import type { Freshness } from '#panels/progress/freshness.ts'
import { useSourceFreshness } from '#panels/progress/use-freshness.ts'
import { useList } from '#streams/react.tsx'

/** How far what is shown of a source's devices can be trusted now. */
export interface SourceFacts extends Freshness {
  /** The source exists, as far as this page knows. */
  known: boolean
}

export function useSourceFacts(source: string): SourceFacts {
  const known = useList('sources', (list) => list.items.has(source) || !list.ready)
  const fresh = useSourceFreshness(source)
  return useMemo(() => ({ ...fresh, known }), [fresh, known])
}
