// Live plots: eight channels of 100,000 samples/s on a device's page, beside bare pages that get the same messages.
import { CHANNELS, RATE, SAMPLES } from '../blocks.mjs'
import { sleep } from '../child.mjs'
import { heapOf, measure, profiled, settled, withPage } from '../measure.mjs'
import { findStreams } from '../weir-page.mjs'
import { withDevices } from '../with-devices.mjs'

const BLOCKS_PER_S = RATE / SAMPLES
const WARM_UP_MS = 8_000
/** Shown by all; the plot is that of the bare pages with the product's own axes. */
const SECONDS = 5
const PLOT = { width: 1_282, height: 600 }
const BARE = { width: 1_280, height: 700 }
const DEVICE_PAGE = { width: 1_500, height: 1_100 }

export function plotCases({ secs, minutes, dist, barePort, barePid, keepProfile }) {
  const group = 'plots'
  const bare = (mode) => ({
    group,
    name: mode,
    run: () =>
      withPage(`http://127.0.0.1:${barePort}/plot.html?mode=${mode}`, BARE, async (page) => {
        await sleep(WARM_UP_MS)
        const read = () =>
          page.evaluate(() => ({ samples: window.bare.counters.samples, draws: window.benchDraws }))
        const before = await read()
        const { seconds, figures } = await measure(page, { source: barePid }, () =>
          profiled(keepProfile, mode, page, () => sleep(secs * 1000)),
        )
        const after = await read()
        return {
          samplesPerS: (after.samples - before.samples) / seconds,
          drawsPerS: (after.draws - before.draws) / seconds,
          ...figures,
          heapMB: await heapOf(page),
        }
      }),
  })
  return [...['parse', 'naive', 'minmax'].map(bare), { group, name: 'device page', run: devicePage }]

  function devicePage() {
    return withDevices(dist, { daq: true, sensors: 0 }, { keepProfile }, ({ source, relay }) =>
      withPage(`${relay.url}/sources`, DEVICE_PAGE, async (page) => {
        await page.evaluate(chooseWindow, SECONDS * 1000)
        await page.goto(`${relay.url}/devices/bench/daq`)
        await page.until(findStreams)
        await page.until(watchesDaq)
        await source.ask({ rate: BLOCKS_PER_S })
        const plot = await page.until(plotOfSize, PLOT)
        await sleep(WARM_UP_MS)
        const window = async (name) => {
          const before = await page.evaluate(readDaq)
          const result = await measure(page, { source: source.pid, relay: relay.pid }, () =>
            profiled(keepProfile, name, page, () => sleep(secs * 1000)),
          )
          const after = await page.evaluate(readDaq)
          return {
            ...result,
            samplesPerS: (after.samples - before.samples) / result.seconds,
            drawsPerS: (after.draws - before.draws) / result.seconds,
          }
        }
        const first = await window('device page')
        const heaps = [await heapOf(page)]
        for (let half = 0; half < 2; half++) {
          await sleep(minutes * 30_000)
          heaps.push(await heapOf(page))
        }
        const [heapStartMB, heapHalfMB, heapMB] = heaps
        const last = await window('device page, later')
        await source.ask({ rate: 0 })
        const { sent, skipped } = await source.ask({ stats: true })
        await settled(async () => (await page.evaluate(readDaq)).messages, sent)
        const counted = await page.evaluate(readDaq)
        const { record } = await (await fetch(`${relay.url}/api/devices/bench/daq`)).json()
        return {
          plot,
          samplesPerS: first.samplesPerS,
          drawsPerS: first.drawsPerS,
          ...first.figures,
          minutes,
          busyPctLater: last.figures.busyPct,
          frameP95Later: last.figures.frameP95,
          heapStartMB,
          heapHalfMB,
          heapMB,
          unsentMessages: skipped,
          lostMessages: sent - record.messages,
          lostSamples: sent * SAMPLES * CHANNELS - counted.samples,
        }
      }),
    )
  }
}

/** As a person would choose it, once for the device. */
function chooseWindow(span) {
  localStorage.setItem('weir:live:bench/daq', JSON.stringify({ span }))
}

/** Makes the plot as large as that of the bare pages; its size once it is drawn so, else undefined. */
function plotOfSize({ width, height }) {
  const stage = document.querySelector('.plot-stage')
  const canvas = stage?.querySelector('canvas')
  if (!canvas) return undefined
  stage.style.cssText = `width: ${width}px; height: ${height}px`
  return canvas.width === width && canvas.height === height ? `${width} × ${height}` : undefined
}

/** True once the page watches the device. */
function watchesDaq() {
  try {
    // Its store is made by what shows it.
    window.benchDaq = window.benchStreams.topic('bench/devices/daq', () => {
      throw new Error('not watched')
    })
    return window.benchDaq.store.getState().phase === 'ready'
  } catch {
    return false
  }
}

/** What the page's store has received; points are thinned, but each says how many samples it stands for. */
function readDaq() {
  const { store } = window.benchDaq
  // Builds of before had them at the store itself.
  const { tracks } = window.benchDaq.bulk ?? window.benchDaq
  let samples = 0
  for (const [name, track] of tracks) if (name.startsWith('channels.')) samples += track.received
  return { samples, messages: store.getState().record.messages, draws: window.benchDraws }
}
