// The relay alone, its pages played by clients in Node: cost per event as history grows, many pages on one topic,
// and how many events per second it can take, beside a bare Node pipe.
import { sleep, startHelper } from '../child.mjs'
import { cpuOf, measureCpu, memoryOf } from '../machine.mjs'
import { EVENT, streamUrls, topicUrl, totalOf, until, withRelay, withSource } from '../with-tasks.mjs'

const HISTORY_RATE = 40_000
const PART = 100_000
const PAGES = 50
const PAGES_RATE = 2_000
const TASKS = 200
const RAMP = [25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500].map((k) => k * 1_000)
const SETTLE_MS = 1_000
const STEP_MS = 3_000

export function relayCases({ lines, dist }) {
  return [
    {
      group: 'relay',
      name: 'history',
      run: () => withSource({ tasks: 1, burstMs: 16 }, (source) => history(source, dist, lines)),
    },
    {
      group: 'relay',
      name: `${PAGES} pages, one topic`,
      run: () => withSource({ tasks: 1, burstMs: 100 }, (source) => manyPages(source, dist)),
    },
    {
      group: 'relay',
      name: 'ramp: relay',
      run: () => withSource({ tasks: TASKS, burstMs: 100 }, (source) => rampRelay(source, dist)),
    },
    {
      group: 'relay',
      name: 'ramp: bare pipe',
      run: () => withSource({ tasks: TASKS, burstMs: 100 }, rampPipe),
    },
  ]
}

async function history(bench, dist, lines) {
  return withRelay(bench, dist, {}, async (relay) => {
    const { source, sink } = bench
    await sink.ask({ open: [topicUrl(relay, 1)], mark: EVENT })
    await sleep(SETTLE_MS)
    const end = measureCpu({ relay: relay.pid })
    const samples = []
    const sample = async () => {
      samples.push({ cpu: cpuOf(relay.pid), ...(await sink.ask({})) })
      return samples.at(-1).events[0]
    }
    await sample()
    await source.ask({ rate: HISTORY_RATE, most: lines })
    await until(async () => (await sample()) >= lines, (lines / HISTORY_RATE) * 3_000 + 10_000)
    const { others } = end()
    const per = (from, to) => {
      const a = samples.find((each) => each.events[0] >= from) ?? samples.at(-1)
      const b = samples.find((each) => each.events[0] >= to) ?? samples.at(-1)
      return ((b.cpu - a.cpu) * 1e6) / (b.events[0] - a.events[0])
    }
    const part = Math.min(PART, lines / 3)
    const warm = part / 5
    return {
      events: samples.at(-1).events[0],
      cpuUsPerEvent: per(0, lines),
      cpuUsPerEventFirst: per(warm, warm + part),
      cpuUsPerEventLast: per(lines - part, lines),
      relayRssMB: memoryOf(relay.pid),
      othersCpuPct: others,
    }
  })
}

async function manyPages(bench, dist) {
  return withRelay(bench, dist, {}, async (relay) => {
    const { source, sink } = bench
    const cost = async () => {
      await source.ask({ rate: PAGES_RATE })
      await sleep(SETTLE_MS)
      const before = await sink.ask({})
      const end = measureCpu({ relay: relay.pid })
      await sleep(STEP_MS)
      const { named, others } = end()
      const after = await sink.ask({})
      await source.ask({ rate: 0 })
      await sleep(SETTLE_MS)
      const seconds = (after.at - before.at) / 1000
      return { percent: named.relay, others, perS: (after.events[0] - before.events[0]) / seconds }
    }
    await sink.ask({ open: [topicUrl(relay, 1)], mark: EVENT })
    const one = await cost()
    await sink.ask({ open: Array.from({ length: PAGES - 1 }, () => topicUrl(relay, 1)), mark: EVENT })
    const before = await sink.ask({})
    const many = await cost()
    const after = await sink.ask({})
    const each = after.events.map((events, k) => events - (before.events[k] ?? 0))
    const { opened, open } = await source.ask({ stats: true })
    return {
      pages: after.open,
      upstreamsOpened: opened,
      upstreamsOpen: open,
      eventsPerPage: Math.max(...each),
      eventsPerPageLeast: Math.min(...each),
      eventsPerS: many.perS,
      relayCpuPctOnePage: one.percent,
      relayCpuPct: many.percent,
      cpuUsPerDelivery: (many.percent * 1e4) / (many.perS * PAGES),
      othersCpuPct: Math.max(one.others, many.others),
    }
  })
}

async function rampRelay(bench, dist) {
  return withRelay(bench, dist, {}, async (relay) => {
    await bench.sink.ask({ open: [topicUrl(relay, bench.tasks)], mark: EVENT })
    return ramp(bench, relay.pid)
  })
}

async function rampPipe(bench) {
  const pipe = startHelper(new URL('../pipe.mjs', import.meta.url))
  try {
    const { ready } = await pipe.ask({ from: `http://127.0.0.1:${bench.port}` })
    await bench.sink.ask({ open: streamUrls(ready, bench.tasks), mark: '"step"' })
    return await ramp(bench, pipe.pid)
  } finally {
    pipe.stop()
  }
}

/** Raises the rate until what comes out falls behind what goes in. */
async function ramp({ source, sink }, pid) {
  await sleep(SETTLE_MS)
  let kept = {}
  let noise = 0
  let at50k
  for (const rate of RAMP) {
    await source.ask({ rate })
    await sleep(SETTLE_MS)
    const [sentBefore, gotBefore] = [await source.ask({ stats: true }), await sink.ask({})]
    const end = measureCpu({ relay: pid })
    await sleep(STEP_MS)
    const { named, others } = end()
    const [sentAfter, gotAfter] = [await source.ask({ stats: true }), await sink.ask({})]
    const offered = ((sentAfter.sent - sentBefore.sent) * 1000) / (sentAfter.at - sentBefore.at)
    const delivered = ((totalOf(gotAfter) - totalOf(gotBefore)) * 1000) / (gotAfter.at - gotBefore.at)
    const fell = sentAfter.skipped > 0 || delivered < offered * 0.95
    // The source itself may be at its end first.
    if (fell || offered < rate * 0.95) {
      kept = { ...kept, stoppedBy: fell ? `${rate / 1000}k: not delivered` : `${rate / 1000}k: source` }
      break
    }
    noise = Math.max(noise, others)
    const cost = (named.relay * 1e4) / delivered
    if (rate === 50_000) at50k = cost
    kept = {
      keptPerS: delivered,
      relayCpuPct: named.relay,
      cpuUsPerEvent: cost,
      cpuUsPerEventAt50k: at50k,
      perCorePerS: 1e6 / cost,
      rssMB: memoryOf(pid),
    }
  }
  await source.ask({ rate: 0 })
  return { ...kept, othersCpuPct: noise }
}
