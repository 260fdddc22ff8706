import { RouterProvider } from '@tanstack/react-router'
import { isWhole } from '#lib/lazy-module.ts'
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

// For scripts and benchmarks: what the page received so far, and whether all parts of it are here.
Object.assign(globalThis, { __weir: { counters: streams.counters, isWhole } })

/** Opens the page's connection; before that nothing is asked of the relay. */
export function connect(): Promise<void> {
  return connectStreams(streams)
}

export function App() {
  return (
    <StreamsProvider streams={streams}>
      <WeirProvider client={client}>
        <RouterProvider router={router} />
      </WeirProvider>
    </StreamsProvider>
  )
}
