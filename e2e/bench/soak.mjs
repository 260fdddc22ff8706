// npm run soak -- [--minutes 60] [--every 60] [--built]
// Memory and losses under a steady load: 1,000 events a second of a LabDaemon and an inference.sh, fifty logs that
// grow, three pages that show them, the record on disk in a folder of its own. Prints a line every so many seconds, and
// at the end what was lost and how memory grew.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { browserPath } from '../../src/tooling/browser.mjs'
import { openBrowser } from './cdp.mjs'
import { sleep, startHelper, startRelay } from './child.mjs'
import { memoryOf } from './machine.mjs'
import { sizeOfRecord } from './record-folder.mjs'
import { findStreams } from './weir-page.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
/** The service sends logs whole with each line: what it can send a second shrinks as they grow. */
const LAB = { tasks: 25, rate: 990, lines: 100 }
const CLOUD = { runs: 25, rate: 0.4 }
const SIZE = { width: 1_280, height: 800 }
/** For what is under way when the load ends. */
const REST_MS = 5_000
/** What the relay's memory should stay below, MB, and how much it may grow in the second half, MB a minute. */
const AIM = { memory: 350, growth: 0.2 }

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    every: { type: 'string', default: '60' },
    built: { type: 'boolean', default: false },
  },
})
const minutes = Number(flags.minutes)
const everyMs = Math.min(Number(flags.every), minutes * 15) * 1000
if (!(minutes > 0) || !(everyMs > 0)) throw new Error('--minutes and --every are numbers above 0')

if (!flags.built)
  for (const args of [[], ['--mode', 'server']])
    execFileSync('npx', ['vite', 'build', '--logLevel', 'error', ...args], { cwd: ROOT, stdio: 'inherit' })

const lab = startHelper(new URL('./source.mjs', import.meta.url))
const cloud = startHelper(new URL('./inference-source.mjs', import.meta.url))
const labPort = (await lab.ask({ tasks: LAB.tasks, lines: LAB.lines })).ready
const cloudPort = (await cloud.ask({ lines: 0 })).ready
const data = mkdtempSync(join(tmpdir(), 'weir-soak-'))
const relay = await startRelay(join(ROOT, 'dist'), labPort, {
  data,
  more: [`cloud=inference:http://127.0.0.1:${cloudPort}`],
})
const browser = await openBrowser(browserPath(), SIZE)
let lost = false
try {
  await startRuns()
  const all = await untilOpen()
  const logs = all.filter((_, i) => i % 6 === 0).map(({ source, id }) => `log:${source}/${id}:3x6`)
  const first = all.find(({ source }) => source === 'bench')
  const pages = []
  for (const path of ['/', `/wall?panels=${logs.join(',')}`, `/tasks/bench/${first.id}?tab=log`]) {
    const page = pages.length === 0 ? browser.page : await browser.newPage({ newWindow: true })
    await page.goto(relay.url + path)
    await page.until(findStreams)
    pages.push(page)
  }
  // A page out of sight draws nothing, and only collects what comes.
  for (const page of pages)
    if (await page.evaluate(() => document.hidden)) throw new Error('a page of the soak is out of sight')
  await lab.ask({ rate: LAB.rate })
  await cloud.ask({ rate: CLOUD.rate })
  console.log(`${browser.version}, Node ${process.version}, ${minutes} min`)
  console.log('  min   relay MB   record MB   pages MB (list, wall, task)   events/s   steps missed   gaps')
  const begun = Date.now()
  const memory = []
  let before = { at: begun, events: (await totals()).events }
  for (let n = 1; Date.now() - begun < minutes * 60_000; n++) {
    await sleep(Math.max(0, begun + n * everyMs - Date.now()))
    const now = { at: Date.now(), ...(await totals()) }
    const heaps = []
    for (const page of pages) heaps.push(await heapOf(page))
    const relayMb = memoryOf(relay.pid)
    memory.push({ at: now.at, relayMb, heaps })
    const perS = ((now.events - before.events) * 1000) / (now.at - before.at)
    before = now
    console.log(
      [
        ((now.at - begun) / 60_000).toFixed(1).padStart(5),
        relayMb.toFixed(1).padStart(10),
        (sizeOfRecord(data) / 1e6).toFixed(1).padStart(11),
        heaps
          .map((mb) => mb.toFixed(0).padStart(5))
          .join(' ')
          .padStart(29),
        perS.toFixed(0).padStart(10),
        String(now.missed).padStart(14),
        String(now.gaps).padStart(6),
      ].join(' '),
    )
  }
  await lab.ask({ rate: 0 })
  await cloud.ask({ rate: 0 })
  await sleep(REST_MS)
  await report(pages, memory)
} finally {
  await browser.close()
  await relay.stop()
  lab.stop()
  cloud.stop()
  rmSync(data, { recursive: true, force: true })
}
process.exit(lost ? 1 : 0)

async function api(path, body) {
  const answer = await fetch(
    `${relay.url}/api${path}`,
    body
      ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : undefined,
  )
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

function startRuns() {
  return api('/batches/cloud', {
    type: 'bench/stream',
    name: 'soak',
    concurrency: CLOUD.runs,
    inputs: Array.from({ length: CLOUD.runs }, (_, seed) => ({ seed })),
  })
}

/** The tasks, once the relay follows all of them. */
async function untilOpen() {
  for (const end = Date.now() + 60_000; ;) {
    const { tasks } = await api('/tasks')
    const open = tasks.filter(({ stream }) => stream.name === 'open')
    if (open.length === LAB.tasks + CLOUD.runs) return open
    if (Date.now() > end) throw new Error(`only ${open.length} streams were opened`)
    await sleep(200)
  }
}

async function totals() {
  const { tasks } = await api('/tasks')
  const sum = (of) => tasks.reduce((total, task) => total + of(task), 0)
  const inLab = (of) => (task) => (task.source === 'bench' ? of(task) : 0)
  return {
    // Of a run each change is a line of its log.
    events: sum((task) => (task.source === 'bench' ? task.events : task.log.total)),
    labEvents: sum(inLab((task) => task.events)),
    cloudLines: sum((task) => (task.source === 'bench' ? 0 : task.log.total)),
    missed: sum((task) => task.stepsMissed),
    gaps: sum((task) => task.gapCount),
  }
}

async function report(pages, memory) {
  const told = await totals()
  const fromLab = await lab.ask({ stats: true })
  const fromCloud = await cloud.ask({ stats: true })
  const shown = await Promise.all(pages.map((page) => page.evaluate(readTasks)))
  const losses = [
    ['events of the LabDaemon that the relay does not have', fromLab.sent - told.labEvents],
    ['events that the LabDaemon did not send, since the relay was too slow', fromLab.skipped],
    ['lines of inference.sh that the relay does not have', fromCloud.sent - told.cloudLines],
    ['steps said to be missed', told.missed],
    ['gaps', told.gaps],
    ['streams opened again', fromLab.opened - LAB.tasks + fromCloud.opened - CLOUD.runs],
    ...shown.map(({ events }, i) => [`events that page ${i + 1} does not know of`, told.events - events]),
    ['errors of the pages', pages.reduce((sum, { errors }) => sum + errors.length, 0)],
  ]
  console.log('\nlost')
  for (const [what, count] of losses) {
    console.log(`  ${String(count).padStart(8)}  ${what}`)
    lost ||= count !== 0
  }
  const half = memory.slice(memory.length >> 1)
  const growth = (value) => `${slopeOf(half, value).toFixed(2)} MB/min`
  const most = Math.max(...memory.map(({ relayMb }) => relayMb))
  console.log('\ngrowth in the second half')
  console.log(`  relay   ${growth(({ relayMb }) => relayMb)} (aim ${AIM.growth} over an hour)`)
  for (const i of pages.keys()) console.log(`  page ${i + 1}  ${growth(({ heaps }) => heaps[i])}`)
  console.log(`\nthe relay had ${most.toFixed(0)} MB at most (aim ${AIM.memory})`)
}

/** By which a value grows a minute: the slope of the line that lies nearest to all. */
function slopeOf(points, value) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length
  const minuteOf = ({ at }) => at / 60_000
  const [t, v] = [mean(minuteOf), mean(value)]
  const spread = mean((point) => (minuteOf(point) - t) ** 2)
  return mean((point) => (minuteOf(point) - t) * (value(point) - v)) / spread
}

/** What a page holds when nothing is left to be collected, MB. */
async function heapOf(page) {
  await page.send('HeapProfiler.collectGarbage')
  const { usedSize } = await page.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

function readTasks() {
  let events = 0
  for (const task of window.benchStreams.list('tasks').store.getState().items.values())
    events += task.source === 'bench' ? task.events : task.log.total
  return { events }
}
