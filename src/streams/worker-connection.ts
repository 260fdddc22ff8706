import type { Clock } from '#lib/clock.ts'
import type { Connection, ConnectionEvents, RelayStateName } from './connection.ts'
import { DEAD_MS, SilenceWatch, STALLED_MS } from './silence-watch.ts'
import type { Port, ToTab, ToWorker } from './worker-messages.ts'

/** Silent for so many times `DEAD_MS`, the worker is given up. */
const MOST_TRIES = 2

export interface WorkerConnectionOptions {
  clock: Clock
  /** The page's secret name at the relay. */
  session: string
  /**
   * A new channel to the worker, which is started when there is none.
   * @param failed there can be no worker
   */
  connect(failed: () => void): Port<ToTab, ToWorker>
  /** Takes a web lock of this name and keeps it until `release`; calls back once it has it. */
  lock?(name: string, held: () => void): { release(): void }
  /** The page's own connection, from where this one ended: where there can be no worker. */
  own(after: string): Promise<Connection>
}

/** The page's part of the connection that all tabs of a browser share. */
export class WorkerConnection implements Connection {
  readonly #options: WorkerConnectionOptions
  readonly #watch: SilenceWatch
  #events: ConnectionEvents | null = null
  #port: Port<ToTab, ToWorker> | null = null
  #lock: { release(): void } | undefined
  #topics: readonly string[] = []
  #shown = true
  #lastId = ''
  /** What the worker said last, and what is said of it. */
  #name: RelayStateName = 'connecting'
  #refused = false
  #tries = 0
  /** Takes over where there can be no worker. */
  #own: Connection | null = null
  #isOver = false

  constructor(options: WorkerConnectionOptions) {
    this.#options = options
    this.#watch = new SilenceWatch(options.clock, (silent) => {
      this.#judge(silent)
    })
  }

  open(events: ConnectionEvents): void {
    this.#events = events
    this.#join()
  }

  setTopics(topics: readonly string[]): void {
    this.#topics = topics
    this.#own?.setTopics(topics)
    this.#say({ k: 'topics', topics })
  }

  setShown(shown: boolean): void {
    this.#shown = shown
    this.#say({ k: 'shown', shown })
  }

  wake(): void {
    if (this.#own) this.#own.wake()
    else if (this.#events && !this.#port) this.#join()
    else this.#say({ k: 'wake' })
  }

  pause(): void {
    this.#own?.pause()
    this.#part()
  }

  take(): void {
    this.#own?.take?.()
  }

  close(): void {
    this.#events = null
    this.#isOver = true
    this.#own?.close()
    this.#part()
  }

  #join(): void {
    this.#part()
    const { connect, lock, session } = this.#options
    let port: Port<ToTab, ToWorker>
    try {
      port = connect(() => {
        if (this.#port === port) this.#giveUp()
      })
    } catch {
      // Storage is blocked, or a policy forbids it.
      this.#giveUp()
      return
    }
    this.#port = port
    port.onmessage = ({ data }) => {
      if (this.#port === port) this.#hear(data)
    }
    const after = this.#lastId || null
    this.#say({ k: 'join', session, topics: this.#topics, shown: this.#shown, after })
    const name = `weir:tab:${session}`
    this.#lock = lock?.(name, () => {
      if (this.#port === port) this.#say({ k: 'lock', name })
    })
    this.#watch.start()
  }

  #part(): void {
    this.#watch.stop()
    this.#say({ k: 'bye' })
    this.#port?.close()
    this.#port = null
    this.#lock?.release()
    this.#lock = undefined
  }

  #say(message: ToWorker): void {
    this.#port?.postMessage(message)
  }

  #hear(message: ToTab): void {
    this.#watch.heard()
    this.#tries = 0
    this.#say({ k: 'ack' })
    switch (message.k) {
      case 'pulse':
        if (message.heartbeat) this.#events?.heartbeat(message.heartbeat.text, message.heartbeat.at)
        this.#set(message.name, message.refused)
        return
      case 'hello':
        this.#events?.hello(message.text, message.at)
        return
      case 'batch':
        if (message.id !== null) this.#lastId = message.id
        this.#events?.batch(message.text, message.id)
    }
  }

  /** The worker's word on the relay holds while the worker itself gives signs of life. */
  #judge(silentMs: number): void {
    if (silentMs > STALLED_MS && this.#name === 'open') this.#set('stalled')
    if (silentMs <= DEAD_MS) return
    if (this.#name !== 'connecting') this.#set(this.#tries > 0 ? 'lost' : 'reconnecting')
    if (++this.#tries > MOST_TRIES) this.#giveUp()
    // A worker that ended is started again.
    else this.#join()
  }

  #set(name: RelayStateName, refused = this.#refused): void {
    if (name === this.#name && refused === this.#refused) return
    this.#name = name
    this.#refused = refused
    this.#events?.state(name, refused)
  }

  #giveUp(): void {
    if (this.#own || this.#isOver) return
    this.#isOver = true
    this.#part()
    void this.#options.own(this.#lastId).then((own) => {
      if (!this.#events) return
      this.#own = own
      own.setTopics(this.#topics)
      own.open(this.#events)
    })
  }
}
