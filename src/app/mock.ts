import { http } from 'msw'
import { setupWorker } from 'msw/browser'
import { createLabDaemon } from '#emulator/labdaemon/index.ts'
import { inProcess } from '#relay/in-process.ts'
import { createRelay } from '#relay/relay.ts'

/**
 * The relay and an emulated lab inside the page, reached through a service worker: the same code as with a
 * server, for development and for a static demo. What it remembers lives as long as the page.
 */
export async function startMock(): Promise<void> {
  const lab = createLabDaemon({ preset: 'demo' })
  const relay = createRelay({
    version: __WEIR_VERSION__,
    sources: [
      {
        name: 'lab',
        kind: 'labdaemon',
        url: 'http://lab.embedded',
        fetch: inProcess((request) => lab.fetch(request)),
        embedded: true,
      },
    ],
  })
  relay.start()
  const worker = setupWorker(http.all('*/api/*', ({ request }) => relay.fetch(request)))
  await worker.start({
    quiet: true,
    onUnhandledRequest: 'bypass',
    serviceWorker: { url: `${import.meta.env.BASE_URL}mockServiceWorker.js` },
  })
}
