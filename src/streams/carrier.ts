import type { Clock } from '#lib/clock.ts'
import { randomId } from '#lib/random-id.ts'
import type { CarriedSession, SessionsRequest } from '#protocols/weir/api.ts'
import { CarriedTab } from './carried-tab.ts'
import { RelayLink } from './relay-link.ts'
import { putJson, Teller } from './teller.ts'
import type { Port, Stamped, ToTab, ToWorker } from './worker-messages.ts'

const PULSE_MS = 1_000
/** What hidden tabs are told of together: enough for titles and notices. */
const HIDDEN_TOPICS = ['tasks', 'sources']

export interface CarrierOptions {
  /** Origin and path before `/api`, without a slash at its end. */
  base: string
  clock: Clock
  /** Calls back when nobody holds the lock any more, which is when its tab has gone; absent: there are none. */
  whenFree?(lock: string, gone: () => void): void
}

/**
 * Carries one event stream for all tabs of a browser. Texts pass through unread: the name before a message's
 * id tells whose it is. Each tab that is shown has a session at the relay; those that are hidden keep theirs,
 * untold, and share one session for lists. Who does not acknowledge is skipped, and resumes later from the
 * relay, after what it was given last.
 */
export class Carrier {
  readonly #options: CarrierOptions
  readonly #carrier = randomId()
  readonly #listSession = randomId()
  readonly #tabs = new Set<CarriedTab>()
  readonly #link: RelayLink
  readonly #teller: Teller
  #isLinked = false
  #isClosed = false
  /** Whose a message is, by the name it goes under. */
  readonly #routes = new Map<string, CarriedTab>()
  #count = 0
  #statements = 0
  #listTurn = 0
  #hello: Stamped | null = null
  #heartbeat: Stamped | null = null
  #pulse: unknown

  constructor(options: CarrierOptions) {
    this.#options = options
    const { base, clock } = options
    this.#link = new RelayLink({
      clock,
      url: () => `${base}/api/stream?carrier=${this.#carrier}`,
      probe: `${base}/api/stream`,
      onState: () => {
        for (const tab of this.#tabs) this.#sendPulse(tab)
      },
      onHello: (text) => {
        this.#hello = { text, at: clock.now() }
        for (const tab of this.#tabs) {
          tab.post({ k: 'hello', ...this.#hello })
          this.#beginTurn(tab)
        }
        this.#listTurn += 1
        this.#teller.tell()
      },
      onHeartbeat: (text) => {
        this.#heartbeat = { text, at: clock.now() }
      },
      onBatch: (text, id) => {
        this.#route(text, id)
      },
    })
    this.#teller = new Teller({
      clock,
      isOpen: () => this.#link.isOpen,
      send: () => this.#state(),
    })
  }

  /** How many tabs it carries for. */
  get tabCount(): number {
    return this.#tabs.size
  }

  /** Serves a tab, from its `join` on. */
  serve(port: Port<ToWorker, ToTab>): void {
    let tab: CarriedTab | undefined
    port.onmessage = ({ data }) => {
      if (this.#isClosed) return
      if (data.k === 'join') tab ??= this.#join(port, data)
      else if (tab && this.#tabs.has(tab)) this.#hear(tab, data)
    }
  }

  /** The tab at this port has gone without a word. */
  gone(port: Port<ToWorker, ToTab>): void {
    for (const tab of this.#tabs) if (tab.port === port) this.#remove(tab)
  }

  /** Ends the stream and forgets all tabs, for good. */
  close(): void {
    this.#isClosed = true
    this.#tabs.clear()
    this.#routes.clear()
    this.#unlink()
    this.#teller.close()
  }

  #join(
    port: Port<ToWorker, ToTab>,
    { session, topics, shown, after }: ToWorker & { k: 'join' },
  ): CarriedTab {
    const { clock } = this.#options
    const name = `t${this.#count++}`
    const tab = new CarriedTab({ port, clock, session, name, after, shown })
    // A tab that came back, or that gave an old port up, is one tab still.
    const before = [...this.#tabs].filter((other) => other.session === session)
    this.#tabs.add(tab)
    for (const other of before) this.#remove(other)
    tab.topics.set(topics)
    if (this.#hello && this.#link.isOpen) tab.post({ k: 'hello', ...this.#hello })
    if (!this.#isLinked) {
      this.#isLinked = true
      this.#link.open()
      this.#pulse = clock.setTimeout(this.#beat, PULSE_MS)
    }
    this.#changed(tab)
    return tab
  }

  #hear(tab: CarriedTab, message: Exclude<ToWorker, { k: 'join' }>): void {
    switch (message.k) {
      case 'ack':
        if (tab.acknowledged()) this.#changed(tab)
        return
      case 'topics':
        tab.topics.set(message.topics)
        this.#teller.tell()
        return
      case 'shown':
        tab.setShown(message.shown, () => {
          this.#changed(tab)
        })
        return
      case 'wake':
        this.#link.wake()
        return
      case 'lock':
        tab.hasLock = true
        this.#options.whenFree?.(message.name, () => {
          this.#remove(tab)
        })
        return
      case 'bye':
        this.#remove(tab)
    }
  }

  #remove(tab: CarriedTab): void {
    if (!this.#tabs.delete(tab)) return
    tab.close()
    this.#routes.delete(tab.route)
    if (this.#tabs.size === 0) this.#unlink()
    else this.#teller.tell()
  }

  #unlink(): void {
    this.#isLinked = false
    this.#hello = null
    this.#link.close()
    this.#options.clock.clearTimeout(this.#pulse)
  }

  /** A tab is told otherwise from here on: it was hidden, shown, began to read again or stopped. */
  #changed(tab: CarriedTab): void {
    const { told, tell } = tab
    tab.told = tell
    if (tell === 'live' && told !== 'live') this.#beginTurn(tab)
    // It may have missed changes of lists: they begin anew, for all that share them.
    if (tab.sharesLists && !tab.hasLists) this.#listTurn += 1
    this.#sendPulse(tab)
    this.#teller.tell()
  }

  /** What was under way to a tab is void: it goes on after the last message it was given. */
  #beginTurn(tab: CarriedTab): void {
    this.#routes.delete(tab.route)
    tab.beginTurn()
    this.#routes.set(tab.route, tab)
  }

  #route(text: string, id: string): void {
    const space = id.indexOf(' ')
    const route = id.slice(0, space)
    if (route === this.#listRoute) {
      for (const tab of this.#tabs)
        if (tab.sharesLists) {
          tab.hasLists = true
          this.#give(tab, { k: 'batch', text, id: null })
        }
      return
    }
    const tab = this.#routes.get(route)
    if (!tab || tab.tell !== 'live') return
    tab.after = id.slice(space + 1)
    this.#give(tab, { k: 'batch', text, id: tab.after })
  }

  #give(tab: CarriedTab, message: ToTab): void {
    tab.post(message)
    if (tab.tell !== tab.told) this.#changed(tab)
  }

  get #listRoute(): string {
    return `l${this.#listTurn}`
  }

  /** States to the relay whose sessions this browser's stream carries, and how each is told. */
  async #state(): Promise<boolean> {
    const { base, clock } = this.#options
    const tabs = [...this.#tabs].filter((tab) => !tab.isParked)
    const told = tabs.map((tab) => ({ tab, ...tab.topics.next() }))
    const sessions = told.map(({ tab, topics }): CarriedSession => ({
      id: tab.session,
      route: tab.route,
      after: tab.after,
      tell: tab.tell,
      topics,
    }))
    if (tabs.some((tab) => tab.sharesLists))
      sessions.push({
        id: this.#listSession,
        route: this.#listRoute,
        after: null,
        tell: 'slowly',
        topics: HIDDEN_TOPICS,
      })
    if (told.some(({ again }) => again)) this.#teller.tell()
    const request: SessionsRequest = { n: this.#statements++, sessions }
    const ok = await putJson(`${base}/api/stream/${this.#carrier}/sessions`, request, clock)
    if (ok) for (const { tab, topics } of told) tab.topics.taken(topics)
    return ok
  }

  readonly #beat = (): void => {
    this.#pulse = this.#options.clock.setTimeout(this.#beat, PULSE_MS)
    for (const tab of this.#tabs) {
      this.#sendPulse(tab)
      if (tab.isParked === tab.wasParked) continue
      tab.wasParked = tab.isParked
      this.#teller.tell()
    }
  }

  #sendPulse(tab: CarriedTab): void {
    const { name, refused } = this.#link
    this.#give(tab, { k: 'pulse', name, refused, heartbeat: this.#heartbeat })
  }
}
