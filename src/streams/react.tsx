import { createContext, useContext, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { ListItem } from '#protocols/weir/stream.ts'
import type { ListTopic } from '#protocols/weir/topics.ts'
import type { RelayState } from './connection.ts'
import type { ListState } from './list-store.ts'
import type { Meter, Streams } from './streams.ts'
import type { TaskStore } from './task-store.ts'

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

/** Watches a task; for its log buffer and raw subscription. */
export function useTaskStore(source: string, id: string): TaskStore {
  const streams = useStreams()
  useEffect(() => streams.watchTask(source, id), [streams, source, id])
  return streams.task(source, id)
}

export function useRelayState<R>(select: (state: RelayState) => R): R {
  return useStore(useStreams().connection, select)
}

export function useMeter<R>(select: (state: Meter) => R): R {
  return useStore(useStreams().meter, select)
}

/**
 * Now by the relay's clock, ms since epoch, anew every `everyMs`. All clocks on the page tick together.
 */
export function useNow(everyMs = 1_000): number {
  const streams = useStreams()
  const ticker = useMemo(
    () => ({
      subscribe: (listener: () => void) => subscribeTick(everyMs, listener),
      get: () => Math.floor(streams.now() / everyMs) * everyMs,
    }),
    [streams, everyMs],
  )
  return useSyncExternalStore(ticker.subscribe, ticker.get)
}

const tickers = new Map<number, { listeners: Set<() => void>; timer: ReturnType<typeof setInterval> }>()

function subscribeTick(everyMs: number, listener: () => void): () => void {
  let ticker = tickers.get(everyMs)
  if (!ticker) {
    const listeners = new Set<() => void>()
    ticker = {
      listeners,
      timer: setInterval(() => {
        for (const each of listeners) each()
      }, everyMs),
    }
    tickers.set(everyMs, ticker)
  }
  const { listeners, timer } = ticker
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      tickers.delete(everyMs)
    }
  }
}
