import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Clock } from '#lib/clock.ts'
import type { Batch, Heartbeat, Hello } from '#protocols/weir/stream.ts'

/** The page's own connection (`data-relay-state`). `lost`: the relay has not answered for a while. */
export type RelayStateName = 'connecting' | 'open' | 'reconnecting' | 'lost'

export interface RelayState {
  name: RelayStateName
  /** ms since epoch, the page's clock. */
  since: number
  /** True when the relay runs another version than this page was built from. */
  outdated: boolean
  /** When this page met a relay whose record began anew, ms since epoch; null while it is the one it knows. */
  restartedAt: number | null
}

export interface ConnectionOptions {
  /** Origin and path before `/api`, without a slash at its end. */
  base: string
  clock: Clock
  version: string
  onBatch(batch: Batch): void
  /** The relay's clock minus the page's, ms. */
  onClock(offset: number): void
}

/** Heartbeats come every 5 s; after two missing ones and a bit the stream is taken for dead. */
const SILENCE_MS = 12_000
const LOST_AFTER_MS = 10_000
/** A request without an answer for so long is given up and made again. */
const PUT_TIMEOUT_MS = 10_000
const CHECK_MS = 2_000
/** A check that comes this late means that the page or the computer slept. */
const SLEPT_MS = 5_000
/** For messages that wait when a page wakes. */
const GRACE_MS = 500
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const

/**
 * Owns the page's one EventSource. The browser reconnects by itself and resumes by `Last-Event-ID`; where it
 * gives up (an HTTP error) or hangs without an error (sleep, a proxy), a new one takes over from the last id.
 */
export class Connection {
  readonly state: StoreApi<RelayState>
  readonly session = randomId()
  readonly #options: ConnectionOptions
  #source: EventSource | null = null
  #topics: readonly string[] = []
  #lastId = ''
  /** Of the relay that answered last. */
  #epoch: string | null = null
  /** These by the monotonic clock, except where the wall clock tells of sleep. */
  #heardAt = 0
  #changedAt: number
  #checkDue = 0
  #checkDueWall = 0
  #wokeLate = false
  #tries = 0
  #retry: unknown
  #watch: unknown
  #closed = false
  #putting = false
  #dirty = false
  #putTries = 0
  #putRetry: unknown
  /** What the relay may take for watched: what it acknowledged last, and what is under way. */
  #told = new Set<string>()
  /** Of these, what was let go since. When it comes back, the relay must first hear that it had gone. */
  readonly #left = new Set<string>()

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#changedAt = options.clock.monotonic()
    this.state = createStore(() => ({
      name: 'connecting' as const,
      since: options.clock.now(),
      outdated: false,
      restartedAt: null,
    }))
  }

  open(): void {
    if (this.#closed) return
    this.#source?.close()
    this.#options.clock.clearTimeout(this.#retry)
    const after = this.#lastId ? `&after=${encodeURIComponent(this.#lastId)}` : ''
    const source = new EventSource(`${this.#options.base}/api/stream?session=${this.session}${after}`)
    this.#source = source
    this.#heard()
    source.addEventListener('hello', (event) => {
      this.#hello(JSON.parse(event.data as string) as Hello)
    })
    source.addEventListener('batch', (event) => {
      this.#heard()
      this.#lastId = event.lastEventId
      this.#options.onBatch(JSON.parse(event.data as string) as Batch)
    })
    source.addEventListener('heartbeat', (event) => {
      this.#heard()
      this.#options.onClock((JSON.parse(event.data as string) as Heartbeat).now - this.#options.clock.now())
    })
    source.onerror = () => {
      this.#down()
      if (source.readyState === EventSource.CLOSED) this.#again()
    }
    if (this.#watch === undefined) this.#checkIn(CHECK_MS)
  }

  /** Takes note that the relay was restarted. */
  acceptRestart(): void {
    this.state.setState({ restartedAt: null })
  }

  /** Tries at once, say because the network or the page came back. */
  wake(): void {
    if (this.#closed || this.state.getState().name === 'open') return
    this.#tries = 0
    this.open()
  }

  /** Sets what the page watches; never reconnects. */
  setTopics(topics: readonly string[]): void {
    this.#topics = topics
    const wanted = new Set(topics)
    for (const topic of this.#told) if (!wanted.has(topic)) this.#left.add(topic)
    this.#dirty = true
    if (this.state.getState().name === 'open') void this.#putTopics()
  }

  close(): void {
    this.#closed = true
    this.#source?.close()
    this.#options.clock.clearTimeout(this.#retry)
    this.#options.clock.clearTimeout(this.#putRetry)
    this.#options.clock.clearTimeout(this.#watch)
  }

  #hello(hello: Hello): void {
    this.#heard()
    this.#tries = 0
    this.#putTries = 0
    this.#options.onClock(hello.now - this.#options.clock.now())
    const isOther = this.#epoch !== null && this.#epoch !== hello.epoch
    this.#epoch = hello.epoch
    if (isOther) this.state.setState({ restartedAt: hello.now })
    this.#set('open', hello.version !== this.#options.version)
    this.#dirty = true
    void this.#putTopics()
  }

  /** One request at a time; what changed meanwhile goes with the next, and what failed goes again. */
  async #putTopics(): Promise<void> {
    if (this.#putting) return
    this.#putting = true
    const { clock } = this.#options
    clock.clearTimeout(this.#putRetry)
    let ok = true
    while (ok && this.#dirty && !this.#closed) {
      const steady = this.#topics.filter((topic) => !this.#left.has(topic))
      // A topic that left and came back starts anew here, and must there: first without it, then with it.
      this.#dirty = steady.length < this.#topics.length
      ok = await this.#put(steady)
    }
    this.#putting = false
    if (ok) {
      this.#putTries = 0
      return
    }
    this.#dirty = true
    if (this.#closed) return
    const wait = RETRY_MS[Math.min(this.#putTries++, RETRY_MS.length - 1)]!
    this.#putRetry = clock.setTimeout(() => {
      // While the stream is down this waits for the next hello.
      if (this.state.getState().name === 'open') void this.#putTopics()
    }, wait)
  }

  async #put(topics: readonly string[]): Promise<boolean> {
    const { base, clock } = this.#options
    for (const topic of topics) this.#told.add(topic)
    const giveUp = new AbortController()
    const timer = clock.setTimeout(() => {
      giveUp.abort()
    }, PUT_TIMEOUT_MS)
    try {
      const { ok } = await fetch(`${base}/api/stream/${this.session}/topics`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ topics }),
        signal: giveUp.signal,
      })
      if (!ok) return false
    } catch {
      return false
    } finally {
      clock.clearTimeout(timer)
    }
    this.#told = new Set(topics)
    for (const topic of this.#left) if (!this.#told.has(topic)) this.#left.delete(topic)
    return true
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.monotonic()
  }

  #down(): void {
    const { name } = this.state.getState()
    if (name === 'open' || name === 'connecting') this.#set('reconnecting')
  }

  #again(): void {
    if (this.#closed) return
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]!
    this.#options.clock.clearTimeout(this.#retry)
    this.#retry = this.#options.clock.setTimeout(() => {
      this.open()
    }, wait)
  }

  readonly #check = (): void => {
    if (this.#closed) return
    const { clock } = this.#options
    const now = clock.monotonic()
    const slept = clock.now() - this.#checkDueWall > SLEPT_MS
    // Some monotonic clocks stand still in sleep: nobody knows how long it was, so the next heartbeat tells.
    if (slept) this.#heardAt = Math.min(this.#heardAt, now - SILENCE_MS / 2)
    // Timers of hidden pages are always late: every other check judges.
    this.#wokeLate = !this.#wokeLate && (slept || now - this.#checkDue > SLEPT_MS)
    if (this.#wokeLate) {
      this.#checkIn(GRACE_MS)
      return
    }
    if (this.state.getState().name === 'reconnecting' && now - this.#changedAt > LOST_AFTER_MS)
      this.#set('lost')
    if (now - this.#heardAt > SILENCE_MS) {
      // A page that was frozen finds its messages waiting: give them one turn before judging.
      const before = this.#heardAt
      clock.setTimeout(() => {
        if (this.#heardAt !== before || this.#closed) return
        this.#down()
        this.open()
      }, GRACE_MS)
    }
    this.#checkIn(CHECK_MS)
  }

  #checkIn(ms: number): void {
    const { clock } = this.#options
    this.#checkDue = clock.monotonic() + ms
    this.#checkDueWall = clock.now() + ms
    this.#watch = clock.setTimeout(this.#check, ms)
  }

  #set(name: RelayStateName, outdated = this.state.getState().outdated): void {
    const before = this.state.getState()
    if (before.name === name && before.outdated === outdated) return
    const { clock } = this.#options
    if (before.name !== name) this.#changedAt = clock.monotonic()
    const since = before.name === name ? before.since : clock.now()
    this.state.setState({ ...before, name, since, outdated })
  }
}

/** An unguessable id; `crypto.randomUUID` is missing on plain-HTTP pages. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
