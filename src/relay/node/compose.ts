import { createEmbedded } from '#emulator/embedded.ts'
import { createRelay, type Relay, type SourceConfig } from '../relay.ts'
import type { Config, NamedSource } from './config.ts'

export interface Composed {
  relay: Relay
  stop(): Promise<void>
}

/** The relay with the configured sources; without any, with an embedded lab and cloud. */
export function compose(config: Pick<Config, 'sources'>, env: NodeJS.ProcessEnv): Composed {
  const embedded = config.sources.length === 0 ? createEmbedded() : null
  const sources: SourceConfig[] =
    embedded?.sources ??
    config.sources.map((source) => ({
      ...source,
      fetch: (url, init) => fetch(url, init),
      ...keyOf(source, config.sources, env),
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

/**
 * The key of an inference.sh source: its own (INFERENCE_API_KEY_NAME), or the general one, which goes to
 * inference.sh itself and, where there is only one such source, to that.
 */
function keyOf(source: NamedSource, all: readonly NamedSource[], env: NodeJS.ProcessEnv): { key?: string } {
  if (source.kind !== 'inference') return {}
  const own = env[`INFERENCE_API_KEY_${source.name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`]
  const { protocol, hostname } = new URL(source.url)
  const official = protocol === 'https:' && /(^|\.)inference\.sh$/.test(hostname)
  const sole = all.filter(({ kind }) => kind === 'inference').length === 1
  const key = own || (official || sole ? env['INFERENCE_API_KEY'] : undefined)
  return key ? { key } : {}
}
