import { createStore, type StoreApi } from 'zustand/vanilla'
import { realClock, type Clock } from '#lib/clock.ts'
import { taskKey } from '#model/task.ts'
import type { Batch, ListMessage, TopicMessage } from '#protocols/weir/stream.ts'
import { taskTopic, type ListTopic } from '#protocols/weir/topics.ts'
import { Connection, type RelayState } from './connection.ts'
import { ListStore } from './list-store.ts'
import { createFrameScheduler, type Scheduler } from './scheduler.ts'
import { TaskStore } from './task-store.ts'

/** What the page itself costs; refreshed once a second. */
export interface Meter {
  topics: number
  eventsPerSecond: number
  /** JS heap in bytes where the browser tells, else what the log buffers hold. */
  memory: number
}

/** Counters that only grow, for meters and benchmarks. */
export interface Counters {
  messages: number
  events: number
}

/** The store of one topic: filled by messages, changed by `commit`, at most once a frame. */
export interface TopicStore {
  snapshot(snapshot: unknown): void
  push(events: readonly unknown[]): void
  commit(): void
  /** What its buffers take. */
  readonly bytes: number
}

interface Watch {
  watchers: number
  dropAt: unknown
}

export interface StreamsOptions {
  base?: string
  version: string
  clock?: Clock
  scheduler?: Scheduler
}

/** A store lives on for a moment after its last watcher, so that going back and forth costs nothing. */
const LINGER_MS = 15_000

/** All streams of the page: one connection, one store per watched topic. Knows no React. */
export class Streams {
  readonly connection: StoreApi<RelayState>
  readonly session: string
  readonly meter: StoreApi<Meter> = createStore(() => ({ topics: 0, eventsPerSecond: 0, memory: 0 }))
  readonly counters: Counters = { messages: 0, events: 0 }
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #lists: { [K in ListTopic]: ListStore<K> } = {
    tasks: new ListStore<'tasks'>(taskKey),
    sources: new ListStore<'sources'>((source) => source.name),
    devices: new ListStore<'devices'>((device) => `${device.source}/${device.id}`),
    commands: new ListStore<'commands'>((command) => command.id),
    batches: new ListStore<'batches'>((batch) => batch.id),
  }
  readonly #topics = new Map<string, TopicStore>()
  readonly #watched = new Map<string, Watch>()
  readonly #changed = new Set<{ commit(): void }>()
  readonly base: string
  #offset = 0
  #counted = 0
  #meterTimer: unknown

  constructor(options: StreamsOptions) {
    this.base = options.base ?? ''
    this.#clock = options.clock ?? realClock
    this.#scheduler = options.scheduler ?? createFrameScheduler()
    this.#connection = new Connection({
      base: this.base,
      clock: this.#clock,
      version: options.version,
      onBatch: (batch) => {
        this.#take(batch)
      },
      onClock: (offset) => {
        this.#offset = offset
      },
    })
    this.connection = this.#connection.state
    this.session = this.#connection.session
  }

  open(): void {
    this.#connection.open()
    this.#meterTimer ??= this.#clock.setTimeout(this.#measure, 1_000)
  }

  wake(): void {
    this.#connection.wake()
  }

  acceptRestart(): void {
    this.#connection.acceptRestart()
  }

  close(): void {
    this.#connection.close()
    this.#clock.clearTimeout(this.#meterTimer)
  }

  /** Now by the relay's clock, ms since epoch: all times of events are its times. */
  now(): number {
    return this.#clock.now() + this.#offset
  }

  /** The store of a live list. It is filled while somebody watches it. */
  list<K extends ListTopic>(topic: K): ListStore<K> {
    return this.#lists[topic]
  }

  /** The store of one task. It is filled while somebody watches it. */
  task(source: string, id: string): TaskStore {
    return this.topic(taskTopic(source, id), makeTaskStore)
  }

  /**
   * The store of a topic, filled while somebody watches it.
   * @param make makes it when there is none: what a topic's store needs loads with those who use it
   */
  topic<S extends TopicStore>(topic: string, make: () => S): S {
    let store = this.#topics.get(topic)
    if (!store) {
      store = make()
      this.#topics.set(topic, store)
      // A store that nobody comes to watch (a render that was thrown away) goes as well.
      this.#watch(topic)()
    }
    return store as S
  }

  watchList(topic: ListTopic): () => void {
    return this.#watch(topic)
  }

  watchTask(source: string, id: string): () => void {
    this.task(source, id)
    return this.#watch(taskTopic(source, id))
  }

  /** Watches a topic whose store exists (`topic`). */
  watchTopic(topic: string): () => void {
    return this.#watch(topic)
  }

  #watch(topic: string): () => void {
    const watch = this.#watched.get(topic) ?? { watchers: 0, dropAt: undefined }
    this.#clock.clearTimeout(watch.dropAt)
    watch.watchers += 1
    if (!this.#watched.has(topic)) {
      this.#watched.set(topic, watch)
      this.#announce()
    }
    let done = false
    return () => {
      if (done) return
      done = true
      if (--watch.watchers === 0)
        watch.dropAt = this.#clock.setTimeout(() => {
          this.#watched.delete(topic)
          this.#topics.delete(topic)
          this.#announce()
        }, LINGER_MS)
    }
  }

  #announcing = false
  /** Several changes of one turn (a page of panels) make one request. */
  #announce(): void {
    if (this.#announcing) return
    this.#announcing = true
    queueMicrotask(() => {
      this.#announcing = false
      this.#connection.setTopics([...this.#watched.keys()])
    })
  }

  #take(batch: Batch): void {
    this.counters.messages += 1
    for (const message of batch) {
      if ('e' in message) this.counters.events += message.e.length
      const store = this.#apply(message)
      if (store) this.#changed.add(store)
    }
    if (this.#changed.size > 0) this.#scheduler.request(this.#commit)
  }

  #apply(message: TopicMessage): { commit(): void } | undefined {
    switch (message.t) {
      case 'tasks':
        return applyList(this.#lists.tasks, message)
      case 'sources':
        return applyList(this.#lists.sources, message)
      case 'devices':
        return applyList(this.#lists.devices, message)
      case 'commands':
        return applyList(this.#lists.commands, message)
      case 'batches':
        return applyList(this.#lists.batches, message)
      default: {
        const store = this.#topics.get(message.t)
        if (!store) return undefined
        if ('s' in message) store.snapshot(message.s)
        else store.push(message.e)
        return store
      }
    }
  }

  readonly #commit = (): void => {
    for (const store of this.#changed) store.commit()
    this.#changed.clear()
  }

  readonly #measure = (): void => {
    let memory = 0
    for (const store of this.#topics.values()) memory += store.bytes
    const heap = (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize
    this.meter.setState({
      topics: this.#watched.size,
      eventsPerSecond: this.counters.events - this.#counted,
      memory: heap ?? memory,
    })
    this.#counted = this.counters.events
    this.#meterTimer = this.#clock.setTimeout(this.#measure, 1_000)
  }
}

function applyList<K extends ListTopic>(store: ListStore<K>, message: ListMessage<K>): ListStore<K> {
  if ('s' in message) store.snapshot(message.s)
  else store.push(message.e)
  return store
}

function makeTaskStore(): TaskStore {
  return new TaskStore()
}
