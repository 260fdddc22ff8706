// One more line in the long log of a run, which the service sends whole each time: what it costs the page with the log
// open, beside a page that decodes and renders the whole log with each.
import { sleep } from '../child.mjs'
import { measure, metricsOf, profiled, withPage } from '../measure.mjs'
import { findStreams } from '../weir-page.mjs'
import { withInference } from '../with-inference.mjs'

const LINES = 50_000
const LINES_PER_S = 4
/** The whole log takes its page most of a second each. */
const BARE_LINES = 6
const WARM_UP_MS = 3_000
const SIZE = { width: 1_280, height: 1_160 }

export function longLogCases({ secs, dist, barePort, keepProfile }) {
  const group = 'runs: a line more at 50,000'
  return [
    { group, name: 'log panel', run: () => panel(dist, secs, keepProfile) },
    { group, name: 'decode and render all', run: () => bare(barePort) },
  ]
}

function panel(dist, secs, keepProfile) {
  return withInference(dist, LINES, { keepProfile }, async (source, relay) => {
    const { ids } = await source.ask({ stats: true })
    return withPage(`${relay.url}/tasks/bench/${ids[0]}?tab=log`, SIZE, async (page) => {
      await page.until(findStreams)
      await page.until(logShows, { id: ids[0], lines: LINES })
      await sleep(WARM_UP_MS)
      const idle = await measure(page, {}, () => sleep(secs * 1000))
      const count = secs * LINES_PER_S
      const busy = await measure(page, { relay: relay.pid }, () =>
        profiled(keepProfile, 'log panel', page, async () => {
          for (let k = 0; k < count; k++) {
            await source.ask({ more: true })
            await sleep(1000 / LINES_PER_S)
          }
        }),
      )
      await page.until(logShows, { id: ids[0], lines: LINES + count })
      const perLine = (figure) =>
        (busy.figures[figure] * busy.seconds - idle.figures[figure] * busy.seconds) / (count / 10)
      const { fps, frameP95, longTasks, relayCpuPct, othersCpuPct } = busy.figures
      return {
        lines: count,
        busyMsPerLine: perLine('busyPct'),
        cpuMsPerLine: perLine('mainCpuPct'),
        fps,
        frameP95,
        longTasks,
        relayCpuPct,
        othersCpuPct,
      }
    })
  })
}

/** True when the log has so many lines and its end is on screen. */
function logShows({ id, lines }) {
  const log = window.benchLog(id)
  const step = `step=${String(lines - 1).padStart(7, '0')}`
  return log?.total >= lines && document.querySelector('[role=log]')?.textContent.includes(step)
}

function bare(barePort) {
  return withPage(`http://127.0.0.1:${barePort}/whole-log.html`, SIZE, async (page) => {
    await page.until(() => window.bare !== undefined)
    const show = (lines) => page.evaluate((lines) => window.bare.show(lines), lines)
    await show(LINES)
    await sleep(WARM_UP_MS)
    const before = await metricsOf(page)
    const { figures } = await measure(page, {}, async () => {
      for (let k = 1; k <= BARE_LINES; k++) await show(LINES + k)
    })
    const after = await metricsOf(page)
    const perLine = (name) => ((after[name] - before[name]) * 1000) / BARE_LINES
    const { fps, frameP95, longTasks, othersCpuPct } = figures
    return {
      lines: BARE_LINES,
      busyMsPerLine: perLine('TaskDuration'),
      cpuMsPerLine: perLine('ThreadTime'),
      fps,
      frameP95,
      longTasks,
      othersCpuPct,
    }
  })
}
