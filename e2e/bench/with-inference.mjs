import { startHelper, startRelay } from './child.mjs'

/**
 * Runs `work` with a service of inference.sh and a relay that follows it.
 * @param lines of the log of a run that is there from the start; 0: no run is
 * @param how as for `startRelay`
 */
export async function withInference(dist, lines, how, work) {
  const source = startHelper(new URL('./inference-source.mjs', import.meta.url))
  const { ready } = await source.ask({ lines })
  const relay = await startRelay(dist, ready, { ...how, kind: 'inference' })
  try {
    return await work(source, relay)
  } finally {
    await relay.stop()
    source.stop()
  }
}
