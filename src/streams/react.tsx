import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { useStore } from 'zustand'
import { onInterval } from '#lib/shared-interval.ts'
import type { ListItem } from '#protocols/weir/stream.ts'
import { addressOf } from '#topics/address.ts'
import type { ListTopic } from '#topics/lists.ts'
import type { TopicView } from '#topics/view.ts'
import type { ListState } from './row-store.ts'
import { livenessOf, type Liveness, type RelayState } from './relay-state.ts'
import type { Meter, Streams } from './streams.ts'
import { topicStoreOf, type TopicName, type TopicPhase, type TopicStore } from './topic-store.ts'

const Context = createContext<Streams | null>(null)

export function StreamsProvider(props: { streams: Streams; children: ReactNode }) {
  return <Context value={props.streams}>{props.children}</Context>
}

/** The streams themselves: for handlers and for code that draws outside React. */
export function useStreams(): Streams {
  const streams = useContext(Context)
  if (!streams) throw new Error('useStreams needs a StreamsProvider above it')
  return streams
}

/** Watches a live list and renders when what `select` returns changes. */
export function useList<K extends ListTopic, R>(topic: K, select: (state: ListState<ListItem[K]>) => R): R {
  const streams = useStreams()
  useEffect(() => streams.watchList(topic), [streams, topic])
  return useStore(streams.list(topic).store, select)
}

/**
 * An item of a live list. Once it was shown it stays as it was last, also where the list has it no more
 * (`isGone`): what a person looks at, types into or zooms does not vanish under them.
 */
export function useKeptItem<K extends ListTopic>(
  topic: K,
  key: string,
): { item: ListItem[K] | undefined; isGone: boolean } {
  const listed = useList(topic, (state) => state.items.get(key))
  const [kept, setKept] = useState(listed)
  if (listed !== undefined && listed !== kept) setKept(listed)
  return { item: listed ?? kept, isGone: listed === undefined && kept !== undefined }
}

/** Watches a topic; for its store, what is large beside it, and raw subscription. */
export function useTopicStore<State extends object, Event, Snapshot, Bulk>(
  view: TopicView<State, Event, Snapshot, Bulk>,
  { source, id }: TopicName,
): TopicStore<State, Event, Snapshot, Bulk> {
  const streams = useStreams()
  const store = topicStoreOf(streams, view, { source, id })
  const address = addressOf(view.name, source, id)
  useEffect(() => streams.watch(address), [streams, address])
  return store
}

/** Watches a topic and renders when what `select` returns changes. */
export function useTopic<State extends object, Event, Snapshot, Bulk, R>(
  view: TopicView<State, Event, Snapshot, Bulk>,
  name: TopicName,
  select: (state: TopicPhase & State) => R,
): R {
  return useStore(useTopicStore(view, name).store, select)
}

export function useRelayState<R>(select: (state: RelayState) => R): R {
  return useStore(useStreams().connection, select)
}

/**
 * What a view may claim of what it shows. What is not live stops clocks, rates, time left, title, icon and counts
 * with it.
 */
export function useLiveness(): Liveness {
  return useRelayState(livenessOf)
}

export function useMeter<R>(select: (state: Meter) => R): R {
  return useStore(useStreams().meter, select)
}

/**
 * The time up to which the page knows anything, by the relay's clock, ms since epoch, anew every `everyMs`: it
 * stands still at the last sign of life while the relay gives none. All clocks on the page tick together.
 */
export function useNow(everyMs = 1_000): number {
  const streams = useStreams()
  return useTicking(everyMs, () => streams.liveNow())
}

/** As `useNow`, for the age of what was known last: that goes on when everything else stands still. */
export function useAgeNow(everyMs = 1_000): number {
  const streams = useStreams()
  return useTicking(everyMs, () => streams.now())
}

function useTicking(everyMs: number, now: () => number): number {
  const subscribe = useCallback((listener: () => void) => onInterval(everyMs, listener), [everyMs])
  return useSyncExternalStore(subscribe, () => Math.floor(now() / everyMs) * everyMs)
}
