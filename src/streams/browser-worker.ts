/*
 * Runs in a SharedWorker: one for all tabs and windows of a browser that have this build of the page. Another
 * build has another address, and so a worker of its own.
 */
import { realClock } from '#lib/clock.ts'
import { Carrier } from './carrier.ts'

const carrier = new Carrier({
  base: import.meta.env.BASE_URL.replace(/\/$/, ''),
  clock: realClock,
  whenFree: (lock, gone) => {
    // Given when the tab that holds it lets go of it or is no more, however it ended.
    void navigator.locks?.request(lock, gone)
  },
})

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports
  if (!port) return
  carrier.serve(port)
  // Newer browsers say when the other side is no more, also without web locks (plain HTTP).
  port.addEventListener('close', () => {
    carrier.gone(port)
  })
})
