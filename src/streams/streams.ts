import { createStore, type StoreApi } from 'zustand/vanilla'
import { realClock, type Clock } from '#lib/clock.ts'
import { parseExact } from '#lib/exact-json.ts'
import { frames } from '#lib/frames.ts'
import { isolate } from '#lib/isolate.ts'
import { randomId } from '#lib/random-id.ts'
import {
  readMessageId,
  type Batch,
  type ListItem,
  type MessageId,
  type TopicMessage,
} from '#protocols/weir/stream.ts'
import { ROW_KEYS, type ListTopic } from '#topics/lists.ts'
import type { Connection } from './connection.ts'
import { livenessOf, RelayStateKeeper, type RelayState } from './relay-state.ts'
import { RowStore } from './row-store.ts'
import type { WatchedStore } from './watched-store.ts'

/** What the page itself costs; refreshed once a second. */
export interface Meter {
  topics: number
  eventsPerSecond: number
  /** JS heap in bytes; null where the browser does not tell. */
  memory: number | null
}

/** Counters that only grow, for meters and benchmarks. */
export interface Counters {
  messages: number
  events: number
}

interface Watch {
  watchers: number
  dropAt: unknown
}

/** Runs work once per frame, as the page's frames do. */
export interface Scheduler {
  /** Asks for one run of `work`; asking again before it ran changes nothing. */
  request(work: () => void): void
}

const FRAMES: Scheduler = {
  request: (work) => {
    frames.request('commit', work)
  },
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
  /** The page's secret name at the relay. */
  readonly session = randomId()
  readonly meter: StoreApi<Meter> = createStore(() => ({ topics: 0, eventsPerSecond: 0, memory: null }))
  readonly counters: Counters = { messages: 0, events: 0 }
  readonly #relay: RelayStateKeeper
  #connection: Connection | null = null
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  readonly #stores = new Map<string, WatchedStore>()
  readonly #watched = new Map<string, Watch>()
  readonly #changed = new Set<WatchedStore>()
  readonly base: string
  #record: MessageId = { epoch: '', boot: '' }
  #counted = 0
  #meterTimer: unknown

  constructor(options: StreamsOptions) {
    this.base = options.base ?? ''
    this.#clock = options.clock ?? realClock
    this.#scheduler = options.scheduler ?? FRAMES
    this.#relay = new RelayStateKeeper(this.#clock, options.version)
    this.connection = this.#relay.store
  }

  /** Begins to hear from the relay, over this connection until `close`. */
  open(connection: Connection): void {
    this.#connection = connection
    connection.setTopics([...this.#watched.keys()])
    const relay = this.#relay
    connection.open({
      state: (name, refused) => {
        relay.state(name, refused)
      },
      hello: (text, at) => {
        relay.hello(text, at)
      },
      heartbeat: (text, at) => {
        relay.heartbeat(text, at)
      },
      share: (share) => {
        relay.share(share)
      },
      batch: (text, id) => {
        relay.heard()
        if (id !== null) this.#record = readMessageId(id)
        this.#take(parseExact(text) as Batch)
      },
    })
    this.#meterTimer ??= this.#clock.setTimeout(this.#measure, 1_000)
  }

  /** A hidden page goes on to watch, but need not be told until it is shown. */
  setShown(shown: boolean): void {
    this.#connection?.setShown(shown)
  }

  /** Tries at once to reach the relay, say because the network or the page came back. */
  wake(): void {
    this.#connection?.wake()
  }

  /** The page is put away, and may come back: `wake` goes on where it was. */
  pause(): void {
    this.#connection?.pause()
  }

  /** Takes over the connection of another page of this browser, where this one could have none. */
  takeConnection(): void {
    this.#connection?.take?.()
  }

  close(): void {
    this.#connection?.close()
    this.#clock.clearTimeout(this.#meterTimer)
  }

  /**
   * Now by the relay's clock, ms since epoch: all times of events are its times. Whoever sets the page's own
   * clock changes nothing.
   */
  now(): number {
    return this.#relay.now()
  }

  /**
   * Now for what is shown as alive (clocks, rates, time left), by the relay's clock: it stands still at the last
   * sign of life while the relay gives none.
   */
  liveNow(): number {
    const state = this.connection.getState()
    return livenessOf(state) === 'live' ? this.now() : (state.asOf ?? this.now())
  }

  /** The store of a live list. It is filled while somebody watches it, and stays. */
  list<K extends ListTopic>(name: K): RowStore<ListItem[K]> {
    let store = this.#stores.get(name)
    if (!store) this.#stores.set(name, (store = new RowStore<ListItem[K]>(ROW_KEYS[name]) as WatchedStore))
    return store as RowStore<ListItem[K]>
  }

  /**
   * The store of a topic, filled while somebody watches it.
   * @param make makes it when there is none: what a topic's store needs loads with those who use it
   */
  topic<S extends WatchedStore>(address: string, make: () => S): S {
    let store = this.#stores.get(address)
    if (!store) {
      store = make()
      this.#stores.set(address, store)
      // A store that nobody comes to watch (a render that was thrown away) goes as well.
      this.watch(address)()
    }
    return store as S
  }

  /** Watches a live list. @returns ends that */
  watchList(name: ListTopic): () => void {
    this.list(name)
    return this.watch(name)
  }

  /** Watches a topic of which there is a store. @returns ends that */
  watch(topic: string): () => void {
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
      if (--watch.watchers === 0) this.#dropLater(topic, watch)
    }
  }

  #dropLater(topic: string, watch: Watch): void {
    watch.dropAt = this.#clock.setTimeout(() => {
      // While the relay is away nobody could tell what the store holds anew.
      if (livenessOf(this.connection.getState()) !== 'live') {
        this.#dropLater(topic, watch)
        return
      }
      this.#watched.delete(topic)
      const store = this.#stores.get(topic)
      if (store?.leave) store.leave(this.now())
      else this.#stores.delete(topic)
      this.#announce()
    }, LINGER_MS)
  }

  #announcing = false
  /** Several changes of one turn (a page of panels) make one request. */
  #announce(): void {
    if (this.#announcing) return
    this.#announcing = true
    queueMicrotask(() => {
      this.#announcing = false
      this.#connection?.setTopics([...this.#watched.keys()])
    })
  }

  #take(batch: Batch): void {
    this.counters.messages += 1
    for (const message of batch) {
      if ('e' in message) this.counters.events += message.e.length
      const store = this.#stores.get(message.t)
      if (!store) continue
      isolate(store, () => {
        this.#fill(store, message)
      })
      this.#changed.add(store)
    }
    if (this.#changed.size > 0) this.#scheduler.request(this.#commit)
  }

  #fill(store: WatchedStore, message: TopicMessage): void {
    if ('s' in message) store.snapshot(message.s, { ...this.#record, at: this.now() })
    else store.push(message.e)
  }

  readonly #commit = (): void => {
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const store of changed)
      isolate(store, () => {
        store.commit()
      })
  }

  readonly #measure = (): void => {
    const { memory } = performance as { memory?: { usedJSHeapSize: number } }
    this.meter.setState({
      topics: this.#watched.size,
      eventsPerSecond: this.counters.events - this.#counted,
      memory: memory?.usedJSHeapSize || null,
    })
    this.#counted = this.counters.events
    this.#meterTimer = this.#clock.setTimeout(this.#measure, 1_000)
  }
}
