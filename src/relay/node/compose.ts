import { createEmbedded } from '#emulator/embedded.ts'
import { createRelay, type Relay, type SourceConfig } from '../relay.ts'
import type { Config } from './config.ts'

export interface Composed {
  relay: Relay
  stop(): Promise<void>
}

/** The relay with the configured sources; without any, with an embedded lab and cloud. */
export function compose(config: Pick<Config, 'sources'>, env: NodeJS.ProcessEnv): Composed {
  const embedded = config.sources.length === 0 ? createEmbedded() : null
  const key = env['INFERENCE_API_KEY']
  const sources: SourceConfig[] =
    embedded?.sources ??
    config.sources.map((source) => ({
      ...source,
      fetch: (url, init) => fetch(url, init),
      ...(source.kind === 'inference' && key ? { key } : {}),
    }))
  const relay = createRelay({ version: __WEIR_VERSION__, sources })
  relay.start()
  return {
    relay,
    async stop() {
      await relay.stop()
      embedded?.stop()
    },
  }
}
