import { sleep, startHelper, startRelay } from './child.mjs'

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
    const answer = await ask(relay, id, 'start', { keepMs: null })
    if (answer.ok) return
    if (![404, 503].includes(answer.status) || Date.now() > end)
      throw new Error(`the stream of ${id} was not started: ${await answer.text()}`)
    await sleep(100)
  }
}

/** Whoever else watches. */
export async function stopStream(relay, id) {
  const answer = await ask(relay, id, 'stop', { force: true })
  if (!answer.ok) throw new Error(`the stream of ${id} was not stopped: ${await answer.text()}`)
}

function ask(relay, id, verb, body) {
  return fetch(`${relay.url}/api/devices/bench/${id}/stream/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
