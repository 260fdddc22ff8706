import * as z from 'zod/mini'
import { realClock, type Clock } from '#lib/clock.ts'
import type { Source } from '#model/source.ts'
import { createApi } from './api.ts'
import { Batches } from './batches.ts'
import { ClockWatch } from './clock-watch.ts'
import { Ledger } from './commands/ledger.ts'
import { Hub } from './fanout/hub.ts'
import { NO_LOG, type Log } from './log.ts'
import { Bounds } from './record/bounds.ts'
import { Devices, Tasks } from './record/doors.ts'
import type { RecordLimits } from './record/limits.ts'
import { TopicRecord } from './record/record.ts'
import { Retention } from './record/retention.ts'
import { SampleRecorder } from './record/sample-recorder.ts'
import { Sources } from './sources.ts'
import type { RetentionLimits, Store } from './record/store.ts'
import type { SourceAdapter, SourceContext } from './source-adapter.ts'
import type { SourceConfig, SourceKind } from './source-kind.ts'
import { SOURCE_KINDS } from './sources/registry.ts'
import { SteadyClock } from './steady-clock.ts'
import { taskStarter } from './start-task.ts'
import { Stops } from './stops.ts'
import { Timeouts } from './timeouts.ts'
import { DEVICE } from '#topics/device.ts'
import { NUMBERS } from '#topics/numbers.ts'
import { BATCH, COMMAND, SOURCE } from '#topics/rows.ts'
import { TASK } from '#topics/task.ts'

// The small build of the schema library brings no words of its own.
z.config(z.locales.en())

export interface RelayOptions {
  version: string
  sources: readonly SourceConfig[]
  clock?: Clock
  random?: () => number
  /** Where it says what is worth remembering; nowhere by default. */
  log?: Log
  /** What proxies for sources' client libraries let through beside their own tables, `METHOD /path/:part`. */
  allowCalls?: readonly string[]
  limits?: Partial<RecordLimits>
  /** Where the record lasts; without one it is in memory. */
  store?: Store | null
  /** How much of it stays there. */
  keep?: RetentionLimits
}

export interface Relay {
  fetch(request: Request): Response | Promise<Response>
  /** What `fetch` answers: methods (`ALL` for any) and paths, with `:name` for a part that varies. */
  readonly routes: readonly { method: string; path: string }[]
  /** Begins with what was kept, then watches the sources. Rejects with a StoreError. */
  start(): Promise<void>
  /** Leaves the sources in good order and ends the pages' streams. */
  stop(): Promise<void>
}

/** Puts the relay together. Runtime-neutral: Node serves `fetch` to people, a service worker to the demo. */
export function createRelay(options: RelayOptions): Relay {
  const clock = new SteadyClock(options.clock ?? realClock)
  const random = options.random ?? Math.random
  const log = options.log ?? NO_LOG
  const newId = () => Math.floor(random() * 2 ** 48).toString(36)
  const record = new TopicRecord({
    clock,
    epoch: newId(),
    kinds: [TASK, NUMBERS, DEVICE, SOURCE, COMMAND, BATCH],
    store: options.store ?? null,
    log,
    ...(options.limits ? { limits: options.limits } : {}),
  })
  const hub = new Hub(record, options.version)
  const samples = new SampleRecorder(record, hub)
  const book = new Tasks(record)
  const devices = new Devices(record)
  const sources = new Sources(record, log)
  const ledger = new Ledger(record, log)
  record.observe(samples)
  record.observe(new Bounds(record, hub))

  const retention = new Retention(record, options.keep ?? { ageMs: null, bytes: null })

  const adapters = new Map<string, SourceAdapter>()
  const timeouts = new Timeouts(clock, book, adapters)
  const stops = new Stops()
  const startTask = taskStarter(adapters, timeouts, book, stops)
  const batches = new Batches({ clock, newId, record, book, adapters, startTask })
  record.observe(timeouts)
  record.observe(batches)
  for (const config of options.sources) {
    const kind = SOURCE_KINDS.get(config.kind)
    if (!kind) throw new Error(`no kind of source is called ${config.kind}`)
    sources.set(initialSource(config, kind, clock.now()))
    const context: SourceContext = {
      name: config.name,
      embedded: config.embedded ?? false,
      login: config.login ?? null,
      secrets: config.secrets ?? [],
      allowCalls: options.allowCalls ?? [],
      clock,
      random,
      book,
      ledger,
      devices,
      samples,
      report: (patch) => {
        sources.report(config.name, patch)
      },
      watchersOf: (topic) => hub.watchersOf(topic),
      isWatched: (topic) => hub.watchersOf(topic) > 0,
      onWatched: (listener) => {
        hub.onWatched(listener)
      },
    }
    adapters.set(config.name, kind.create(context, config))
  }
  const clockWatch = new ClockWatch({ clock, book, isQuiet: () => !sources.values().some(isStreaming) })
  const api = createApi({
    version: options.version,
    record,
    hub,
    book,
    ledger,
    batches,
    timeouts,
    startTask,
    stops,
    sources,
    devices,
    samples,
    adapters,
    kinds: SOURCE_KINDS,
    newId,
  })

  let opening: Promise<void> | null = null
  const open = async () => {
    await record.open(options.sources.map(({ name }) => name))
    await samples.begin()
    ledger.begin()
    await batches.begin()
    timeouts.begin()
  }

  return {
    // What was kept is there before anybody is answered.
    fetch: (request) => (opening ? opening.then(() => api.fetch(request)) : api.fetch(request)),
    // Those for all paths are what every request passes through.
    routes: api.routes.filter(({ path }) => !path.endsWith('*')),
    async start() {
      if (options.store) {
        opening = open()
        await opening
        opening = null
      }
      for (const adapter of adapters.values()) adapter.start()
      batches.goOn()
      clockWatch.start()
      retention.start()
    },
    async stop() {
      timeouts.stop()
      clockWatch.stop()
      retention.stop()
      await Promise.all([...adapters.values()].map((adapter) => adapter.stop()))
      samples.stop()
      hub.close()
      await record.close()
    },
  }
}

function isStreaming({ openStreams }: Source): boolean {
  return openStreams > 0
}

function initialSource(config: SourceConfig, { label, capabilities }: SourceKind, now: number): Source {
  return {
    name: config.name,
    kind: config.kind,
    label,
    capabilities: capabilities(config),
    url: config.embedded ? 'embedded' : withoutCredentials(config.url),
    state: 'connecting',
    detail: 'Connecting',
    since: now,
    tasksReadAt: null,
    devicesReadAt: null,
    latencyMs: null,
    eventsPerSecond: 0,
    events: 0,
    openStreams: 0,
    reconnects: 0,
    gaps: 0,
    restarts: 0,
    lastError: null,
    taskTypes: [],
    embedded: config.embedded ?? false,
  }
}

function withoutCredentials(text: string): string {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return url.href.replace(/\/$/, '')
}
