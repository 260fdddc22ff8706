import type { ComponentType } from 'react'
import { lazyPart } from '#ui/lazy-part.tsx'

/** A screen, a dialog or a part that reads with queries: these load with the first of them. */
export function lazyWithQueries<P extends object>(
  place: 'screen' | 'over' | 'line',
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
