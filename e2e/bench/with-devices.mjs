import { startHelper, startRelay } from './child.mjs'

/**
 * Runs `work` with a LabDaemon server of `devices` ({daq, sensors}) and a relay that holds all their streams.
 * @param how as for `startRelay`
 */
export async function withDevices(dist, devices, how, work) {
  const source = startHelper(new URL('./device-source.mjs', import.meta.url))
  const { ready } = await source.ask(devices)
  const relay = await startRelay(dist, ready, how)
  try {
    const { ids } = await source.ask({ stats: true })
    for (const id of ids) await startStream(relay, id)
    return await work({ source, relay, ids })
  } finally {
    await relay.stop()
    source.stop()
  }
}

/** The relay knows a device once it has read the list. */
async function startStream(relay, id) {
  for (const end = Date.now() + 30_000; ;) {
    const answer = await fetch(`${relay.url}/api/devices/bench/${id}/stream/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keepMs: null }),
    })
    if (answer.ok) return
    const why = await answer.text()
    if (answer.status !== 404 || Date.now() > end)
      throw new Error(`the stream of ${id} was not started: ${why}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
