import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { rememberSession } from '#panels/task/own-sessions.ts'
import { WeirClient } from '#protocols/weir/client.ts'
import { StreamsProvider } from '#streams/react.tsx'
import { Streams } from '#streams/streams.ts'
import { WeirProvider } from '#streams/weir-client.tsx'
import { basePath, createAppRouter } from './router.tsx'

const streams = new Streams({ base: basePath, version: __WEIR_VERSION__ })
const client = new WeirClient(basePath, streams.session)
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
export function connect(): void {
  rememberSession(streams.session)
  streams.open()
  addEventListener('online', () => {
    streams.wake()
  })
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) streams.wake()
  })
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
