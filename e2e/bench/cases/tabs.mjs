// Twenty tabs of one browser: what they cost beside one, and how soon each is live.
import { browserPath } from '../../../src/tooling/browser.mjs'
import { openBrowser } from '../cdp.mjs'
import { sleep, startHelper, startRelay } from '../child.mjs'
import { bytesWritten, connectionsAt, cpuOfThreads, measureCpu } from '../machine.mjs'
import { quantile } from '../measure.mjs'

const TASKS = 48
const RATE = 5_000
const SIZE = { width: 1_280, height: 800 }
const WARM_UP_MS = 3_000
const HIDDEN_MS = 5_000
const REQUESTS = 20
/** The relay closes a connection that no request used for a minute. */
const IDLE_MS = 65_000
/** As Chromium names the thread in /proc, cut by the kernel. */
const WORKER_THREAD = 'SharedWorker'

export function tabCases({ secs, dist }) {
  return [
    ['one', 1],
    ['twenty', 20],
  ].map(([name, count]) => ({ group: 'tabs', name, run: () => withTabs(count, secs, dist) }))
}

async function withTabs(count, secs, dist) {
  const source = startHelper(new URL('../source.mjs', import.meta.url))
  const { ready } = await source.ask({ tasks: TASKS })
  const relay = await startRelay(dist, ready)
  const browser = await openBrowser(browserPath(), SIZE)
  try {
    await source.ask({ rate: RATE })
    const live = []
    let tab = browser.page
    for (let n = 0; n < count; n++) {
      if (n > 0) {
        await tab.evaluate(setShown, false)
        tab = await browser.newPage()
      }
      await tab.inject(controlVisibility)
      live.push(await untilLive(tab, relay.url))
    }
    await sleep(WARM_UP_MS)
    const requests = await tab.evaluate(timeRequests, REQUESTS)

    const end = measureCpu({ relay: relay.pid })
    const worker = cpuOfThreads(WORKER_THREAD)
    const bytes = bytesWritten(relay.pid)
    await sleep(secs * 1000)
    const { seconds, named, others } = end()
    const figures = {
      relayCpuPct: named.relay,
      workerCpuPct: ((cpuOfThreads(WORKER_THREAD) - worker) / seconds) * 100,
      relayKBPerS: (bytesWritten(relay.pid) - bytes) / seconds / 1000,
      othersCpuPct: others,
    }

    await tab.evaluate(setShown, false)
    await sleep(HIDDEN_MS)
    const shownAgainMs = await tab.evaluate(showAgain)
    await sleep(IDLE_MS)
    return {
      eventStreams: connectionsAt(new URL(relay.url).port),
      liveFirstMs: live[0],
      ...(count > 1 ? { liveSecondMs: live[1], liveLastMs: live.at(-1) } : {}),
      requestP50: quantile(requests, 0.5),
      requestMax: Math.max(...requests),
      ...figures,
      shownAgainMs,
    }
  } finally {
    await browser.close()
    await relay.stop()
    source.stop()
  }
}

/** Milliseconds from the navigation until a card shows what was sent after it. */
async function untilLive(tab, url) {
  const begun = Date.now()
  await tab.goto(`${url}/`)
  const at = await tab.evaluate(untilShownSince, begun)
  return at - begun
}

/** Injected before the page's own code: a headless browser has no tab that is hidden. */
function controlVisibility() {
  window.benchShown = true
  Object.defineProperty(document, 'hidden', { get: () => !window.benchShown })
  Object.defineProperty(document, 'visibilityState', {
    get: () => (window.benchShown ? 'visible' : 'hidden'),
  })
  window.benchUntil = (since) =>
    new Promise((resolve) => {
      const look = () => {
        const text = document.querySelector('main')?.textContent ?? ''
        for (const [, t] of text.matchAll(/t=(\d{13})/g)) if (Number(t) >= since) return resolve(Date.now())
        setTimeout(look, 10)
      }
      look()
    })
}

function setShown(shown) {
  window.benchShown = shown
  document.dispatchEvent(new Event('visibilitychange'))
}

function untilShownSince(since) {
  return window.benchUntil(since)
}

async function showAgain() {
  const begun = Date.now()
  window.benchShown = true
  document.dispatchEvent(new Event('visibilitychange'))
  return (await window.benchUntil(begun)) - begun
}

async function timeRequests(count) {
  const times = []
  for (let n = 0; n < count; n++) {
    const begun = performance.now()
    await (await fetch('/api/health')).text()
    times.push(performance.now() - begun)
  }
  return times
}
