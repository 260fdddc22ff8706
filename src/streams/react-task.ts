import { useEffect } from 'react'
import { useStreams } from './react.tsx'
import { taskStoreOf, watchTask, type TaskStore } from './task-store.ts'

/*
 * Apart from the other hooks: reducer and log buffer load with the views of one task.
 */

/** Watches a task; for its store, its log buffer and raw subscription. */
export function useTaskStore(source: string, id: string): TaskStore {
  const streams = useStreams()
  useEffect(() => watchTask(streams, source, id), [streams, source, id])
  return taskStoreOf(streams, source, id)
}
