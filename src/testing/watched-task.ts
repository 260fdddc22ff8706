import type { Streams } from '#streams/streams.ts'
import { topicStoreOf, watchTopic } from '#streams/topic-store.ts'
import { TASK_VIEW } from '#topics/task-view.ts'

/** The store of a task. */
export const taskStoreOf = (streams: Streams, source: string, id: string) =>
  topicStoreOf(streams, TASK_VIEW, { source, id })

/** Watches a task. @returns ends that */
export const watchTask = (streams: Streams, source: string, id: string) =>
  watchTopic(streams, TASK_VIEW, { source, id })
