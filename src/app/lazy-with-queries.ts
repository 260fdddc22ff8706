import type { ComponentType } from 'react'
import { lazyPart } from '#ui/lazy-part.tsx'

/** A screen or a dialog that reads with queries: these load with the first of them. */
export function lazyWithQueries<P extends object>(
  place: 'screen' | 'over',
  load: () => Promise<ComponentType<P>>,
) {
  return lazyPart<P>(
    async () => {
      const [Screen, { withQueries }] = await Promise.all([load(), import('./queries.tsx')])
      return withQueries(Screen)
    },
    { place },
  )
}
