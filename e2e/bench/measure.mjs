// Opens a page in a fresh browser and measures it from outside and, for frames, from inside.
import { browserPath } from '../../src/tooling/browser.mjs'
import { sleep } from './child.mjs'
import { openBrowser } from './cdp.mjs'
import { measureCpu } from './machine.mjs'

/** So long without anything new means that nothing more comes. */
const QUIET_MS = 4_000

/** Injected before the page's own code: how many event streams it opens, and how often it draws a canvas anew. */
function countUses() {
  window.benchOpened = 0
  window.benchDraws = 0
  const { prototype } = window.CanvasRenderingContext2D
  const { clearRect } = prototype
  prototype.clearRect = function (...args) {
    window.benchDraws += 1
    return clearRect.apply(this, args)
  }
  window.EventSource = class extends window.EventSource {
    constructor(...args) {
      super(...args)
      window.benchOpened += 1
    }
  }
}

/** Injected before the page's own code: intervals between frames and long tasks, while asked for. */
function watchFrames() {
  let watch = { frames: [], long: [], on: false }
  window.benchWatch = {
    begin() {
      const own = { frames: [], long: [], on: true }
      watch = own
      let last = performance.now()
      const frame = () => {
        if (!own.on) return
        const now = performance.now()
        own.frames.push(now - last)
        last = now
        requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
    },
    end() {
      watch.on = false
      return { frames: watch.frames, long: watch.long }
    },
  }
  new PerformanceObserver((list) => {
    if (watch.on) for (const entry of list.getEntries()) watch.long.push(entry.duration)
  }).observe({ type: 'longtask' })
}

export function quantile(values, p) {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]
}

/** Chromium's own counters of the page; TaskDuration is the main thread's busy time in seconds. */
export async function metricsOf(page) {
  const { metrics } = await page.send('Performance.getMetrics')
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}

/** What stays after two collections: the heap with its array buffers, MB. */
export async function heapOf(page) {
  await page.send('HeapProfiler.collectGarbage')
  await page.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize = 0 } = await page.send('Runtime.getHeapUsage')
  return (usedSize + backingStorageSize) / 1e6
}

/** Runs `during` and says what the page and the processes did meanwhile. */
export async function measure(page, pids, during) {
  const endCpu = measureCpu(pids)
  await page.evaluate(() => window.benchWatch.begin())
  const before = await metricsOf(page)
  const value = await during()
  const after = await metricsOf(page)
  const { frames, long } = await page.evaluate(() => window.benchWatch.end())
  const { named, others, ours } = endCpu()
  const seconds = after.Timestamp - before.Timestamp
  const busy = (name) => ((after[name] - before[name]) / seconds) * 100
  return {
    value,
    seconds,
    figures: {
      fps: frames.length / seconds,
      frameP50: quantile(frames, 0.5),
      frameP95: quantile(frames, 0.95),
      frameMax: Math.max(...frames),
      busyPct: busy('TaskDuration'),
      mainCpuPct: busy('ThreadTime'),
      scriptPct: busy('ScriptDuration'),
      stylePct: busy('RecalcStyleDuration') + busy('LayoutDuration'),
      longTasks: long.length,
      ...Object.fromEntries(Object.entries(named).map(([name, percent]) => [`${name}CpuPct`, percent])),
      allCpuPct: ours,
      othersCpuPct: others,
    },
  }
}

/** A fresh browser showing `url`; gone when `visit` is done. */
export async function withPage(url, size, visit) {
  const browser = await openBrowser(browserPath(), size)
  try {
    await browser.page.inject(watchFrames)
    await browser.page.inject(countUses)
    await browser.page.goto(url)
    const figures = await visit(browser.page)
    const errors = [...new Set(browser.page.errors)]
    return { ...figures, ...(errors.length > 0 ? { errors: errors.slice(0, 3).join('; ') } : {}) }
  } finally {
    await browser.close()
  }
}

/**
 * Reads a count until it has reached `wanted`, or nothing more comes.
 * @returns the last one, and the seconds until it was read
 */
export async function settled(read, wanted) {
  const begun = performance.now()
  let at = begun
  let count = await read()
  while (count < wanted && performance.now() - at < QUIET_MS) {
    await sleep(100)
    const now = await read()
    if (now !== count) at = performance.now()
    count = now
  }
  return { count, seconds: (at - begun) / 1000 }
}

/** Runs `during`, under a profile when profiles are kept. */
export function profiled(keepProfile, name, page, during) {
  return keepProfile ? keepProfile.page(name, page, during) : during()
}

/** Records a CPU profile of the page while `during` runs. */
export async function profile(page, during) {
  await page.send('Profiler.enable')
  await page.send('Profiler.setSamplingInterval', { interval: 200 })
  await page.send('Profiler.start')
  await during()
  const { profile: recorded } = await page.send('Profiler.stop')
  return recorded
}
