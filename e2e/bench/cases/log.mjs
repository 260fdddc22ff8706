// One task that says a million lines, its log open and following; beside `chunked`, the least a log can cost: with
// lines made in the page, and with lines that come over an EventSource as the panel's do.
import { sleep, startHelper, startRelay } from '../child.mjs'
import { heapOf, measure, metricsOf, withPage } from '../measure.mjs'
import { needleOf } from '../pages/log-line.js'
import { findStreams } from '../weir-page.mjs'

const RATE = 20_000
/** The panel of the task page is 720 px high in it, as the bare pane is. */
const SIZE = { width: 1_280, height: 1_160 }
const JUMPS = 300
const PART = 100_000
const SAMPLE_MS = 500

export function logCases({ lines, dist, barePort, barePid, keepProfile }) {
  const bare = (name, wire) => ({
    group: 'log',
    name,
    run: () =>
      withPage(`http://127.0.0.1:${barePort}/log.html`, SIZE, async (page) => {
        await page.until(() => window.bare !== undefined)
        const fed = await follow(page, { source: barePid }, lines, {
          start: () => page.evaluate((arg) => window.bare.start(arg), { total: lines, rate: RATE, wire }),
          count: () => page.evaluate(() => window.bare.lines()),
        })
        const jumped = await jumps(
          page,
          lines,
          (line) => window.bare.jump(line),
          () => window.bare.topText(),
        )
        const search = await page.evaluate(searchBare)
        return { ...fed, ...jumped, ...search, needleRight: search.foundAt === needleOf(lines) ? 1 : 0 }
      }),
  })

  const panel = {
    group: 'log',
    name: 'log panel',
    run: async () => {
      const source = startHelper(new URL('../source.mjs', import.meta.url))
      const { ready } = await source.ask({ tasks: 1, lines, burstMs: 16 })
      const relay = await startRelay(dist, ready)
      try {
        return await withPage(`${relay.url}/tasks/bench/t000?tab=log`, SIZE, async (page) => {
          await page.until(findStreams)
          await page.until(() => window.benchLog('t000')?.total > 0)
          await page.until(() => document.querySelector('[role=log]') !== null)
          let profiling = Promise.resolve()
          const fed = await follow(page, { source: source.pid, relay: relay.pid }, lines, {
            start: async () => {
              await source.ask({ rate: RATE, most: lines - 1 })
              if (keepProfile) profiling = keepProfile.page('log panel', page, () => sleep(5_000))
            },
            count: () => page.evaluate(() => window.benchLog('t000').total),
          })
          await profiling
          const missing = await page.evaluate(() => {
            const log = window.benchLog('t000')
            const holes = log.missing(log.first, log.total).reduce((sum, { from, to }) => sum + to - from, 0)
            return {
              missingLines: holes,
              gaps: window.benchTask('t000').store.getState().task.gapCount,
              snapshots: log.generation - 1,
            }
          })
          const jumped = await jumps(
            page,
            lines,
            (line) => {
              document.querySelector('[role=log]').scrollTop = line * 18
            },
            () => {
              const { left, top } = document.querySelector('[role=log]').getBoundingClientRect()
              const row = document.elementFromPoint(left + 300, top + 5)?.closest('.log-row')
              return row?.textContent ?? ''
            },
          )
          const one = await page.evaluate(searchPanel, { text: 'NEEDLE-7f3a', hits: 1 })
          const all = await page.evaluate(searchPanel, {
            text: 'ERROR code=17',
            hits: Math.floor(lines / 1_000),
          })
          return {
            ...fed,
            ...missing,
            ...jumped,
            searchOneMs: one.ms,
            searchAllMs: all.ms,
            needleRight:
              one.seen && one.seen.includes(`line=${String(needleOf(lines)).padStart(9, '0')}`) ? 1 : 0,
          }
        })
      } finally {
        await relay.stop()
        source.stop()
      }
    },
  }
  return [bare('chunked', false), bare('chunked, over the wire', true), panel]
}

/** Feeds all lines and tells what they cost the main thread, also of the first and of the last 100,000. */
async function follow(page, pids, lines, { start, count }) {
  const heapBefore = await heapOf(page)
  const samples = []
  const patience = (lines / RATE) * 3_000 + 10_000
  const result = await measure(page, pids, async () => {
    const sample = async () => {
      const { TaskDuration, ThreadTime } = await metricsOf(page)
      samples.push({ lines: await count(), busy: TaskDuration * 1000, cpu: ThreadTime * 1000 })
      return samples.at(-1).lines
    }
    await sample()
    await start()
    for (const end = Date.now() + patience; Date.now() < end && (await sample()) < lines;)
      await sleep(SAMPLE_MS)
  })
  await sleep(500)
  const per10k = (from, to, kind) => {
    const a = samples.find((sample) => sample.lines >= from) ?? samples.at(-1)
    const b = samples.find((sample) => sample.lines >= to) ?? samples.at(-1)
    return ((b[kind] - a[kind]) / (b.lines - a.lines)) * 10_000
  }
  const warm = Math.min(PART / 5, lines / 10)
  const part = Math.min(PART, lines / 3)
  const { figures } = result
  return {
    lines: samples.at(-1).lines,
    seconds: result.seconds,
    busyMsPer10k: per10k(0, lines, 'busy'),
    busyMsPer10kFirst: per10k(warm, warm + part, 'busy'),
    busyMsPer10kLast: per10k(lines - part, lines, 'busy'),
    cpuMsPer10k: per10k(0, lines, 'cpu'),
    cpuMsPer10kFirst: per10k(warm, warm + part, 'cpu'),
    cpuMsPer10kLast: per10k(lines - part, lines, 'cpu'),
    ...figures,
    heapMB: await heapOf(page),
    heapBeforeMB: heapBefore,
  }
}

async function jumps(page, lines, jump, topText) {
  await page.evaluate(`() => { window.benchJump = ${jump}; window.benchTop = ${topText} }`)
  const result = await measure(page, {}, () => page.evaluate(jumpAround, { lines, count: JUMPS }))
  const { frameP50, frameP95, busyPct } = result.figures
  return { jumpP50: frameP50, jumpP95: frameP95, jumpBusyPct: busyPct, jumpsWrong: result.value.wrong }
}

/** Jumps to lines all over the log, one per frame; looks at each tenth a frame later. */
async function jumpAround({ lines, count }) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  let seed = 12_345
  let wrong = 0
  for (let k = 0; k < count; k++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    const line = seed % (lines - 100)
    window.benchJump(line)
    await frame()
    if (k % 10 > 0) continue
    await frame()
    const shown = Number(/line=(\d+)/.exec(window.benchTop())?.[1] ?? -1)
    if (Math.abs(shown - line) > 2) wrong += 1
  }
  return { wrong }
}

async function searchBare() {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  window.bare.jump(0)
  await frame()
  await frame()
  const a = performance.now()
  const foundAt = window.bare.findOne('NEEDLE-7f3a')
  const b = performance.now()
  window.bare.countAll('ERROR code=17')
  const c = performance.now()
  return { searchOneMs: b - a, searchAllMs: c - b, foundAt }
}

/** Types into the panel's search field and waits until it says that all hits are found. */
async function searchPanel({ text, hits }) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const input = document.querySelector('[aria-label="Search log"]')
  const type = (value) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, value)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }
  type('')
  document.querySelector('[role=log]').scrollTop = 0
  for (let k = 0; k < 10; k++) await frame()
  const wanted = new RegExp(`(^|of )${hits.toLocaleString('en')}( hit\\w*)?$`)
  const said = () => document.querySelector('.log-count')?.textContent ?? ''
  // Time between turns of the page is no cost of the search: a message asks for the next turn at once.
  const channel = new MessageChannel()
  let turn
  channel.port1.onmessage = () => turn()
  const begun = performance.now()
  type(text)
  for (;;) {
    if (wanted.test(said()) || performance.now() - begun > 20_000) break
    await new Promise((resolve) => {
      turn = resolve
      channel.port2.postMessage(null)
    })
  }
  const ms = performance.now() - begun
  const what = said()
  for (let k = 0; k < 4; k++) await frame()
  const seen = document.querySelector('.log-current')?.textContent ?? ''
  return { ms, what, seen }
}
