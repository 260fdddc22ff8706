import { createLabDaemon } from '#emulator/labdaemon/index.ts'
import { inProcess } from '../in-process.ts'
import { createRelay, type Relay, type SourceConfig } from '../relay.ts'
import type { Config } from './config.ts'

export interface Composed {
  relay: Relay
  stop(): Promise<void>
}

/** The relay with the configured sources; without any, with an embedded lab. */
export function compose(config: Pick<Config, 'sources'>): Composed {
  const lab = config.sources.length === 0 ? createLabDaemon({ preset: 'demo' }) : null
  const sources: SourceConfig[] = lab
    ? [
        {
          name: 'lab',
          kind: 'labdaemon',
          url: 'http://lab.embedded',
          fetch: inProcess((request) => lab.fetch(request)),
          embedded: true,
        },
      ]
    : config.sources.map((source) => ({ ...source, fetch: (url, init) => fetch(url, init) }))
  const relay = createRelay({ version: __WEIR_VERSION__, sources })
  relay.start()
  return {
    relay,
    async stop() {
      await relay.stop()
      lab?.stop()
    },
  }
}
