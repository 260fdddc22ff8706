// The relay beside the least that any relay must do with the same events, and beside the relay of an earlier commit.
import { startHelper } from '../child.mjs'
import { inTurns } from '../cost.mjs'
import { allOpen, costAt, EVENT, streamUrls, topicUrl, withRelay, withSource } from '../with-tasks.mjs'

const TASKS = { tasks: 200, burstMs: 100 }
const RATE = 20_000

export function floorCases({ secs, dist, against, keepProfile }) {
  const floor = () => withSource(TASKS, (bench) => costOfFloor(bench, secs))
  const relay = (build) => () => withSource(TASKS, (bench) => costOfRelay(bench, build, secs, keepProfile))
  return [
    {
      group: 'relay',
      name: 'floor',
      run: async () => {
        const [least, now, others] = await inTurns(floor, relay(dist))
        return {
          eventsPerS: now.eventsPerS,
          floorUs: least.us,
          relayUs: now.us,
          relayMainUs: now.mainUs,
          ratio: now.us / least.us,
          floorAgeP95: least.ageP95,
          ageP95: now.ageP95,
          othersCpuPct: others,
        }
      },
    },
    ...(against ? [against] : []).map((earlier) => ({
      group: 'relay',
      name: `beside ${earlier.commit}`,
      run: async () => {
        const [before, now, others] = await inTurns(relay(earlier.dist), relay(dist))
        return {
          eventsPerS: now.eventsPerS,
          relayUs: now.us,
          earlierUs: before.us,
          perCorePerS: 1e6 / now.us,
          earlierPerCorePerS: 1e6 / before.us,
          ratio: before.us / now.us,
          ageP95: now.ageP95,
          earlierAgeP95: before.ageP95,
          othersCpuPct: others,
        }
      },
    })),
  ]
}

async function costOfFloor(bench, secs) {
  const floor = startHelper(new URL('../floor-relay.mjs', import.meta.url))
  try {
    const { ready } = await floor.ask({ from: streamUrls(bench.port, bench.tasks) })
    await allOpen(bench.source, bench.tasks)
    await bench.sink.ask({ open: [`http://127.0.0.1:${ready}/`], mark: '"step"' })
    return await costAt(bench, { pid: floor.pid }, RATE, secs)
  } finally {
    floor.stop()
  }
}

function costOfRelay(bench, dist, secs, keepProfile) {
  return withRelay(bench, dist, { probed: keepProfile !== null }, async (relay) => {
    await bench.sink.ask({ open: [topicUrl(relay, bench.tasks)], mark: EVENT })
    const cost = () => costAt(bench, relay, RATE, secs)
    return keepProfile ? keepProfile.relay('relay', relay, cost) : cost()
  })
}
