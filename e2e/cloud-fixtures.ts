import { expect, test as base } from './fixtures.ts'
import { CloudServer } from './helpers/cloud-server.ts'
import type { RelayProcess } from './helpers/relay-process.ts'

/** The key that the relay is given; it must never reach a page. */
export const KEY = 'inf_journey_secret'

interface CloudFixtures {
  /** An inference.sh of the journey's own. */
  cloud: CloudServer
  /** A relay with it as its source `cloud`. */
  weir: RelayProcess
}

export const test = base.extend<CloudFixtures>({
  // Playwright reads from the pattern which fixtures are needed: none.
  // oxlint-disable-next-line no-empty-pattern
  cloud: async ({}, give) => {
    const cloud = new CloudServer()
    await cloud.listen()
    await give(cloud)
    await cloud.close()
  },
  // Pages close before the cloud does: what they ask then is no complaint.
  context: async ({ cloud, context }, give) => {
    void cloud
    await give(context)
  },
  weir: async ({ cloud, startRelay }, give) => {
    await give(await startRelay(['--source', `cloud=inference:${cloud.url}`], { INFERENCE_API_KEY: KEY }))
  },
})

export { expect }

/** Starts a run over the API; returns its id. */
export async function run(
  weir: RelayProcess,
  type: string,
  params: object,
  options: object = {},
): Promise<string> {
  const { started } = await weir.api<{ started: { id: string }[] }>('/tasks/cloud', { type, params, options })
  return started[0]!.id
}
