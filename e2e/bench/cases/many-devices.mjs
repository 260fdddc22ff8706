// 24 devices that each send a number ten times a second: a plot of each on one page, and the devices page with a card of
// each; beside the same pages while the devices are silent.
import { sleep } from '../child.mjs'
import { measure, profiled, settled, withPage } from '../measure.mjs'
import { findStreams } from '../weir-page.mjs'
import { withDevices } from '../with-devices.mjs'

const DEVICES = 24
const RATE = 10
const FILL_MS = 10_000
const SETTLE_MS = 2_000
const SIZE = { width: 1_920, height: 1_200 }

export function manyDevicesCases({ secs, dist, barePort, keepProfile }) {
  const bareOrigin = `http://127.0.0.1:${barePort}`
  const views = [
    {
      name: 'plots',
      url: (relay, ids, how) =>
        `${bareOrigin}/many-plots.html?relay=${relay.url}&ids=${ids.join(',')}${how === 'live' ? '' : '&still'}`,
      isReady: () => window.bare?.ready(),
    },
    { name: 'devices page', url: (relay) => `${relay.url}/devices`, isReady: findStreams },
  ]
  return views.flatMap((view) =>
    ['silent', 'live'].map((how) => {
      const name = `${view.name}, ${how}`
      const window = (page) => profiled(keepProfile, name, page, () => sleep(secs * 1000))
      return {
        group: `plots: ${DEVICES} devices at ${RATE} Hz`,
        name,
        run: () =>
          withDevices(
            dist,
            { daq: false, sensors: DEVICES },
            { args: ['--allow-origin', bareOrigin], keepProfile },
            ({ source, relay, ids }) =>
              withPage(view.url(relay, ids, how), SIZE, (page) =>
                draw(page, view, how === 'live', { source, relay, ids }, window),
              ),
          ),
      }
    }),
  )
}

async function draw(page, { isReady }, live, { source, relay, ids }, window) {
  await page.until(isReady)
  await source.ask({ rate: RATE })
  await sleep(FILL_MS)
  // Both show the same; in one nothing comes any more.
  if (!live) await source.ask({ rate: 0 })
  await sleep(SETTLE_MS)
  const draws = () => page.evaluate(() => window.benchDraws)
  const before = await draws()
  const result = await measure(page, { relay: relay.pid }, () => window(page))
  const drawn = (await draws()) - before
  await source.ask({ rate: 0 })
  const { sent } = await source.ask({ stats: true })
  const { count } = await settled(() => received(relay, ids), sent)
  return {
    plots: await page.evaluate(plotsOnScreen),
    drawsPerS: drawn / result.seconds,
    ...result.figures,
    lostMessages: sent - count,
  }
}

function plotsOnScreen() {
  return [...document.querySelectorAll('canvas')].filter((canvas) => {
    const { top, bottom, height } = canvas.getBoundingClientRect()
    return height > 0 && top >= 0 && bottom <= innerHeight + 1
  }).length
}

/** Messages that the relay counted of all devices. */
async function received(relay, ids) {
  const records = ids.map(async (id) => (await fetch(`${relay.url}/api/devices/bench/${id}`)).json())
  return (await Promise.all(records)).reduce((sum, { record }) => sum + record.messages, 0)
}
