import type { Clock } from '#lib/clock.ts'
import type { Connection, ConnectionEvents } from './connection.ts'
import { RelayLink } from './relay-link.ts'
import { Seats } from './seats.ts'
import { putJson, Teller, ToldTopics } from './teller.ts'

export interface OwnConnectionOptions {
  /** Origin and path before `/api`, without a slash at its end. */
  base: string
  clock: Clock
  /** The page's secret name at the relay. */
  session: string
  /** The id of the last message that the page has, if it had another connection before. */
  after?: string
  /**
   * Several pages of one browser share its few connections; false where the relay lives in the page, which
   * takes none of them.
   */
  isShared?: boolean
}

/** An event stream of this page alone: where there is no worker to share one, and in mocked pages. */
export class OwnConnection implements Connection {
  readonly #link: RelayLink
  readonly #teller: Teller
  readonly #topics = new ToldTopics()
  #events: ConnectionEvents | null = null
  #lastId: string
  readonly #seats: Seats | null

  constructor({ base, clock, session, after = '', isShared = false }: OwnConnectionOptions) {
    this.#lastId = after
    this.#seats =
      isShared && typeof BroadcastChannel !== 'undefined'
        ? new Seats({
            clock,
            session,
            channel: new BroadcastChannel('weir:connections'),
            isHidden: () => document.hidden,
            sit: (sits) => {
              if (sits) this.#link.open()
              else this.#link.close()
            },
            told: (share) => this.#events?.share?.(share),
          })
        : null
    this.#link = new RelayLink({
      clock,
      url: () =>
        `${base}/api/stream?session=${session}${this.#lastId ? `&after=${encodeURIComponent(this.#lastId)}` : ''}`,
      probe: `${base}/api/stream`,
      onState: (name, refused) => this.#events?.state(name, refused),
      onHello: (text) => {
        this.#events?.hello(text, clock.now())
        this.#teller.tell()
      },
      onHeartbeat: (text) => this.#events?.heartbeat(text, clock.now()),
      onBatch: (text, id) => {
        this.#lastId = id
        this.#events?.batch(text, id)
      },
    })
    this.#teller = new Teller({
      clock,
      isOpen: () => this.#link.isOpen,
      send: async () => {
        const { topics, again } = this.#topics.next()
        if (again) this.#teller.tell()
        const ok = await putJson(`${base}/api/stream/${session}/topics`, { topics }, clock)
        if (ok) this.#topics.taken(topics)
        return ok
      },
    })
  }

  open(events: ConnectionEvents): void {
    this.#events = events
    this.#begin()
  }

  setTopics(topics: readonly string[]): void {
    this.#topics.set(topics)
    this.#teller.tell()
  }

  setShown(): void {
    // Its stream is its own: it goes on while the page is hidden.
  }

  wake(): void {
    if (!this.#events) return
    if (this.#link.isBegun) this.#link.wake()
    else this.#begin()
  }

  pause(): void {
    this.#link.close()
    this.#seats?.leave()
  }

  take(): void {
    this.#seats?.ask(true)
  }

  close(): void {
    this.#events = null
    this.#link.close()
    this.#teller.close()
    this.#seats?.close()
  }

  #begin(): void {
    if (this.#seats) this.#seats.ask()
    else this.#link.open()
  }
}
