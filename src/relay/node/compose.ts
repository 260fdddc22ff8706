import { createEmbedded } from '#emulator/embedded.ts'
import { createRelay, type Relay, type RelayOptions } from '../relay.ts'
import type { Log } from '../log.ts'
import type { SourceConfig } from '../source-kind.ts'
import type { Config } from './config.ts'
import { usualKeepSize } from './data-folder.ts'
import { machineClock } from './machine-clock.ts'
import { StoreError } from '../record/store.ts'
import { SqliteStore } from './sqlite/sqlite-store.ts'
import { accessOf, strayVariables } from './source-access.ts'
import { StartError } from './usage-error.ts'

export interface Composed {
  relay: Relay
  /** Begins to watch the sources. */
  start(): Promise<void>
  /** Leaves them in good order. */
  stop(): Promise<void>
}

/** The relay with the configured sources; without any, with an embedded lab and cloud. Throws UsageError. */
export function compose(
  config: Pick<Config, 'sources' | 'allowCalls' | 'data' | 'keep' | 'sourceMoved'>,
  env: NodeJS.ProcessEnv,
  log: Log,
): Composed {
  const embedded = config.sources.length === 0 ? createEmbedded() : null
  const sources: SourceConfig[] =
    embedded?.sources ??
    config.sources.map((source) => ({
      ...source,
      ...accessOf(source, config.sources, env, (url, init) => fetch(url, init)),
    }))
  for (const name of strayVariables(config.sources, env))
    log.write('warn', 'weir', `${name} is set, but no source is called so`)
  const relay = createRelay({
    version: __WEIR_VERSION__,
    sources,
    clock: machineClock,
    log,
    allowCalls: config.allowCalls,
    ...(config.data === null ? {} : recordIn(config.data, config)),
  })
  return {
    relay,
    async start() {
      try {
        await relay.start()
      } catch (error) {
        throw error instanceof StoreError ? new StartError(error.message) : error
      }
    },
    async stop() {
      await relay.stop()
      embedded?.stop()
    },
  }
}

/** Where the record lasts, and within which bounds. */
function recordIn(
  directory: string,
  { sources, sourceMoved, keep }: Pick<Config, 'sources' | 'sourceMoved' | 'keep'>,
): Pick<RelayOptions, 'store' | 'keep'> {
  return {
    store: new SqliteStore({ directory, sources, moved: sourceMoved }),
    keep: { ...keep, bytes: keep.bytes ?? usualKeepSize(directory) },
  }
}
