import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { formatBytes } from '#lib/format.ts'
import { isTerminal, statusLabel } from '#model/status.ts'
import type { ResultInfo, Task } from '#model/task.ts'
import type { TaskPanelProps } from '../panel-props.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { useNow } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Icon, type IconName } from '#ui/icon.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { ErrorView } from './error-view.tsx'
import { LiveOutput } from './live-output.tsx'
import { OutputBody } from './output-body.tsx'
import { useTaskSchemas } from './use-task-schemas.ts'

/** Results up to this size are read without being asked for. */
const READ_AT_ONCE = 256 * 1024
const encoder = new TextEncoder()

/** What a task brought forth: its error and its output, final or not, neither in place of the other. */
export function OutputPanel(props: TaskPanelProps) {
  const { task, compact: fill } = props
  const now = useNow(10_000)
  return (
    <div className={classes('flex min-w-0 flex-col', fill && 'h-full min-h-0 overflow-y-auto')}>
      {task.error !== null && <ErrorView error={task.error} now={now} />}
      {task.detail.output !== null &&
      task.detail.output.json !== '{}' &&
      task.detail.output.json !== 'null' ? (
        <LiveOutput key={`${task.source}/${task.id}`} task={task} output={task.detail.output} fill={fill} />
      ) : (
        <Result task={task} fill={fill} />
      )}
    </div>
  )
}

function Result(props: { task: Task; fill: boolean }) {
  const { task, fill } = props
  const { result } = task
  const hasEarlyOutputs = useCan(task.source, 'earlyOutputs')
  if (!isTerminal(task.status) && result === null)
    return (
      <Words icon="clock">
        {hasEarlyOutputs ? 'No output yet.' : 'No result yet: the task has not ended.'}
      </Words>
    )
  if (task.status === 'lost')
    return (
      <Words icon="unlink">
        No result: the source restarted or forgot the task before it was seen to end.
      </Words>
    )
  if (result === null || result.state === 'none')
    return (
      <Words icon="info">
        The task{' '}
        {task.status === 'completed' ? 'completed' : `ended (${statusLabel(task.status).toLowerCase()})`}{' '}
        without a result.
      </Words>
    )
  if (result.state === 'unreadable')
    return (
      <Words icon="warning" tone="text-warn">
        The task has ended; its result cannot be read.
        {result.reason !== null && (
          <span className="said mt-1 block font-mono text-sm text-mute">{result.reason}</span>
        )}
      </Words>
    )
  return (
    <Available key={`${task.source}/${task.id}/${task.endedAt}`} task={task} result={result} fill={fill} />
  )
}

function Available(props: { task: Task; result: ResultInfo; fill: boolean }) {
  const { task, result, fill } = props
  const { source, id } = task
  const weir = useWeir()
  const [asked, setAsked] = useState(false)
  const whole = encoder.encode(result.preview).length >= result.bytes
  const large = result.bytes > READ_AT_ONCE
  const query = useQuery({
    queryKey: ['output', source, id, task.endedAt],
    queryFn: () => weir.output(source, id),
    enabled: !whole && (!large || asked),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  })
  const schemas = useTaskSchemas(task)
  const rich = useCan(source, 'media')
  const text = whole ? result.preview : query.data
  const actions = (
    <>
      <span>{formatBytes(result.bytes)}</span>
      <CopyButton label="Copy" small text={async () => text ?? (await weir.output(source, id))} />
      <a
        href={weir.outputUrl(source, id)}
        download={`${id}.json`}
        className="inline-flex h-6 items-center gap-1.5 rounded-md border border-line2 bg-raise px-2 text-sm text-ink hover:bg-hover"
      >
        <Icon name="download" size={14} />
        Download
      </a>
    </>
  )
  if (text !== undefined)
    return (
      <OutputBody
        json={text}
        schema={schemas?.output}
        rich={rich}
        changed={[]}
        fill={fill}
        actions={actions}
      />
    )
  return (
    <>
      <div className="flex min-h-9 items-center justify-end gap-2 border-b border-line px-3 py-1 text-sm text-faint">
        {actions}
      </div>
      <div className="grid justify-items-center gap-3 px-3 py-6 text-center">
        {query.isError && (
          <p role="alert" className="said text-bad">
            {query.error.message}
          </p>
        )}
        {large && !query.isFetching && (
          <p className="text-mute">A result of {formatBytes(result.bytes)}; it begins:</p>
        )}
        {!query.isFetching && (
          <pre className="said max-h-28 w-full overflow-hidden rounded-md bg-bg px-3 py-2 text-left font-mono text-sm whitespace-pre-wrap text-mute">
            {result.preview.slice(0, 1_200)}…
          </pre>
        )}
        {query.fetchStatus !== 'idle' ? (
          <Waiting>Loading {formatBytes(result.bytes)}…</Waiting>
        ) : (
          <Button
            icon={query.isError ? 'refresh' : 'download'}
            onClick={() => {
              if (asked || !large) void query.refetch()
              setAsked(true)
            }}
          >
            {query.isError ? 'Try again' : `Load ${formatBytes(result.bytes)}`}
          </Button>
        )}
      </div>
    </>
  )
}

function Words(props: { icon: IconName; tone?: string; children: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-lg items-start gap-2.5 px-4 py-10 text-mute">
      <Icon name={props.icon} size={15} className={classes('mt-[3px]', props.tone ?? 'text-faint')} />
      <div className="min-w-0">{props.children}</div>
    </div>
  )
}
