import type { StoreApi } from 'zustand/vanilla'
import { callAll } from '#lib/isolate.ts'
import { addressOf } from '#topics/address.ts'
import type { Place, TopicView } from '#topics/view.ts'
import { createIsolatedStore } from './isolated-store.ts'
import type { Streams } from './streams.ts'
import type { RecordTold, WatchedStore } from './watched-store.ts'

/** What a page knows of a topic, beside what its kind says of it. */
export interface TopicPhase {
  /** `absent`: the relay knows no such topic. */
  phase: 'loading' | 'ready' | 'absent'
  /**
   * Since when the relay knows nothing of it, ms since epoch: what is shown is from before, and in this page
   * alone; null while it knows it.
   */
  heldSince: number | null
  /** What of the page's own went, since the relay's record does not have it, in a sentence; null: nothing. */
  cut: string | null
}

/** Names a topic within its kind. */
export interface TopicName {
  source: string
  id: string
}

/** The store of topics of a kind. */
export type StoreOf<View> =
  View extends TopicView<infer State, infer Event, infer Snapshot, infer Bulk>
    ? TopicStore<State, Event, Snapshot, Bulk>
    : never

/**
 * The store of one watched topic, of any kind. Events wait until `commit`; what they bring of bulk (lines, samples) goes
 * to buffers beside the store, for which there is a subscription of its own.
 */
export class TopicStore<State extends object, Event, Snapshot, Bulk> implements WatchedStore {
  readonly store: StoreApi<TopicPhase & State>
  /** Changes without the store: draw from it in `subscribe`. */
  readonly bulk: Bulk
  readonly #view: TopicView<State, Event, Snapshot, Bulk>
  readonly #listeners = new Set<() => void>()
  #told: { snapshot: Snapshot | null; from: RecordTold } | null = null
  #events: Event[] = []
  /** The record that told last what is held. */
  #record: RecordTold | null = null

  constructor(view: TopicView<State, Event, Snapshot, Bulk>) {
    this.#view = view
    this.bulk = view.bulk()
    this.store = createIsolatedStore(() => ({
      phase: 'loading',
      heldSince: null,
      cut: null,
      ...view.empty(),
    }))
  }

  /** @param snapshot null: there is no such topic */
  snapshot(snapshot: Snapshot | null, from: RecordTold): void {
    this.#told = { snapshot, from }
    this.#events = []
  }

  push(events: readonly Event[]): void {
    for (const event of events) this.#events.push(event)
  }

  /** Calls back after each commit that may have changed bulk. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  commit(): void {
    // Taken out first: whatever fails below, nothing is applied twice.
    const [told, events] = [this.#told, this.#events]
    this.#told = null
    this.#events = []
    const before = this.store.getState()
    let state = before
    try {
      if (told) state = { ...state, ...this.#begin(state, told.snapshot, told.from) }
      if (events.length > 0 && state.phase === 'ready')
        state = { ...state, ...this.#view.reduce(state, events, this.bulk) }
    } finally {
      if (state !== before) this.store.setState(state)
      this.changed()
    }
  }

  /** Bulk was changed from outside: something was read by range. */
  changed(): void {
    callAll(this.#listeners)
  }

  #begin(
    before: TopicPhase & State,
    snapshot: Snapshot | null,
    from: RecordTold,
  ): Partial<TopicPhase> & Partial<State> {
    if (snapshot === null) {
      const isHeld = before.phase === 'ready' && this.#view.holds(before)
      const phase: Partial<TopicPhase> = isHeld
        ? { heldSince: before.heldSince ?? from.at }
        : { phase: 'absent' }
      return phase as Partial<TopicPhase> & Partial<State>
    }
    const place: Place = { record: this.#placeOf(from), at: from.at }
    this.#record = from
    const { state, cut } = this.#view.begin(before, snapshot, this.bulk, place)
    return { ...state, phase: 'ready', heldSince: null, cut: cut ?? before.cut }
  }

  #placeOf({ epoch, boot }: RecordTold): Place['record'] {
    if (!this.#record) return 'first'
    if (this.#record.epoch !== epoch) return 'other'
    return this.#record.boot === boot ? 'same' : 'restarted'
  }
}

/** The store of a topic. It is filled while somebody watches it. */
export function topicStoreOf<State extends object, Event, Snapshot, Bulk>(
  streams: Pick<Streams, 'topic'>,
  view: TopicView<State, Event, Snapshot, Bulk>,
  { source, id }: TopicName,
): TopicStore<State, Event, Snapshot, Bulk> {
  return streams.topic(addressOf(view.name, source, id), () => new TopicStore(view))
}

/** Watches a topic, which has a store from now on. @returns ends that */
export function watchTopic<State extends object, Event, Snapshot, Bulk>(
  streams: Streams,
  view: TopicView<State, Event, Snapshot, Bulk>,
  name: TopicName,
): () => void {
  topicStoreOf(streams, view, name)
  return streams.watch(addressOf(view.name, name.source, name.id))
}
