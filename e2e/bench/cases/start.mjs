// A start with a record of months, beside one with an empty folder, and reading old logs back.
import { sleep, startHelper, startRelay } from '../child.mjs'
import { inTurns } from '../cost.mjs'
import { copyRecord, fullRecord, longLogs } from '../full-record.mjs'
import { measureCpu, memoryOf } from '../machine.mjs'
import { quantile } from '../measure.mjs'
import { sizeOfRecord, withFolder } from '../record-folder.mjs'
import { EVENT, topicUrl, withRelay, withSource } from '../with-tasks.mjs'

const READS = 300
const LINES = 1_000
const REST_MS = 3_000
const TASKS = { tasks: 200, burstMs: 100 }
const RATE = 20_000

export function startCases({ dist, records, kept }) {
  const full = () => fullRecord(records, dist, kept)
  const started = (from) => () => withFolder(records, (data) => startOf(dist, from, data))
  return [
    {
      group: 'record',
      name: 'start',
      run: async () => {
        const from = await full()
        const [empty, months, others] = await inTurns(started(null), started(from))
        return {
          emptyStartMs: empty.startMs,
          startMs: months.startMs,
          ratio: months.startMs / empty.startMs,
          emptyListMs: empty.listMs,
          listMs: months.listMs,
          emptyRssMB: empty.rssMB,
          rssMB: months.rssMB,
          recordMB: sizeOfRecord(from) / 1e6,
          othersCpuPct: others,
        }
      },
    },
    {
      group: 'record',
      name: 'old logs',
      run: async () => {
        const from = await full()
        return withFolder(records, (data) => {
          copyRecord(from, data)
          return withSource(TASKS, (bench) =>
            withRelay(bench, dist, { data }, (relay) => readWhile(bench, relay, kept)),
          )
        })
      },
    },
  ]
}

/** From nothing to a page, and to the answer with its newest tasks; what the relay holds a moment later. */
async function startOf(dist, from, data) {
  if (from) copyRecord(from, data)
  const source = startHelper(new URL('../source.mjs', import.meta.url))
  const { ready } = await source.ask({ tasks: 1 })
  const end = measureCpu({})
  const begun = performance.now()
  const relay = await startRelay(dist, ready, { data })
  try {
    await textOf(`${relay.url}/`)
    const startMs = performance.now() - begun
    await textOf(`${relay.url}/api/tasks`)
    const listMs = performance.now() - begun
    const { others } = end()
    await sleep(REST_MS)
    return { startMs, listMs, rssMB: memoryOf(relay.pid), others }
  } finally {
    await relay.stop()
    source.stop()
  }
}

/** Lines from the middle of old logs, each read once: while nothing else happens, and while events come. */
async function readWhile({ source, sink, tasks }, relay, kept) {
  const logs = longLogs(kept)
  const quiet = await readLogs(relay, logs.slice(0, READS))
  await sink.ask({ open: [topicUrl(relay, tasks)], mark: EVENT })
  await source.ask({ rate: RATE })
  await sleep(REST_MS)
  await sink.ask({})
  const busy = await readLogs(relay, logs.slice(READS, 2 * READS))
  const { ageP95 } = await sink.ask({})
  return {
    readP50: quantile(quiet.ms, 0.5),
    readP95: quantile(quiet.ms, 0.95),
    busyReadP50: quantile(busy.ms, 0.5),
    busyReadP95: quantile(busy.ms, 0.95),
    ageP95,
    rssMB: memoryOf(relay.pid),
    othersCpuPct: Math.max(quiet.others, busy.others),
  }
}

async function readLogs(relay, logs) {
  const end = measureCpu({})
  const ms = []
  for (const { id, middle } of logs) {
    const begun = performance.now()
    const range = `from=${middle}&to=${middle + LINES}`
    const { texts } = JSON.parse(await textOf(`${relay.url}/api/tasks/bench/${id}/log?${range}`))
    ms.push(performance.now() - begun)
    if (texts.length !== LINES) throw new Error(`${texts.length} of ${LINES} lines were read of ${id}`)
  }
  return { ms, others: end().others }
}

async function textOf(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return answer.text()
}
