import type { Clock } from '#lib/clock.ts'
import { ToldTopics } from './teller.ts'
import type { Port, ToTab, ToWorker } from './worker-messages.ts'

/** So many messages, or so many characters, may wait for a tab before it is skipped. */
const MOST_WAITING = { messages: 120, size: 8_000_000 }
/** A tab that goes away and comes back at once is not taken for hidden, ms. */
const HIDE_MS = 1_000
/** Where nothing tells whether a tab lives, one that was silent for so long is no watcher until it speaks, ms. */
const PARK_MS = 10 * 60_000

export interface CarriedTabOptions {
  port: Port<ToWorker, ToTab>
  clock: Clock
  session: string
  /** Its name among the tabs of this worker. */
  name: string
  after: string | null
  shown: boolean
}

/** What the worker knows of one tab: whether it is shown, whether it reads, and what it was given last. */
export class CarriedTab {
  readonly port: Port<ToWorker, ToTab>
  readonly session: string
  readonly topics = new ToldTopics()
  /** The id of the last message it was given; null: none. */
  after: string | null
  /** How it was told last. */
  told: 'live' | 'no' | null = null
  /** Whether it was parked when the relay was told last. */
  wasParked = false
  /** True while what it has of the shared lists is whole. */
  hasLists = false
  /** It has a web lock: that it is silent does not make it dead. */
  hasLock = false
  readonly #clock: Clock
  readonly #name: string
  #turn = 0
  #isShown: boolean
  #hide: unknown
  /** Sizes of the messages it has not acknowledged, oldest first. */
  #waiting: number[] = []
  #waitingSize = 0
  #lags = false
  /** By the monotonic clock. */
  #heardAt: number

  constructor({ port, clock, session, name, after, shown }: CarriedTabOptions) {
    this.port = port
    this.session = session
    this.after = after
    this.#clock = clock
    this.#name = name
    this.#isShown = shown
    this.#heardAt = clock.monotonic()
  }

  /** What its messages go under; another one in each turn, so that what comes late is known. */
  get route(): string {
    return `${this.#name}.${this.#turn}`
  }

  get tell(): 'live' | 'no' {
    return this.#isShown && !this.#lags ? 'live' : 'no'
  }

  get sharesLists(): boolean {
    return !this.#isShown && !this.#lags
  }

  /** It may be dead: it is no watcher until it speaks again. */
  get isParked(): boolean {
    return !this.hasLock && this.#waiting.length > 0 && this.#clock.monotonic() - this.#heardAt > PARK_MS
  }

  beginTurn(): void {
    this.#turn += 1
  }

  /** @param changed called when that makes a difference */
  setShown(shown: boolean, changed: () => void): void {
    this.#clock.clearTimeout(this.#hide)
    if (shown === this.#isShown) return
    const take = () => {
      this.#isShown = shown
      this.hasLists = false
      changed()
    }
    if (shown) take()
    else this.#hide = this.#clock.setTimeout(take, HIDE_MS)
  }

  /** Gives it a message, unless it does not read. */
  post(message: ToTab): void {
    if (this.#lags) return
    const size = 'text' in message ? message.text.length : 0
    this.port.postMessage(message)
    this.#waiting.push(size)
    this.#waitingSize += size
    if (
      this.#waiting.length > MOST_WAITING.messages ||
      (this.#waitingSize > MOST_WAITING.size && this.#waiting.length > 1)
    ) {
      this.#lags = true
      this.hasLists = false
    }
  }

  /** @returns true when it had lagged or was parked, and now has read all */
  acknowledged(): boolean {
    const { isParked } = this
    this.#heardAt = this.#clock.monotonic()
    this.#waitingSize -= this.#waiting.shift() ?? 0
    if (this.#waiting.length > 0) return false
    const lagged = this.#lags
    this.#lags = false
    return lagged || isParked
  }

  close(): void {
    this.#clock.clearTimeout(this.#hide)
    this.port.onmessage = null
    this.port.close()
  }
}
