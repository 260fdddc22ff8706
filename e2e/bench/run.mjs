// npm run bench -- [--runs 3] [--secs 5] [--only TEXT] [--lines 1000000] [--rates 20000,50000,100000]
//                  [--minutes 1] [--kept 20000000] [--against COMMIT] [--out FOLDER] [--tries 3] [--built] [--profile]
// Measures the shipped page, relay and decoders end to end beside bare pages of the same run; see README.md.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { browserPath } from '../../src/tooling/browser.mjs'
import { diskCases } from './cases/disk.mjs'
import { floorCases } from './cases/floor.mjs'
import { logCases } from './cases/log.mjs'
import { historyCases } from './cases/history.mjs'
import { longLogCases } from './cases/long-log.mjs'
import { manyDevicesCases } from './cases/many-devices.mjs'
import { plotCases } from './cases/plots.mjs'
import { relayCases } from './cases/relay.mjs'
import { runCases } from './cases/runs.mjs'
import { startCases } from './cases/start.mjs'
import { streamCases } from './cases/streams.mjs'
import { tabCases } from './cases/tabs.mjs'
import { buildInto, buildOf } from './build.mjs'
import { startHelper, sleep } from './child.mjs'
import { openBrowser } from './cdp.mjs'
import { hotSpots } from './hot-spots.mjs'
import { profile } from './measure.mjs'
import { environment, tables } from './report.mjs'
import { ownTimes, trace } from './trace.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
/** A case during which others took more of a core than this is run again. */
const NOISE_PCT = 20

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    secs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    lines: { type: 'string', default: '1000000' },
    kept: { type: 'string', default: '20000000' },
    minutes: { type: 'string', default: '1' },
    rates: { type: 'string', default: '20000,50000,100000' },
    against: { type: 'string', default: '' },
    out: { type: 'string', default: 'bench-results' },
    tries: { type: 'string', default: '3' },
    built: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
})
const out = resolve(flags.out)
// A build of our own: the one in dist/ may be replaced while we measure.
const dist = join(out, 'dist')
const pages = join(out, 'pages')
mkdirSync(out, { recursive: true })

if (!flags.built) {
  buildInto(dist, ROOT, flags.profile ? ['--minify', 'false'] : [])
}
const against = flags.against ? { commit: flags.against, dist: buildOf(flags.against, ROOT, out) } : null
await build({
  configFile: false,
  root: join(import.meta.dirname, 'pages'),
  logLevel: 'error',
  build: {
    outDir: pages,
    emptyOutDir: true,
    rolldownOptions: {
      input: ['bars.html', 'log.html', 'whole-log.html', 'plot.html', 'history.html'].map((name) =>
        join(import.meta.dirname, 'pages', name),
      ),
    },
  },
})

const bare = startHelper(new URL('./bare-server.mjs', import.meta.url))
const { ready: barePort } = await bare.ask({ folder: pages })
const options = {
  secs: Number(flags.secs),
  lines: Number(flags.lines),
  kept: Number(flags.kept),
  minutes: Number(flags.minutes),
  rates: flags.rates.split(',').map(Number),
  dist,
  against,
  records: join(out, 'records'),
  barePort,
  barePid: bare.pid,
  keepProfile: flags.profile ? profiles(join(out, 'profiles')) : null,
}
const cases = [
  ...streamCases(options),
  ...tabCases(options),
  ...logCases(options),
  ...runCases(options),
  ...longLogCases(options),
  ...plotCases(options),
  ...manyDevicesCases(options),
  ...historyCases(options),
  ...relayCases(options),
  ...floorCases(options),
  ...diskCases(options),
  ...startCases(options),
].filter((each) => flags.only.split(',').some((part) => `${each.group} ${each.name}`.includes(part)))

const started = new Date()
const results = new Map(cases.map((each) => [each, []]))
for (let run = 1; run <= Number(flags.runs); run++)
  for (const each of cases) results.get(each).push(await quietly(each, run))

const browser = await openBrowser(browserPath(), { width: 800, height: 600 })
const about = environment(started, browser.version, flags)
await browser.close()
const groups = [...new Set(cases.map((each) => each.group))].map((group) => ({
  group,
  rows: cases
    .filter((each) => each.group === group)
    .map((each) => ({ name: each.name, runs: results.get(each) })),
}))
const name = started.toISOString().slice(0, 19).replace(/[:T]/g, '-')
writeFileSync(join(out, `${name}.json`), `${JSON.stringify({ about, groups }, null, 1)}\n`)
const markdown = tables(about, groups)
writeFileSync(join(out, `${name}.md`), markdown)
console.log(`${markdown}\nwritten to ${join(flags.out, name)}.{md,json}`)
bare.stop()
process.exit(0)

/** Runs a case, again when somebody else was at work on the machine. */
async function quietly(each, run) {
  for (let attempt = 1; ; attempt++) {
    let figures
    try {
      figures = await each.run()
    } catch (error) {
      figures = { failed: error.message }
    }
    const noisy = figures.othersCpuPct > NOISE_PCT
    console.error(
      `[${run}/${flags.runs}] ${each.group} ${each.name}${noisy ? ' (noisy)' : ''}`,
      short(figures),
    )
    if (!noisy || attempt >= Number(flags.tries)) return figures
    await sleep(5_000)
  }
}

function short(figures) {
  return JSON.stringify(figures, (_key, value) =>
    typeof value === 'number' ? Math.round(value * 100) / 100 : value,
  )
}

/** Keeps CPU profiles of page and relay and prints what took the time. */
function profiles(folder) {
  mkdirSync(folder, { recursive: true })
  const keep = (name, recorded) => {
    const file = join(folder, `${name.replace(/\W+/g, '-')}.cpuprofile`)
    writeFileSync(file, JSON.stringify(recorded))
    return file
  }
  return {
    folder,
    /** Of a relay that is probed. */
    async relay(name, relay, during) {
      await relay.ask({ profile: 'begin' })
      const value = await during()
      const { profile: recorded } = await relay.ask({ profile: 'end' })
      console.error(`${keep(name, recorded)}\n${hotSpots(recorded, 40)}`)
      return value
    },
    async page(name, page, during) {
      const recorded = await profile(page, during)
      const file = keep(name, recorded)
      const events = await trace(page.browser, () => sleep(2_000))
      console.error(`${file}\n${hotSpots(recorded, 25)}\n${ownTimes(events, 20)}`)
    },
  }
}
