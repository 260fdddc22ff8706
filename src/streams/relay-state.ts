import type { StoreApi } from 'zustand/vanilla'
import type { Clock } from '#lib/clock.ts'
import type { Heartbeat, Hello } from '#protocols/weir/stream.ts'
import type { RelayStateName, Share } from './connection.ts'
import { createIsolatedStore } from './isolated-store.ts'

/** What a page knows of its relay. */
export interface RelayState {
  name: RelayStateName
  /** Since when, ms since epoch, the page's clock. */
  since: number
  /** What the page shows is as of then, ms since epoch, the relay's clock; null while it is live. */
  asOf: number | null
  /** The relay answers, but this browser may not use it. */
  refused: boolean
  /** How the connections of this browser are shared out; null: this page has one, or needs none of its own. */
  share: Share
  /** True when the relay runs another version than this page was built from. */
  outdated: boolean
  /** Why the record is not being written, and since when (ms since epoch), as the relay said last; null while it is. */
  notWritten: { text: string; since: number } | null
}

/**
 * What a view may claim of the values it shows: `live`; `stalled`: no sign of life for 3 s, it may come back any
 * moment; `dead`: the connection ended, or nothing was heard for 10 s. Since when: `asOf`.
 */
export type Liveness = 'live' | 'stalled' | 'dead'

/** While it connects for the first time nothing is shown yet that could be old. */
export function livenessOf({ name }: Pick<RelayState, 'name'>): Liveness {
  if (name === 'stalled') return 'stalled'
  return name === 'open' || name === 'connecting' ? 'live' : 'dead'
}

/** Keeps the state of the relay from what a connection tells. */
export class RelayStateKeeper {
  readonly store: StoreApi<RelayState>
  readonly #clock: Clock
  readonly #version: string
  /** The relay's clock minus the page's monotonic one, once the relay has told it. */
  #ahead: number | null = null
  /** The last sign of life of the relay, ms since epoch, the relay's clock. */
  #heardAt: number
  /** When the last heartbeat came: the same one may be told again. */
  #heartbeatAt = 0

  constructor(clock: Clock, version: string) {
    this.#clock = clock
    this.#version = version
    this.#heardAt = clock.now()
    this.store = createIsolatedStore<RelayState>(() => ({
      name: 'connecting',
      since: clock.now(),
      asOf: null,
      refused: false,
      share: null,
      outdated: false,
      notWritten: null,
    }))
  }

  /** Now by the relay's clock, ms since epoch. */
  now(): number {
    return this.#ahead === null ? this.#clock.now() : this.#clock.monotonic() + this.#ahead
  }

  heard(): void {
    this.#heardAt = this.now()
  }

  /** @param at when the text came, ms since epoch, the page's clock */
  hello(text: string, at: number): void {
    const { version, now } = JSON.parse(text) as Hello
    this.#told(now, at)
    this.#patch({ outdated: version !== this.#version })
  }

  /** @param at when the text came, ms since epoch, the page's clock */
  heartbeat(text: string, at: number): void {
    if (at === this.#heartbeatAt) return
    this.#heartbeatAt = at
    const { now, notWritten = null } = JSON.parse(text) as Heartbeat
    this.#told(now, at)
    const before = this.store.getState().notWritten
    if (before?.since !== notWritten?.since || before?.text !== notWritten?.text) this.#patch({ notWritten })
  }

  state(name: RelayStateName, refused: boolean): void {
    const before = this.store.getState()
    const since = before.name === name ? before.since : this.#clock.now()
    const asOf = livenessOf({ name }) === 'live' ? null : (before.asOf ?? this.#heardAt)
    this.#patch({ name, since, asOf, refused })
  }

  share(share: Share): void {
    this.#patch({ share })
  }

  /** @param now the relay's clock at `at` */
  #told(now: number, at: number): void {
    this.#ahead = this.#clock.now() + now - at - this.#clock.monotonic()
    this.#heardAt = now
  }

  #patch(patch: Partial<RelayState>): void {
    const before = this.store.getState()
    const changes = Object.entries(patch).some(([key, value]) => before[key as keyof RelayState] !== value)
    if (changes) this.store.setState(patch)
  }
}
