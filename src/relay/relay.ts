import * as z from 'zod/mini'
import { realClock, type Clock } from '#lib/clock.ts'
import type { Batch } from '#model/batch.ts'
import { isForTask, type Command } from '#model/command.ts'
import { streamDeviceOf, type Device } from '#model/device.ts'
import type { Source, SourceKind } from '#model/source.ts'
import type { TaskSummary } from '#model/task.ts'
import type { Fetch } from '#lib/fetch.ts'
import { LONGEST_TRACEBACK } from '#protocols/labdaemon/schemas.ts'
import { isDeviceTopic } from '#protocols/weir/topics.ts'
import { createApi } from './api.ts'
import { Batches } from './batches.ts'
import { ClockWatch } from './clock-watch.ts'
import { DeviceBook } from './device-book.ts'
import { Hub } from './hub.ts'
import { MemoryJournal, type JournalLimits } from './journal.ts'
import { InferenceAdapter } from './inference/adapter.ts'
import { withoutKey } from './inference/without-key.ts'
import { LabDaemonAdapter } from './labdaemon/adapter.ts'
import { Ledger } from './ledger.ts'
import { LiveList } from './live-list.ts'
import { logFailure, logSource, NO_LOG, type Log } from './log.ts'
import type { SourceAdapter } from './source-adapter.ts'
import { SteadyClock } from './steady-clock.ts'
import { taskStarter } from './start-task.ts'
import { Stops } from './stops.ts'
import { TaskBook, type BookLimits } from './task-book.ts'
import { Timeouts } from './timeouts.ts'

// The small build of the schema library brings no words of its own.
z.config(z.locales.en())

export interface SourceConfig {
  name: string
  kind: SourceKind
  url: string
  /** How to reach it; an embedded source brings its own. */
  fetch: Fetch
  /** The API key of an inference.sh source; it never leaves the relay. */
  key?: string
  embedded?: boolean
  /** How a login is given, for words: the name of a variable, and whether it is set. */
  login?: { variable: string; given: boolean }
  /** Texts that `fetch` adds to let Weir in, and that nobody may be shown. */
  secrets?: readonly string[]
}

export interface RelayOptions {
  version: string
  sources: readonly SourceConfig[]
  clock?: Clock
  random?: () => number
  /** Where it says what is worth remembering; nowhere by default. */
  log?: Log
  /** What the proxy for the inference.sh SDK lets through beside its own table, `METHOD /path/:part`. */
  allowCalls?: readonly string[]
  limits?: { journal?: Partial<JournalLimits>; book?: Partial<BookLimits> }
}

export interface Relay {
  fetch(request: Request): Response | Promise<Response>
  /** What `fetch` answers: methods (`ALL` for any) and paths, with `:name` for a part that varies. */
  readonly routes: readonly { method: string; path: string }[]
  start(): void
  /** Leaves the sources in good order and ends the pages' streams. */
  stop(): Promise<void>
}

/** Puts the relay together. Runtime-neutral: Node serves `fetch` to people, a service worker to the demo. */
export function createRelay(options: RelayOptions): Relay {
  const clock = new SteadyClock(options.clock ?? realClock)
  const random = options.random ?? Math.random
  const log = options.log ?? NO_LOG
  const newId = () => Math.floor(random() * 2 ** 48).toString(36)
  const journal = new MemoryJournal(newId(), options.limits?.journal)

  const tasks = new LiveList<TaskSummary>(() => {
    hub.listChanged('tasks')
  })
  // A device has no other record of its error than this.
  const devices = new LiveList<Device>(() => {
    hub.listChanged('devices')
  }, LONGEST_TRACEBACK)
  const sources = new LiveList<Source>(() => {
    hub.listChanged('sources')
  })
  const commands = new LiveList<Command>(() => {
    hub.listChanged('commands')
  })
  const batchList = new LiveList<Batch>(() => {
    hub.listChanged('batches')
  })
  const hub = new Hub({
    clock,
    journal,
    version: options.version,
    lists: { tasks, devices, sources, commands, batches: batchList },
    settle: (topic) => {
      deviceBook.settle(topic)
    },
    snapshot: (topic, fault) =>
      isDeviceTopic(topic) ? deviceBook.snapshot(topic, fault) : book.snapshot(topic, fault),
  })
  const deviceBook = new DeviceBook({
    clock,
    journal,
    began: (topic) => {
      hub.topicBegan(topic)
    },
    grew: () => {
      hub.journalGrew()
    },
    wants: (topic) => hub.wants(topic),
  })
  const book = new TaskBook({
    clock,
    journal,
    list: tasks,
    began: (topic) => {
      hub.topicBegan(topic)
    },
    grew: () => {
      hub.journalGrew()
    },
    ended: (task) => {
      timeouts.taskEnded(task)
      batches.taskEnded(task)
    },
    forgot: ({ source, id }) => {
      deviceBook.drop(source, streamDeviceOf(id))
    },
    ...(options.limits?.book ? { limits: options.limits.book } : {}),
  })
  const ledger = new Ledger(clock, commands, (command) => {
    logFailure(log, command)
    const task = isForTask(command.verb) ? book.get(command.source, command.target) : undefined
    if (task) book.record(task.source, task.kind, task.id, [{ k: 'command', at: clock.now(), command }])
  })

  const adapters = new Map<string, SourceAdapter>()
  const timeouts = new Timeouts(clock, book, adapters)
  const stops = new Stops()
  const startTask = taskStarter(adapters, timeouts, book, stops)
  const batches = new Batches({ clock, newId, list: batchList, book, adapters, startTask })
  for (const config of options.sources) {
    sources.set(config.name, initialSource(config, clock.now()))
    const context = {
      name: config.name,
      embedded: config.embedded ?? false,
      login: config.login ?? null,
      secrets: config.secrets ?? [],
      clock,
      random,
      book,
      ledger,
      devices,
      deviceBook,
      report: (patch: Partial<Source>) => {
        const before = sources.get(config.name)!.state
        report(sources, config.name, patch, clock.now())
        logSource(log, before, sources.get(config.name)!)
      },
      watchersOf: (topic: string) => hub.watchersOf(topic),
      isWatched: (topic: string) => hub.watchersOf(topic) > 0,
      onWatched: (listener: (topic: string) => void) => {
        hub.onWatched(listener)
      },
    }
    if (config.kind === 'labdaemon')
      adapters.set(config.name, new LabDaemonAdapter(context, config.url, config.fetch))
    else {
      const { key = null, url } = config
      const way = key === null ? config.fetch : withoutKey(config.fetch, key)
      adapters.set(config.name, new InferenceAdapter(context, url, key, way))
    }
  }
  const clockWatch = new ClockWatch({ clock, book, isQuiet: () => !sources.values().some(isStreaming) })
  const api = createApi({
    version: options.version,
    hub,
    book,
    ledger,
    batches,
    timeouts,
    startTask,
    stops,
    sources,
    devices,
    deviceBook,
    adapters,
    allowCalls: options.allowCalls ?? [],
    newId,
  })

  return {
    fetch: (request) => api.fetch(request),
    // Those for all paths are what every request passes through.
    routes: api.routes.filter(({ path }) => !path.endsWith('*')),
    start() {
      for (const adapter of adapters.values()) adapter.start()
      clockWatch.start()
    },
    async stop() {
      timeouts.stop()
      clockWatch.stop()
      await Promise.all([...adapters.values()].map((adapter) => adapter.stop()))
      deviceBook.stop()
      hub.close()
    },
  }
}

function isStreaming({ openStreams }: Source): boolean {
  return openStreams > 0
}

function initialSource(config: SourceConfig, now: number): Source {
  return {
    name: config.name,
    kind: config.kind,
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

/** Merges news into a source's record; an unchanged record is left alone. */
function report(sources: LiveList<Source>, name: string, patch: Partial<Source>, now: number): void {
  const before = sources.get(name)!
  const changed = Object.entries(patch).filter(
    ([key, value]) => JSON.stringify(before[key as keyof Source]) !== JSON.stringify(value),
  )
  if (changed.length === 0) return
  const since = patch.state && patch.state !== before.state ? now : before.since
  sources.set(name, { ...before, ...Object.fromEntries(changed), since })
}

function withoutCredentials(text: string): string {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return url.href.replace(/\/$/, '')
}
