// What it costs the relay to keep its record on disk, beside keeping it in memory alone.
import { sleep, startHelper } from '../child.mjs'
import { costOf, inTurns } from '../cost.mjs'
import { withFolder } from '../record-folder.mjs'
import { costAt, EVENT, topicUrl, withRelay, withSource } from '../with-tasks.mjs'
import { withDevices } from '../with-devices.mjs'

const TASKS = { tasks: 200, burstMs: 100 }
const RATE = 20_000
const BLOCKS_PER_S = 100
const WARM_MS = 3_000

export function diskCases({ secs, dist, records, keepProfile }) {
  /** Both with a page that watches what comes. */
  const loads = {
    '20,000 events/s': (how, measured) =>
      withSource(TASKS, (bench) =>
        withRelay(bench, dist, how, async (relay) => {
          await bench.sink.ask({ open: [topicUrl(relay, bench.tasks)], mark: EVENT })
          return measured(relay, () => costAt(bench, relay, RATE, secs))
        }),
      ),
    // An event is a message, of 1,000 samples of each channel.
    '8 × 100,000 samples/s': (how, measured) =>
      withDevices(dist, { daq: true, sensors: 0 }, how, async ({ source, relay }) => {
        const sink = startHelper(new URL('../sink.mjs', import.meta.url))
        try {
          await sink.ask({ open: [`${relay.url}/api/stream?topic=bench/devices/daq`], mark: 'event: batch' })
          await source.ask({ rate: BLOCKS_PER_S })
          await sleep(WARM_MS)
          const messages = async () => (await source.ask({ stats: true })).sent
          return await measured(relay, () => costOf(relay, secs, messages))
        } finally {
          sink.stop()
        }
      }),
  }
  return Object.entries(loads).map(([name, load]) => {
    const inMemory = () => load({ probed: true }, (_relay, measure) => measure())
    const onDisk = () =>
      withFolder(records, (data) =>
        load({ probed: true, data }, (relay, measure) =>
          keepProfile ? keepProfile.relay(`on disk, ${name}`, relay, measure) : measure(),
        ),
      )
    return {
      group: 'record',
      name: `disk: ${name}`,
      run: async () => {
        const [memory, disk, others] = await inTurns(inMemory, onDisk)
        return {
          eventsPerS: disk.eventsPerS,
          memoryMainUs: memory.mainUs,
          mainUs: disk.mainUs,
          mainRatio: disk.mainUs / memory.mainUs,
          memoryUs: memory.us,
          us: disk.us,
          ratio: disk.us / memory.us,
          memoryDelayP99: memory.delayP99,
          delayP99: disk.delayP99,
          memoryRssMB: memory.rssMB,
          rssMB: disk.rssMB,
          keptBytes: disk.keptBytes,
          writtenBytes: disk.writtenBytes,
          othersCpuPct: others,
        }
      },
    }
  })
}
