import type { MessageId } from '#protocols/weir/stream.ts'

/** By whom something is told. */
export interface RecordTold extends MessageId {
  /** Now, by the relay's clock, ms since epoch. */
  at: number
}

/** A store that the relay's messages fill; changed by `commit`, at most once a frame. */
export interface WatchedStore {
  snapshot(snapshot: unknown, from: RecordTold): void
  push(events: readonly unknown[]): void
  commit(): void
  /** Nobody watches it from now on (ms since epoch, the relay's clock); a store that has this stays with the page. */
  leave?(at: number): void
}
