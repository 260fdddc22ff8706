import { setAnswering } from '#lib/answering.ts'
import { LazyModule, untilLoaded } from '#lib/lazy-module.ts'
import { realClock } from '#lib/clock.ts'
import type { Connection } from '#streams/connection.ts'
import type { Streams } from '#streams/streams.ts'
import { WorkerConnection } from '#streams/worker-connection.ts'

const ownConnection = new LazyModule(async () => (await import('#streams/own-connection.ts')).OwnConnection)

/** Opens the page's connection; before that nothing is asked of the relay. */
export async function connect(streams: Streams): Promise<void> {
  addEventListener('online', () => {
    streams.wake()
  })
  document.addEventListener('visibilitychange', () => {
    streams.setShown(!document.hidden)
    if (!document.hidden) streams.wake()
  })
  addEventListener('pagehide', () => {
    streams.pause()
  })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) streams.wake()
  })
  streams.connection.subscribe(({ name }) => {
    setAnswering(name === 'open' || name === 'connecting')
  })
  streams.open(await connectionFor(streams))
  streams.setShown(!document.hidden)
}

/**
 * One connection for all tabs of this browser where there are shared workers; else one of the page's own, as
 * where the relay lives in the page's service worker.
 */
async function connectionFor({ base, session }: Streams): Promise<Connection> {
  const own = async (after: string, isMocked = false) => {
    const OwnConnection = await untilLoaded(ownConnection)
    return new OwnConnection({ base, clock: realClock, session, after, isShared: !isMocked })
  }
  // A constant of the build: elsewhere neither the branch nor what it imports exists.
  if (import.meta.env.MODE === 'mock' || import.meta.env.MODE === 'demo') return own('', true)
  if (typeof SharedWorker === 'undefined') return own('')
  return new WorkerConnection({
    clock: realClock,
    session,
    own,
    connect: (failed) => {
      const worker = new SharedWorker(new URL('../streams/browser-worker.ts', import.meta.url), {
        type: 'module',
        name: 'weir',
      })
      worker.onerror = failed
      return worker.port
    },
    lock: (name, held) => {
      const end = new AbortController()
      // Absent on plain HTTP. Released when the page lets go of it, and by the browser however the page ends.
      void navigator.locks
        ?.request(name, { signal: end.signal }, () => {
          held()
          return new Promise<void>((resolve) => {
            end.signal.addEventListener('abort', () => {
              resolve()
            })
          })
        })
        .catch(() => undefined)
      return {
        release: () => {
          end.abort()
        },
      }
    },
  })
}
