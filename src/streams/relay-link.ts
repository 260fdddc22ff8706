import type { Clock } from '#lib/clock.ts'
import type { RelayStateName } from './connection.ts'
import { DEAD_MS, SilenceWatch, STALLED_MS } from './silence-watch.ts'
import { RETRY_MS } from './teller.ts'

const LOST_AFTER_MS = 10_000

export interface LinkOptions {
  /** The stream's address now: it says from where on. */
  url(): string
  /** An address that answers at once whether this browser may use the relay. */
  probe: string
  clock: Clock
  /** @param refused true when the relay answered that it may not be used (401, 403) */
  onState(name: RelayStateName, refused: boolean): void
  /** JSON as it came; ids as they came. */
  onHello(text: string): void
  onHeartbeat(text: string): void
  onBatch(text: string, id: string): void
}

/**
 * Owns one EventSource to the relay: in a page, or in the worker of all pages. The browser reconnects by
 * itself; where it gives up (an HTTP error) or hangs without an error (sleep, a proxy), a new one takes over.
 * Passes texts on as they are.
 */
export class RelayLink {
  readonly #options: LinkOptions
  readonly #watch: SilenceWatch
  #source: EventSource | null = null
  #name: RelayStateName = 'connecting'
  #refused = false
  /** By the monotonic clock. */
  #changedAt: number
  #tries = 0
  #retry: unknown

  constructor(options: LinkOptions) {
    this.#options = options
    this.#changedAt = options.clock.monotonic()
    this.#watch = new SilenceWatch(options.clock, (silent) => {
      this.#judge(silent)
    })
  }

  get name(): RelayStateName {
    return this.#name
  }

  get refused(): boolean {
    return this.#refused
  }

  /** True from `open` to `close`. */
  get isBegun(): boolean {
    return this.#source !== null
  }

  /** True while what is told has a chance to be heard. */
  get isOpen(): boolean {
    return this.#name === 'open' || this.#name === 'stalled'
  }

  open(): void {
    this.#source?.close()
    this.#options.clock.clearTimeout(this.#retry)
    const source = new EventSource(this.#options.url())
    this.#source = source
    this.#watch.start()
    source.addEventListener('hello', (event) => {
      this.#alive()
      this.#tries = 0
      this.#set('open', false)
      this.#options.onHello(event.data as string)
    })
    source.addEventListener('batch', (event) => {
      this.#alive()
      this.#options.onBatch(event.data as string, event.lastEventId)
    })
    source.addEventListener('heartbeat', (event) => {
      this.#alive()
      this.#options.onHeartbeat(event.data as string)
    })
    source.onerror = () => {
      this.#down()
      if (source.readyState !== EventSource.CLOSED) return
      this.#again()
      void this.#askWhy()
    }
  }

  /** Tries at once, say because the network or the page came back. */
  wake(): void {
    if (this.#source && this.#name === 'open') return
    this.#tries = 0
    this.open()
  }

  /** Ends the stream; `open` begins another. */
  close(): void {
    this.#source?.close()
    this.#source = null
    this.#watch.stop()
    this.#options.clock.clearTimeout(this.#retry)
  }

  #alive(): void {
    this.#watch.heard()
    if (this.#name === 'stalled') this.#set('open')
  }

  #down(): void {
    if (this.#name !== 'reconnecting' && this.#name !== 'lost') this.#set('reconnecting')
  }

  #again(): void {
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]!
    this.#options.clock.clearTimeout(this.#retry)
    this.#retry = this.#options.clock.setTimeout(() => {
      this.open()
    }, wait)
  }

  /** An EventSource does not tell the status of what it was answered. */
  async #askWhy(): Promise<void> {
    const source = this.#source
    try {
      const { status } = await fetch(this.#options.probe, { method: 'HEAD' })
      if (this.#source === source) this.#set(this.#name, status === 401 || status === 403)
    } catch {
      // Nobody answers: that is no refusal.
    }
  }

  #judge(silentMs: number): void {
    const { clock } = this.#options
    if (silentMs > STALLED_MS && this.#name === 'open') this.#set('stalled')
    if (silentMs > DEAD_MS) {
      this.#down()
      this.open()
    } else if (this.#name === 'reconnecting' && clock.monotonic() - this.#changedAt > LOST_AFTER_MS)
      this.#set('lost')
  }

  #set(name: RelayStateName, refused = this.#refused): void {
    if (this.#name === name && this.#refused === refused) return
    if (this.#name !== name) this.#changedAt = this.#options.clock.monotonic()
    this.#name = name
    this.#refused = refused
    this.#options.onState(name, refused)
  }
}
