import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ownAuthor } from '#panels/command/own-author.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { connect as connectStreams } from './connect.ts'
import { basePath, createAppRouter } from './router.tsx'

const streams = new Streams({ base: basePath, version: __WEIR_VERSION__ })
const client = new WeirClient(basePath, {
  author: ownAuthor,
  isAway: () => streams.connection.getState().name !== 'open',
})
const router = createAppRouter()
const queries = new QueryClient({
  defaultOptions: {
    // A refusal is an answer: it is shown, not asked for again. Streams tell when something changes.
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: 5_000 },
    mutations: { retry: false },
  },
})

// For scripts and benchmarks: what the page received so far.
Object.assign(globalThis, { __weir: { counters: streams.counters } })

/** Opens the page's connection; before that nothing is asked of the relay. */
export function connect(): Promise<void> {
  return connectStreams(streams)
}

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <StreamsProvider streams={streams}>
        <WeirProvider client={client}>
          <RouterProvider router={router} />
        </WeirProvider>
      </StreamsProvider>
    </QueryClientProvider>
  )
}
