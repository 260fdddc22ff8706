import { useMutation } from '@tanstack/react-query'
import { memo, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { isTerminal } from '#model/status.ts'
import { taskKey } from '#model/task.ts'
import { usePacedTask } from '#panels/progress/use-paced-task.ts'
import { TaskLink } from '#panels/task/task-link.tsx'
import { StreamLine } from '#panels/task/stream-line.tsx'
import { useList, useNow } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { useLacks } from '#streams/use-can.ts'
import { Button } from '#ui/button.tsx'
import { streamsOf } from './order-streams.ts'

const SHOWN = 12

/** The streams that the relay keeps for a source's tasks, the troubled ones first. */
export function SourceStreams(props: { name: string }) {
  const { name } = props
  const [all, setAll] = useState(false)
  const keys = useList(
    'tasks',
    useShallow((list) => streamsOf(list.items.values(), name).map(taskKey)),
  )
  const hasNone = useLacks(name, 'streams')
  const shown = all ? keys : keys.slice(0, SHOWN)
  if (hasNone) return null
  return (
    <section aria-label={`Streams of ${name}`} className="border-t border-line">
      <h3 className="px-4 pt-2.5 pb-1 text-sm text-faint">
        {keys.length === 0
          ? 'No streams: no task of this source is at work.'
          : `Streams of its tasks, ${keys.length}`}
      </h3>
      {keys.length > 0 && (
        <ul role="list" className="divide-y divide-line pb-1">
          {shown.map((key) => (
            <StreamRow key={key} taskKey={key} />
          ))}
        </ul>
      )}
      {keys.length > SHOWN && (
        <Button
          look="quiet"
          small
          className="mx-2 mb-2"
          onClick={() => {
            setAll(!all)
          }}
        >
          {all ? 'Show fewer' : `Show all ${keys.length}`}
        </Button>
      )}
    </section>
  )
}

const StreamRow = memo(function StreamRow(props: { taskKey: string }) {
  const task = usePacedTask(props.taskKey)
  const now = useNow()
  const weir = useWeir()
  const reopens = useCan(task?.source ?? '', 'followLimits')
  const retry = useMutation({
    mutationFn: (of: { source: string; id: string }) => weir.retryStream(of.source, of.id),
  })
  if (!task) return null
  return (
    <li className="grid items-start gap-x-4 px-4 py-1.5 sm:grid-cols-[minmax(0,220px)_minmax(0,1fr)]">
      <span className="said-line">
        <TaskLink source={task.source} id={task.id}>
          {task.id}
        </TaskLink>
      </span>
      <div className="min-w-0">
        <StreamLine
          stream={task.stream}
          source={task.source}
          now={now}
          busy={retry.isPending}
          over={isTerminal(task.status)}
          reopens={reopens}
          onRetry={() => {
            retry.mutate(task)
          }}
        />
        {retry.isError && (
          <p role="alert" className="said text-sm text-bad">
            {retry.error.message}
          </p>
        )}
      </div>
    </li>
  )
})
