import { onlineManager, QueryClient, QueryClientProvider, QueryObserver } from '@tanstack/react-query'
import type { ComponentType, ReactNode } from 'react'
import { getAnswering, subscribeAnswering } from '#lib/answering.ts'

/** What screens ask the relay for once. What was read stays, whatever becomes of the next read. */
const queries = new QueryClient({
  defaultOptions: {
    // A refusal is an answer: it is shown, not asked for again. Streams tell when something changes.
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: 5_000 },
    // A command is sent now or not at all: none waits for the relay to come back.
    mutations: { retry: false, networkMode: 'always' },
  },
})

// While the relay is away nothing is asked of it; what is missing is read as soon as it is back.
onlineManager.setEventListener((setOnline) => {
  setOnline(getAnswering())
  return subscribeAnswering(() => {
    setOnline(getAnswering())
  })
})

// And what was read before is not let go of meanwhile.
const held: (() => void)[] = []
subscribeAnswering(() => {
  if (getAnswering()) for (const letGo of held.splice(0)) letGo()
  else
    for (const { queryKey } of queries.getQueryCache().getAll())
      held.push(new QueryObserver(queries, { queryKey, enabled: false }).subscribe(() => undefined))
})

/** A screen or dialog that reads with queries. All share one cache, which loads with the first of them. */
export function withQueries<P extends object>(Screen: ComponentType<P>): (props: P) => ReactNode {
  return function WithQueries(props: P) {
    return (
      <QueryClientProvider client={queries}>
        <Screen {...props} />
      </QueryClientProvider>
    )
  }
}
