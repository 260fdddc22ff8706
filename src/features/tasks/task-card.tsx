import { memo, useId } from 'react'
import { UNKNOWN } from '#lib/format.ts'
import { oneLine } from '#lib/format-line.ts'
import { isTerminal } from '#model/status.ts'
import { taskKey, type TaskSummary } from '#model/task.ts'
import { isPictured } from '#panels/output/pictured.ts'
import { SmallPicture } from '#panels/output/small-picture.tsx'
import { previewWords } from '#panels/progress/preview-words.ts'
import { headline, missedWords, statusWords, stepWords } from '#panels/progress/task-facts.ts'
import { isStreamTroubled, streamWords } from '#panels/progress/stream-words.ts'
import { TaskBar } from '#panels/progress/task-bar.tsx'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { isUnsure } from '#panels/progress/freshness.ts'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { usePacedTask } from '#panels/progress/use-paced-task.ts'
import { BatchLink } from '#panels/task/batch-link.tsx'
import { taskTopic } from '#protocols/weir/topics.ts'
import { classes } from '#ui/classes.ts'
import { WatchToggle } from '#ui/watch-toggle.tsx'
import { NameLink } from './name-link.tsx'
import { LatestRefusal } from '#panels/command/refusal-note.tsx'
import { useIsLong } from '#panels/command/stop-question.ts'
import { SelectBox } from './select-box.tsx'
import { useSelected } from './selection.ts'
import { TaskControls } from './task-controls.tsx'
import { TaskFoot } from './task-foot.tsx'

/** As `CARD` says, px; with room for fingers where the pointer is one. */
export const CARD_HEIGHT = 158
export const COARSE_CARD_HEIGHT = 176
const CARD = 'h-[158px] pointer-coarse:h-[176px]'

/** One task of the grid. Every row has its place, so that nothing moves when values change. */
export const TaskCard = memo(function TaskCard(props: { taskKey: string }) {
  const task = usePacedTask(props.taskKey)
  return task ? <Card taskKey={props.taskKey} task={task} /> : <div className={CARD} />
})

function Card(props: { taskKey: string; task: TaskSummary }) {
  const { taskKey: key, task } = props
  const id = useId()
  const fresh = useFreshness(task)
  const selected = useSelected(key)
  const unsure = isUnsure(task, fresh)
  const picture = isPictured(task.preview) ? task.preview : null
  // Why it failed is never hidden by what it left behind.
  const pictured = task.error === null ? picture : null
  return (
    <article
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-from`}
      data-task-status={task.status}
      data-stalled={fresh.stale || undefined}
      data-key={key}
      className={classes(
        CARD,
        'group/card relative grid [contain:size_layout_style] content-start gap-y-1.5 rounded-lg border bg-panel px-3 pt-2.5 shadow-cast',
        'grid-cols-[minmax(0,1fr)] hover:border-line2',
        'has-[[data-task-link]:focus-visible]:outline-2 has-[[data-task-link]:focus-visible]:outline-accent',
        selected ? 'border-accent! bg-sel' : 'border-line',
        unsure && 'hatch',
      )}
    >
      <SelectBox
        taskKey={key}
        id={task.id}
        className={classes(
          'absolute -top-2 -left-2 z-1 rounded-md border border-line2 bg-raise shadow-cast',
          'group-hover/card:opacity-100 focus-within:opacity-100',
          'pointer-coarse:top-2 pointer-coarse:left-1.5 pointer-coarse:border-0 pointer-coarse:bg-transparent pointer-coarse:opacity-100 pointer-coarse:shadow-none',
          selected ? 'opacity-100' : 'opacity-0',
        )}
      />
      <div className="grid grid-cols-[minmax(0,1fr)]">
        <div className="flex h-5 items-center gap-1 pointer-coarse:pl-5">
          <h2 className="said-line text-base font-medium">
            <NameLink taskKey={key} source={task.source} id={task.id} nameId={`${id}-name`} />
          </h2>
          <span className="ml-auto pl-1">
            <TaskStatusBadge task={task} fresh={fresh} />
          </span>
        </div>
        <div className="flex h-[18px] justify-between gap-3 text-sm text-faint">
          <span id={`${id}-from`} className={classes('said-line', unsure && 'text-mute')}>
            {task.source} · {task.type ?? 'type unknown'}
            {task.batch !== null && (
              <>
                {' · '}
                <BatchLink id={task.batch} />
              </>
            )}
          </span>
          <CardNote task={task} />
        </div>
      </div>
      {pictured ? (
        <div className="flex h-[50px] gap-2.5 text-sm text-mute pointer-coarse:h-[68px]">
          <SmallPicture preview={pictured} className="h-full min-w-0 flex-1" />
          <span className="grid shrink-0 content-between justify-items-end">
            <Headline task={task} unsure={unsure} />
            <Controls task={task} />
          </span>
        </div>
      ) : (
        <div className="flex h-[26px] items-center gap-2 text-sm text-mute pointer-coarse:h-10">
          <Headline task={task} unsure={unsure} />
          <span className="said-line pt-1">{stepWords(task)}</span>
          <Controls task={task} />
          {picture && <SmallPicture preview={picture} className="ml-auto h-[26px] w-12 shrink-0" />}
        </div>
      )}
      <TaskBar task={task} fresh={fresh} />
      {!pictured && <CardMessage task={task} />}
      <TaskFoot task={task} fresh={fresh} />
      <LatestRefusal
        source={task.source}
        target={taskTopic(task.source, task.id)}
        className="absolute inset-x-0 bottom-0 z-2 max-h-full rounded-b-lg border-t"
      />
    </article>
  )
}

function Controls(props: { task: TaskSummary }) {
  const { task } = props
  const long = useIsLong(task)
  if (isTerminal(task.status)) return null
  return (
    <span className="-mr-1.5 ml-auto flex opacity-80 group-hover/card:opacity-100 focus-within:opacity-100 pointer-coarse:gap-2">
      <WatchToggle watchKey={taskKey(task)} className="touch-target" />
      <TaskControls
        source={task.source}
        id={task.id}
        status={task.status}
        statusNote={task.statusNote}
        long={long}
      />
    </span>
  )
}

/** The one number that matters. */
function Headline(props: { task: TaskSummary; unsure: boolean }) {
  const text = headline(props.task)
  if (text === UNKNOWN) return <span className="text-xl text-faint">{text}</span>
  return (
    <b
      className={classes(
        'text-xl font-medium tracking-[-0.3px] whitespace-nowrap',
        props.unsure ? 'text-mute' : 'text-ink',
      )}
    >
      {text}
    </b>
  )
}

/** What is asked, inferred, missing or kept away, in one quiet place under the state. */
function CardNote(props: { task: TaskSummary }) {
  const { task } = props
  const { note } = statusWords(task)
  const troubled = !isTerminal(task.status) && isStreamTroubled(task.stream.name)
  const missed = missedWords(task)
  return (
    <span className="flex min-w-0 shrink-0 gap-2 whitespace-nowrap">
      {troubled ? (
        <span data-stream-state={task.stream.name} title={task.stream.reason} className="text-warn">
          {streamWords(task.stream.name)}
        </span>
      ) : (
        missed && <span className={task.stepsMissed > 0 ? 'text-warn' : ''}>{missed}</span>
      )}
      {note && <span>{note}</span>}
    </span>
  )
}

function CardMessage(props: { task: TaskSummary }) {
  const { error, message, status } = props.task
  const failed = status === 'failed' && error
  const text = failed ? `${error.type}: ${error.message}` : previewWords(props.task) || (message ?? '')
  return (
    <div
      title={text.length > 32 ? text.slice(0, 600) : undefined}
      className={classes('said-line h-[18px] font-mono text-sm', failed ? 'text-bad' : 'text-mute')}
    >
      {oneLine(text)}
    </div>
  )
}
