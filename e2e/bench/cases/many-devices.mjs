// 24 devices that each send a number ten times a second: a wall with the live data of each, and the devices page with a
// card of each; beside the same pages when all streams have been stopped.
import { sleep } from '../child.mjs'
import { measure, profiled, settled, withPage } from '../measure.mjs'
import { findStreams, wallPath } from '../weir-page.mjs'
import { stopStream, withDevices } from '../with-devices.mjs'

const DEVICES = 24
const RATE = 10
const FILL_MS = 10_000
const SETTLE_MS = 2_000
/** Six rows of four panels; the cards and some room. */
const VIEWS = [
  { name: 'wall', path: (ids) => wallPath(ids, 'device', 6), size: { width: 2_320, height: 2_400 } },
  { name: 'devices page', path: () => '/devices', size: { width: 1_920, height: 1_200 } },
]

export function manyDevicesCases({ secs, dist, keepProfile }) {
  const one = ({ path, size }, name, live) => ({
    group: `plots: ${DEVICES} devices at ${RATE} Hz`,
    name,
    run: () =>
      withDevices(dist, { daq: false, sensors: DEVICES }, { keepProfile }, (lab) =>
        withPage(lab.relay.url + path(lab.ids), size, (page) =>
          draw(page, live, lab, () => profiled(keepProfile, name, page, () => sleep(secs * 1000))),
        ),
      ),
  })
  return VIEWS.flatMap((view) => [one(view, `${view.name}, stopped`, false), one(view, view.name, true)])
}

async function draw(page, live, { source, relay, ids }, window) {
  await page.until(findStreams)
  await source.ask({ rate: RATE })
  await sleep(FILL_MS)
  // Both show the same; in one nothing comes any more.
  if (!live) {
    await source.ask({ rate: 0 })
    for (const id of ids) await stopStream(relay, id)
  }
  await sleep(SETTLE_MS)
  const draws = () => page.evaluate(() => window.benchDraws)
  const before = await draws()
  const result = await measure(page, { relay: relay.pid }, window)
  const drawn = (await draws()) - before
  const plots = await page.evaluate(plotsOnScreen)
  await source.ask({ rate: 0 })
  const { sent } = await source.ask({ stats: true })
  const { count } = await settled(() => received(relay, ids), sent)
  return {
    plots,
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
