// 200 streams, 48 tasks on screen: the Tasks grid and the wall, beside bars that stand still (`idle`) and bars fed
// by one array per 16 ms and drawn once per frame (`batch`).
import { sleep, startHelper, startRelay } from '../child.mjs'
import { heapOf, measure, quantile, settled, withPage } from '../measure.mjs'
import { findStreams, readListStore, readTaskStores, sampleAge, takeAges, wallPath } from '../weir-page.mjs'

const TASKS = 200
const WARM_UP_MS = 3_000
/** Seven columns of seven cards; four columns of twelve panels of three rows. */
const GRID = { width: 2_500, height: 1_330 }
const WALL = { width: 2_320, height: 2_250 }
const ids = Array.from({ length: TASKS }, (_, i) => `t${String(i).padStart(3, '0')}`)

export function streamCases({ secs, rates, dist, barePort, barePid, keepProfile }) {
  const bare = (name, mode, size, rate) => ({
    group: 'streams',
    name,
    run: () =>
      withPage(
        `http://127.0.0.1:${barePort}/bars.html?mode=${mode}&rate=${rate}&streams=${TASKS}`,
        size,
        async (page) => {
          await sleep(WARM_UP_MS)
          await page.evaluate(sampleAge, '.bar:nth-child(8) .message')
          const read = () => page.evaluate(() => window.bare.counters.events)
          const result = await measure(page, { source: barePid }, async () => {
            const before = await read()
            await sleep(secs * 1000)
            return (await read()) - before
          })
          return {
            eventsPerS: result.value / result.seconds,
            ...result.figures,
            ageP95: quantile(await page.evaluate(takeAges), 0.95),
            heapMB: await heapOf(page),
          }
        },
      ),
  })

  const weir = (name, path, size, rate, readStores, selector) => ({
    group: 'streams',
    name,
    run: async () => {
      const source = startHelper(new URL('../source.mjs', import.meta.url))
      const { ready } = await source.ask({ tasks: TASKS })
      const relay = await startRelay(dist, ready, { keepProfile })
      try {
        return await withPage(relay.url + path, size, async (page) => {
          await page.until(findStreams)
          const read = () => page.evaluate(readStores, ids)
          await page.until(allStreamsOpen, null, 60_000)
          await source.ask({ rate })
          await sleep(WARM_UP_MS)
          await page.evaluate(sampleAge, selector)
          const shown = await page.evaluate(countOnScreen)
          const before = await read()
          const sentBefore = await source.ask({ stats: true })
          const window = () => sleep(secs * 1000)
          const result = await measure(page, { source: source.pid, relay: relay.pid }, () =>
            keepProfile ? keepProfile.page(name, page, window) : window(),
          )
          const sentAfter = await source.ask({ stats: true })
          const after = await read()
          const ages = await page.evaluate(takeAges)
          await source.ask({ rate: 0 })
          const { sent, skipped } = await source.ask({ stats: true })
          const { count: events, seconds } = await settled(async () => (await read()).events, sent)
          return {
            onScreen: shown,
            offeredPerS: ((sentAfter.sent - sentBefore.sent) * 1000) / (sentAfter.at - sentBefore.at),
            eventsPerS: (after.events - before.events) / result.seconds,
            lostEvents: sent - events,
            unsentEvents: skipped,
            snapshots: (after.restarts ?? 0) - (before.restarts ?? 0),
            gaps: after.gaps,
            missingLines: after.missingLines,
            countedPerS: (after.counted - before.counted) / result.seconds,
            messagesPerS: (after.messages - before.messages) / result.seconds,
            ...result.figures,
            behindMs: seconds * 1000,
            ageP95: quantile(ages, 0.95),
            heapMB: await heapOf(page),
          }
        })
      } finally {
        await relay.stop()
        source.stop()
      }
    },
  })

  return [
    bare('idle', 'idle', GRID, 0),
    ...rates.flatMap((rate) => [
      bare(`batch @ ${rate / 1000}k`, 'batch', GRID, rate),
      weir(`grid @ ${rate / 1000}k`, '/', GRID, rate, readListStore, '[data-key]'),
      weir(
        `wall @ ${rate / 1000}k`,
        wallPath(ids, 'progress', 3),
        WALL,
        rate,
        readTaskStores,
        '[data-panel]',
      ),
    ]),
  ]
}

function allStreamsOpen() {
  let open = 0
  const { items } = window.benchStreams.list('tasks').store.getState()
  for (const task of items.values()) if (task.stream.name === 'open') open += 1
  return open >= 200
}

function countOnScreen() {
  let count = 0
  for (const element of document.querySelectorAll('[data-key], [data-panel]')) {
    const { top, bottom } = element.getBoundingClientRect()
    if (top >= 0 && bottom <= innerHeight + 1) count += 1
  }
  return count
}
