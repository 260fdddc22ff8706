// 24 devices that each send a number ten times a second, all drawn on one page, beside the same page while they are
// silent.
import { sleep } from '../child.mjs'
import { measure, profiled, withPage } from '../measure.mjs'
import { findStreams } from '../weir-page.mjs'
import { withDevices } from '../with-devices.mjs'

const DEVICES = 24
const RATE = 10
const FILL_MS = 8_000
const SETTLE_MS = 2_000
const QUIET_MS = 5_000
const PAGES = [{ name: 'devices page', path: () => '/devices', size: { width: 1_920, height: 1_200 } }]

export function manyDevicesCases({ secs, dist, keepProfile }) {
  return PAGES.flatMap(({ name, path, size }) =>
    ['silent', 'live'].map((how) => ({
      group: `plots: ${DEVICES} devices at ${RATE} Hz`,
      name: `${name}, ${how}`,
      run: () =>
        withDevices(dist, { daq: false, sensors: DEVICES }, [], ({ source, relay, ids }) =>
          withPage(relay.url + path(ids), size, async (page) => {
            await page.until(findStreams)
            // Both show the same; in one nothing moves any more.
            await source.ask({ rate: RATE })
            await sleep(FILL_MS)
            if (how === 'silent') await source.ask({ rate: 0 })
            await sleep(SETTLE_MS)
            const draws = () => page.evaluate(() => window.benchDraws)
            const before = await draws()
            const result = await measure(page, { relay: relay.pid }, () =>
              profiled(keepProfile, name, page, () => sleep(secs * 1000)),
            )
            const drawn = (await draws()) - before
            await source.ask({ rate: 0 })
            const { sent } = await source.ask({ stats: true })
            return {
              plots: await page.evaluate(plotsOnScreen),
              drawsPerS: drawn / result.seconds,
              lostMessages: sent - (await received(relay, ids, sent)),
              ...result.figures,
            }
          }),
        ),
    })),
  )
}

function plotsOnScreen() {
  return [...document.querySelectorAll('canvas')].filter((canvas) => {
    const { top, bottom, height } = canvas.getBoundingClientRect()
    return height > 0 && top >= 0 && bottom <= innerHeight + 1
  }).length
}

/** Messages of all devices once the relay has all, or nothing more comes. */
async function received(relay, ids, sent) {
  const read = async () => {
    const records = ids.map(async (id) => (await fetch(`${relay.url}/api/devices/bench/${id}`)).json())
    return (await Promise.all(records)).reduce((sum, { record }) => sum + record.messages, 0)
  }
  let messages = await read()
  for (let at = Date.now(); messages < sent && Date.now() - at < QUIET_MS; await sleep(100)) {
    const now = await read()
    if (now !== messages) at = Date.now()
    messages = now
  }
  return messages
}
