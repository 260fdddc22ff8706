import { memo, useId } from 'react'
import { oneLine } from '#lib/format-line.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { formatPercent } from '#lib/format.ts'
import type { Freshness } from '#panels/progress/freshness.ts'
import { isPictured } from '#panels/output/pictured.ts'
import { SmallPicture } from '#panels/output/small-picture.tsx'
import { previewWords, provisionalWords } from '#panels/progress/preview-words.ts'
import { clockCells, missedWords, statusWords, stepWords } from '#panels/progress/task-facts.ts'
import { isStreamTroubled, streamWords } from '#panels/progress/stream-words.ts'
import { TaskBar } from '#panels/progress/task-bar.tsx'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { usePacedTask } from '#panels/progress/use-paced-task.ts'
import { BatchLink } from '#panels/task/batch-link.tsx'
import { taskTopic } from '#protocols/weir/topics.ts'
import { useNow } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { NameLink } from './name-link.tsx'
import { useSaid } from '#panels/command/command-store.ts'
import { LatestRefusal } from '#panels/command/refusal-note.tsx'
import { useIsLong } from '#panels/command/stop-question.ts'
import { SelectBox } from './select-box.tsx'
import { useSelected } from './selection.ts'
import { TaskControls } from './task-controls.tsx'

/** On phones a row has two lines: the id over state and progress. */
export const ROW_GRID =
  'grid items-center px-2 gap-x-2.5 [--controls:56px] pointer-coarse:[--controls:96px] grid-cols-[24px_minmax(0,1fr)_64px_var(--controls)] ' +
  'sm:grid-cols-[24px_minmax(0,1fr)_150px_110px_140px_var(--controls)] ' +
  'lg:grid-cols-[24px_minmax(0,1fr)_150px_110px_130px_116px_var(--controls)] ' +
  'xl:grid-cols-[24px_minmax(0,1.3fr)_184px_120px_minmax(0,1fr)_136px_132px_var(--controls)] ' +
  'min-[87.5rem]:grid-cols-[24px_minmax(0,1.2fr)_184px_120px_minmax(0,1fr)_minmax(0,1.2fr)_136px_132px_var(--controls)] ' +
  '2xl:grid-cols-[24px_minmax(0,1fr)_200px_150px_minmax(0,0.8fr)_minmax(0,1.6fr)_150px_140px_var(--controls)]'

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
  const { note } = statusWords(task)
  const long = useIsLong(task)
  const said = useSaid(taskTopic(task.source, task.id))
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-labelledby={id}
      aria-describedby={`${id}-from`}
      data-task-status={task.status}
      data-stalled={fresh.stale || undefined}
      data-key={key}
      style={{ top, height }}
      className={classes(
        ROW_GRID,
        'absolute inset-x-0 border-b border-line [contain:size_layout_style]',
        'has-[[data-task-link]:focus-visible]:outline-2 has-[[data-task-link]:focus-visible]:-outline-offset-2 has-[[data-task-link]:focus-visible]:outline-accent',
        selected ? 'bg-sel' : 'hover:bg-hover',
        fresh.stale && 'hatch',
        said?.refusal && 'z-3',
      )}
    >
      <span role="cell" className="max-sm:row-span-2">
        <SelectBox taskKey={key} id={task.id} />
      </span>
      <span role="cell" className="said-line font-medium max-sm:col-span-2 max-sm:self-end">
        <NameLink taskKey={key} source={task.source} id={task.id} nameId={id} />
      </span>
      <span role="cell" className="flex min-w-0 gap-1.5 overflow-hidden text-sm text-faint max-sm:self-start">
        <TaskStatusBadge task={task} fresh={fresh} />
        {note && <span className="said-line">{note}</span>}
      </span>
      <span
        role="cell"
        className="grid items-center gap-x-2 max-sm:-mt-1 max-sm:self-start sm:grid-cols-[40px_minmax(0,1fr)]"
      >
        <span className="text-right whitespace-nowrap max-sm:text-sm max-sm:text-mute">
          {formatPercent(task.progress?.percent ?? null)}
        </span>
        <TaskBar task={task} fresh={fresh} />
      </span>
      <span role="cell" id={`${id}-from`} className="said-line text-mute max-xl:hidden">
        {task.batch !== null && (
          <BatchLink
            id={task.batch}
            asIcon
            className="mr-1 inline-grid size-6 -ml-1 place-items-center align-middle text-faint"
          />
        )}
        {task.source} · {task.type ?? 'type unknown'}
      </span>
      <span role="cell" className="said-line font-mono text-sm text-mute max-[87.5rem]:hidden">
        <RowMessage task={task} />
      </span>
      <RowClock task={task} fresh={fresh} />
      <span
        role="cell"
        className="-mr-1 flex justify-end pointer-coarse:gap-2 max-sm:col-start-4 max-sm:row-span-2 max-sm:row-start-1"
      >
        <TaskControls
          source={task.source}
          id={task.id}
          status={task.status}
          statusNote={task.statusNote}
          long={long}
        />
        <LatestRefusal
          source={task.source}
          target={taskTopic(task.source, task.id)}
          className="absolute top-full right-2 z-3 w-[320px] max-w-[calc(100%-16px)] rounded-md border shadow-cast2"
        />
      </span>
    </div>
  )
}

function RowMessage(props: { task: TaskSummary }) {
  const { task } = props
  if (task.status === 'failed' && task.error)
    return <span className="text-bad">{oneLine(`${task.error.type}: ${task.error.message}`)}</span>
  if (!isTerminal(task.status) && isStreamTroubled(task.stream.name))
    return (
      <span data-stream-state={task.stream.name} title={task.stream.reason} className="text-warn">
        {streamWords(task.stream.name)}
      </span>
    )
  const { preview } = task
  const words = previewWords(task)
  const provisional = provisionalWords(task)
  return (
    <>
      {task.stepsMissed > 0 && <span className="mr-2 text-warn">{missedWords(task)}</span>}
      {isPictured(preview) && (
        <SmallPicture preview={preview} className="mr-2 inline-block! h-6 w-11 align-middle" />
      )}
      {provisional && <span className="mr-2 font-sans text-faint">{provisional}</span>}
      {oneLine(words || (task.message ?? stepWords(task)))}
    </>
  )
}

function RowClock(props: { task: TaskSummary; fresh: Freshness }) {
  const now = useNow(1_000)
  const { left, right, odd } = clockCells(props.task, props.fresh, now)
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
        {right}
      </span>
    </>
  )
}
