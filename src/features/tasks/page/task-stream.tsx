import { useMutation } from '@tanstack/react-query'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { StreamLine } from '#panels/task/stream-line.tsx'
import { useCan, useLacks } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'

/** The stream behind this page, and the way to try it again. */
export function TaskStream(props: { task: TaskSummary; now: number }) {
  const { task, now } = props
  const weir = useWeir()
  const hasNone = useLacks(task.source, 'streams')
  const reopens = useCan(task.source, 'followLimits')
  const retry = useMutation({ mutationFn: () => weir.retryStream(task.source, task.id) })
  if (hasNone) return null
  return (
    <div className="grid gap-1 border-t border-line pt-2">
      <StreamLine
        stream={task.stream}
        source={task.source}
        now={now}
        over={isTerminal(task.status)}
        reopens={reopens}
        busy={retry.isPending}
        onRetry={() => {
          retry.mutate()
        }}
      />
      {retry.isError && (
        <p role="alert" className="said text-sm text-bad">
          {retry.error.message}
        </p>
      )}
    </div>
  )
}
