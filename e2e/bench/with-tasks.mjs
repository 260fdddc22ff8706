// A LabDaemon server whose tasks send, a client that counts what comes out, and what is between the two.
import { sleep, startHelper, startRelay } from './child.mjs'
import { costOf } from './cost.mjs'

const WARM_MS = 2_000

/** What each event that a relay tells has in it. */
export const EVENT = '"k":"progress"'

const ids = (count) => Array.from({ length: count }, (_, i) => `t${String(i).padStart(3, '0')}`)

/** Where a relay tells of so many tasks of the source. */
export function topicUrl(relay, count) {
  return `${relay.url}/api/stream?${ids(count)
    .map((id) => `topic=bench/tasks/${id}`)
    .join('&')}`
}

/** Where the streams of these tasks are, at the source or behind a pipe. */
export function streamUrls(port, count) {
  return ids(count).map((id) => `http://127.0.0.1:${port}/stream/devices/stream-${id}`)
}

/** @param setUp what source.mjs is told: `tasks` and more */
export async function withSource(setUp, work) {
  const source = startHelper(new URL('./source.mjs', import.meta.url))
  const sink = startHelper(new URL('./sink.mjs', import.meta.url))
  try {
    const { ready } = await source.ask(setUp)
    return await work({ source, sink, port: ready, tasks: setUp.tasks })
  } finally {
    source.stop()
    sink.stop()
  }
}

/** @param how as for `startRelay` */
export async function withRelay({ source, port, tasks }, dist, how, work) {
  const relay = await startRelay(dist, port, how)
  try {
    await allOpen(source, tasks)
    return await work(relay)
  } finally {
    await relay.stop()
  }
}

/** Returns once somebody reads the streams of all tasks. */
export async function allOpen(source, tasks) {
  const opened = await until(async () => (await source.ask({ stats: true })).open >= tasks)
  if (!opened) throw new Error('not all streams were opened')
}

/** @returns false when it did not come true */
export async function until(test, ms = 60_000) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) if (await test()) return true
  return false
}

/** All events that a client counted. */
export function totalOf({ events }) {
  return events.reduce((sum, each) => sum + each, 0)
}

/**
 * What a process between the source and the client costs at a rate of events; the source goes on.
 * @param process as for `costOf`
 */
export async function costAt({ source, sink }, process, rate, secs) {
  await source.ask({ rate })
  await sleep(WARM_MS)
  let told
  const cost = await costOf(process, secs, async () => totalOf((told = await sink.ask({}))))
  return { ...cost, ageP95: told.ageP95 }
}
