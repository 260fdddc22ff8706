/**
 * The connection of a page to its relay (`data-relay-state`). `stalled`: no sign of life for 3 s; `reconnecting`:
 * it ended, or was silent for 10 s; `lost`: the relay has not answered for another 10 s.
 */
export type RelayStateName = 'connecting' | 'open' | 'stalled' | 'reconnecting' | 'lost'

/** What a connection tells its page. Texts are JSON as the relay wrote them (`protocols/weir/stream.ts`). */
export interface ConnectionEvents {
  /** @param refused the relay answers, but this browser may not use it: its token is missing or another one */
  state(name: RelayStateName, refused: boolean): void
  /** @param at when it came, ms since epoch by the clock of this machine */
  hello(text: string, at: number): void
  heartbeat(text: string, at: number): void
  /** @param id `EPOCH-N`; null: lists that hidden pages are told of together */
  batch(text: string, id: string | null): void
  /** How the connections of this browser are shared out, where each page needs its own. */
  share?(share: Share): void
}

/**
 * `none-left`: other pages of this browser hold all of its connections, `given`: this page gave its own to
 * another one; null: it has its own, or needs none.
 */
export type Share = 'none-left' | 'given' | null

/** How a page hears from its relay: over a stream of its own, or over the one of its browser. */
export interface Connection {
  open(events: ConnectionEvents): void
  /** Sets what the page watches; never reconnects. */
  setTopics(topics: readonly string[]): void
  /** A hidden page goes on to watch, but need not be told until it is shown. */
  setShown(shown: boolean): void
  /** Tries at once, say because the network or the page came back. */
  wake(): void
  /** The page is put away, and may come back: `wake` goes on where it was. */
  pause(): void
  /** Takes over the connection of another page of this browser. */
  take?(): void
  close(): void
}
