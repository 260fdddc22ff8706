import { Link } from '@tanstack/react-router'
import { memo, useId } from 'react'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { formatPercent } from '#lib/format.ts'
import type { Freshness } from '#panels/progress/freshness.ts'
import { footWords, missedWords, statusWords, stepWords } from '#panels/progress/task-facts.ts'
import { isStreamTroubled, streamWords } from '#panels/progress/stream-words.ts'
import { TaskBar } from '#panels/progress/task-bar.tsx'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { usePacedTask } from '#panels/progress/use-paced-task.ts'
import { useNow } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { RefusalNote } from './refusal-note.tsx'
import { SelectBox } from './select-box.tsx'
import { useSelected } from './selection.ts'
import { dismissRefusal, useTaskCommand } from './task-commands.ts'
import { TaskControls } from './task-controls.tsx'

export const ROW_GRID =
  'grid items-center gap-3 px-2 grid-cols-[24px_minmax(0,1.3fr)_104px_minmax(0,84px)_60px] ' +
  'sm:grid-cols-[24px_minmax(0,1.2fr)_minmax(0,190px)_minmax(0,150px)_minmax(0,190px)_60px] ' +
  'md:grid-cols-[24px_minmax(0,1.2fr)_minmax(0,180px)_minmax(0,130px)_minmax(0,0.8fr)_minmax(0,150px)_60px] ' +
  'lg:grid-cols-[24px_minmax(0,1.2fr)_minmax(0,180px)_minmax(0,170px)_minmax(0,0.5fr)_minmax(0,0.9fr)_minmax(0,160px)_minmax(0,130px)_60px] ' +
  'xl:grid-cols-[24px_minmax(0,1fr)_minmax(0,180px)_minmax(0,200px)_minmax(0,80px)_minmax(0,0.8fr)_minmax(0,1.6fr)_minmax(0,160px)_minmax(0,140px)_60px]'

interface RowProps {
  taskKey: string
  index: number
  top: number
  height: number
}

export const TaskRow = memo(function TaskRow(props: RowProps) {
  const task = usePacedTask(props.taskKey)
  return task ? <Row {...props} task={task} /> : null
})

function Row(props: RowProps & { task: TaskSummary }) {
  const { taskKey: key, task, index, top, height } = props
  const id = useId()
  const fresh = useFreshness(task)
  const selected = useSelected(key)
  const command = useTaskCommand(key)
  const { note } = statusWords(task)
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-labelledby={id}
      data-task-status={task.status}
      data-key={key}
      style={{ transform: `translateY(${top}px)`, height }}
      className={classes(
        ROW_GRID,
        'absolute inset-x-0 top-0 border-b border-line',
        selected ? 'bg-sel' : 'hover:bg-hover',
        fresh.stale && 'hatch',
      )}
    >
      <span role="cell">
        <SelectBox taskKey={key} id={task.id} />
      </span>
      <span role="cell" className="said-line font-medium">
        <Link
          id={id}
          to="/tasks/$source/$taskId"
          params={{ source: task.source, taskId: task.id }}
          data-task-link={key}
          className="hover:underline"
        >
          {task.id}
        </Link>
      </span>
      <span role="cell" className="flex min-w-0 gap-1.5 overflow-hidden text-sm text-faint">
        <TaskStatusBadge task={task} fresh={fresh} />
        {note && <span className="said-line max-sm:sr-only">{note}</span>}
      </span>
      <span role="cell" className="grid grid-cols-[36px_minmax(0,1fr)] items-center gap-x-2 max-sm:gap-x-1">
        <span className="text-right">{formatPercent(task.progress?.percent ?? null)}</span>
        <TaskBar task={task} fresh={fresh} />
      </span>
      <span role="cell" className="said-line text-mute max-lg:hidden">
        {task.source}
      </span>
      <span role="cell" className="said-line text-mute max-md:hidden">
        {task.type}
      </span>
      <span role="cell" className="said-line font-mono text-sm text-mute max-xl:hidden">
        <RowMessage task={task} />
      </span>
      <RowClock task={task} fresh={fresh} />
      <span role="cell" className="-mr-1 flex justify-end">
        <TaskControls source={task.source} id={task.id} kind={task.kind} status={task.status} />
        {command?.refusal && (
          <RefusalNote
            source={task.source}
            verb={command.verb}
            refusal={command.refusal}
            onDismiss={() => {
              dismissRefusal(key)
            }}
            className="absolute top-full right-2 z-3 w-[320px] max-w-[calc(100%-16px)] rounded-md border pl-2 shadow-cast2"
          />
        )}
      </span>
    </div>
  )
}

function RowMessage(props: { task: TaskSummary }) {
  const { task } = props
  if (task.status === 'failed' && task.error)
    return <span className="text-bad">{`${task.error.type}: ${task.error.message}`.slice(0, 300)}</span>
  if (!isTerminal(task.status) && isStreamTroubled(task.stream.name))
    return (
      <span data-stream-state={task.stream.name} title={task.stream.reason} className="text-warn">
        {streamWords(task.stream.name)}
      </span>
    )
  const missed = missedWords(task)
  return (
    <>
      {missed && <span className="mr-2 text-warn">{missed}</span>}
      {(task.message ?? stepWords(task)).slice(0, 300)}
    </>
  )
}

function RowClock(props: { task: TaskSummary; fresh: Freshness }) {
  const now = useNow(1_000)
  const { left, right, odd } = footWords(props.task, props.fresh, now)
  return (
    <>
      <span
        role="cell"
        title={left}
        className={classes('said-line text-sm max-sm:hidden', odd ? 'text-warn' : 'text-mute')}
      >
        {left}
      </span>
      <span role="cell" className="said-line text-sm text-mute max-lg:hidden">
        {right.replace(/^ends /, '')}
      </span>
    </>
  )
}
