// A plot that holds a day of ten readings a second, panned and zoomed by a mouse, beside uPlot given all points.
import { sleep } from '../child.mjs'
import { measure, profiled, withPage } from '../measure.mjs'

const SIZE = { width: 1_320, height: 700 }
const EVENT_MS = 8
const LEVELS = 3
const AT = { x: 640, y: 300 }

export function historyCases({ secs, barePort, keepProfile }) {
  return ['weir', 'uplot'].map((mode) => ({
    group: 'plots: a day at 10 Hz',
    name: mode === 'weir' ? 'plot' : 'uPlot, all points',
    run: () =>
      withPage(`http://127.0.0.1:${barePort}/history.html?mode=${mode}`, SIZE, async (page) => {
        await page.until(() => window.bare && document.querySelector('canvas') !== null)
        await page.evaluate(countViews)
        const result = await measure(page, {}, () =>
          profiled(keepProfile, `day ${mode}`, page, () => steer(page, secs * 1000)),
        )
        const { views, points } = await page.evaluate(() => ({
          views: window.benchViews,
          points: window.bare.points(),
        }))
        return { points, viewsPerS: views / result.seconds, ...result.figures }
      }),
  }))
}

/** Counts the frames in which the view had changed. */
function countViews() {
  window.benchViews = 0
  let last = window.bare.view()
  const frame = () => {
    const view = window.bare.view()
    if (view !== last) window.benchViews += 1
    last = view
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

/**
 * Real input: zooms in and out by wheel, pans by wheel and by drag, at hours, at minutes and at seconds in view. Events
 * come faster than frames; the browser makes one of those of a frame.
 */
async function steer(page, ms) {
  const end = Date.now() + ms
  const sent = []
  const mouse = async (type, more) => {
    if (Date.now() > end) return
    sent.push(page.send('Input.dispatchMouseEvent', { type, ...AT, ...more }))
    await sleep(EVENT_MS)
  }
  const wheel = async (count, deltaX, deltaY) => {
    for (let k = 0; k < count; k++) await mouse('mouseWheel', { deltaX, deltaY })
  }
  const drag = async () => {
    await mouse('mousePressed', { button: 'left', clickCount: 1 })
    for (let k = 0; k < 120; k++)
      await mouse('mouseMoved', { x: AT.x + 300 - Math.abs(k - 60) * 5, button: 'left', buttons: 1 })
    await mouse('mouseReleased', { button: 'left', clickCount: 1 })
  }
  await mouse('mouseMoved', { x: AT.x - 5 })
  await mouse('mouseMoved', {})
  while (Date.now() < end) {
    for (let level = 0; level < LEVELS; level++) {
      await wheel(60, 0, -15)
      await wheel(60, 15, 0)
      await wheel(60, -15, 0)
      await drag()
    }
    await wheel(60 * LEVELS, 0, 15)
  }
  await Promise.all(sent)
}
