import { http } from 'msw'
import { setupWorker } from 'msw/browser'
import { createEmbedded } from '#emulator/embedded.ts'
import { realClock, type Clock } from '#lib/clock.ts'
import { createRelay } from '#relay/relay.ts'

/**
 * The relay, an emulated lab and cloud inside the page, reached through a service worker: the same code as with a
 * server, for development and for a static demo. What it remembers lives as long as the page.
 */
export async function startMock(): Promise<void> {
  // In a page nobody can tell a clock that was set from a computer that slept; demos are mostly slept through.
  const clock: Clock = { ...realClock, slept: () => realClock.now() - realClock.monotonic() }
  const relay = createRelay({ version: __WEIR_VERSION__, sources: createEmbedded().sources, clock })
  void relay.start()
  // The page may live in a folder; the relay's API begins at its root.
  const worker = setupWorker(
    http.all('*/api/*', ({ request }) => {
      const { origin, pathname, search } = new URL(request.url)
      return relay.fetch(new Request(origin + pathname.slice(pathname.indexOf('/api/')) + search, request))
    }),
  )
  await worker.start({
    quiet: true,
    onUnhandledRequest: 'bypass',
    serviceWorker: { url: `${import.meta.env.BASE_URL}mockServiceWorker.js` },
  })
}
