import type { RelayStateName } from './connection.ts'

/*
 * What a tab and the worker of its browser say to each other. Every message to a tab is acknowledged, so that
 * the worker knows who reads.
 */

export type ToWorker =
  | {
      k: 'join'
      session: string
      topics: readonly string[]
      shown: boolean
      /** The id of the last message that the tab has; null: none. */
      after: string | null
    }
  | { k: 'topics'; topics: readonly string[] }
  | { k: 'shown'; shown: boolean }
  /** The tab holds a web lock of this name as long as it lives. */
  | { k: 'lock'; name: string }
  | { k: 'wake' }
  | { k: 'bye' }
  | { k: 'ack' }

export type ToTab =
  /** Once a second, and at every change: that the worker lives, and how the relay is. */
  | { k: 'pulse'; name: RelayStateName; refused: boolean; heartbeat: Stamped | null }
  | ({ k: 'hello' } & Stamped)
  /** `id` is null where the batch is none of the tab's own session: lists, for tabs that are hidden. */
  | { k: 'batch'; text: string; id: string | null }

/** JSON as the relay wrote it, and when it came, ms since epoch. */
export interface Stamped {
  text: string
  at: number
}

/** One end of a channel between a tab and the worker. */
export interface Port<In, Out> {
  postMessage(message: Out): void
  /** One handler; the next takes its place. */
  onmessage: ((event: MessageEvent<In>) => void) | null
  close(): void
}
