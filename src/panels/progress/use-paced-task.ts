import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { TaskSummary } from '#model/task.ts'
import type { Streams } from '#streams/streams.ts'
import { useStreams } from '#streams/react.tsx'
import { Pacer } from './pacer.ts'

const pacers = new WeakMap<Streams, Pacer<TaskSummary>>()

function pacerOf(streams: Streams): Pacer<TaskSummary> {
  let pacer = pacers.get(streams)
  if (!pacer) {
    pacer = new Pacer(streams.list('tasks').store)
    pacers.set(streams, pacer)
  }
  return pacer
}

/** One task of the live list, at most eight times a second another one. */
export function usePacedTask(key: string): TaskSummary | undefined {
  const streams = useStreams()
  useEffect(() => streams.watchList('tasks'), [streams])
  const item = useMemo(() => pacerOf(streams).item(key), [streams, key])
  return useSyncExternalStore(item.subscribe, item.get)
}
