import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useId, useMemo, useRef } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { formatDuration } from '#lib/format.ts'
import { taskKey, type TaskSummary } from '#model/task.ts'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { useList, useNow } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Time } from '#ui/time.tsx'
import type { TasksQuery } from './tasks-query.ts'

/** Between two readings of a list that only grows at its top, ms. */
const FRESH_MS = 60_000

/**
 * What ended so long ago that no live list has it: read from the record, page by page, and anew when a task has left
 * the live list, so that each is in exactly one of both. Nothing where there is none.
 */
export function EarlierTasks(props: { query: TasksQuery }) {
  const { text, statuses, source, type } = props.query
  const weir = useWeir()
  const title = useId()
  const filter = useMemo(
    () => ({ text, statuses: [...statuses], source, type }),
    [text, statuses, source, type],
  )
  const pages = useInfiniteQuery({
    queryKey: ['earlier-tasks', filter],
    queryFn: ({ pageParam, signal }) => weir.earlierTasks(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ cursor }) => cursor,
    staleTime: FRESH_MS,
  })
  useReadAnew(pages)
  const read = pages.data?.pages.flatMap((page) => page.tasks) ?? []
  const listed = useList(
    'tasks',
    useShallow(({ items }) => read.map(taskKey).filter((key) => items.has(key))),
  )
  const tasks = read.filter((task) => !listed.includes(taskKey(task)))
  if (tasks.length === 0) return null
  return (
    <section aria-labelledby={title} className="mt-6">
      <h2 id={title} className="mb-1.5 font-semibold text-mute">
        Earlier
      </h2>
      <ul role="list" className="divide-y divide-line rounded-md border border-line bg-panel">
        {tasks.map((task) => (
          <EarlierTask key={taskKey(task)} task={task} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button
          className="mt-2"
          busy={pages.isFetchingNextPage}
          onClick={() => {
            void pages.fetchNextPage()
          }}
        >
          Show earlier tasks
        </Button>
      )}
      {pages.isFetchNextPageError && (
        <p role="alert" className="said mt-2 text-bad">
          {pages.error.message}
        </p>
      )}
    </section>
  )
}

/** One reading at a time, however fast tasks leave the list. */
function useReadAnew({
  isFetching,
  refetch,
}: {
  isFetching: boolean
  refetch: () => Promise<unknown>
}): void {
  const left = useList('tasks', (state) => state.left)
  const asOf = useRef(left)
  useEffect(() => {
    if (isFetching || asOf.current === left) return
    asOf.current = left
    void refetch()
  }, [isFetching, refetch, left])
}

function EarlierTask(props: { task: TaskSummary }) {
  const { task } = props
  const now = useNow(60_000)
  const fresh = useFreshness(task)
  const { source, id, type, startedAt, endedAt } = task
  return (
    <li
      data-task-status={task.status}
      className="grid grid-cols-[minmax(0,1fr)_max-content] items-center gap-x-3 gap-y-0.5 px-3 py-2 hover:bg-hover sm:grid-cols-[minmax(0,1.2fr)_140px_minmax(0,1fr)_150px_100px]"
    >
      <Link
        to="/tasks/$source/$taskId"
        params={{ source, taskId: id }}
        className="said-line font-medium hover:underline"
      >
        {id}
      </Link>
      <TaskStatusBadge task={task} fresh={fresh} />
      <span className="said-line text-mute">
        {source} · {type ?? 'type unknown'}
      </span>
      <span className="said-line text-sm text-mute">
        ended <Time at={endedAt} as="when" now={now} />
      </span>
      <span className="said-line text-right text-sm text-mute max-sm:hidden">
        {startedAt !== null && endedAt !== null ? `ran ${formatDuration(endedAt - startedAt)}` : ''}
      </span>
    </li>
  )
}
