import { Link } from '@tanstack/react-router'
import { memo, useId } from 'react'
import { isBeingCancelled, taskKey, type TaskSummary } from '#model/task.ts'
import { isTerminal } from '#model/status.ts'
import { CancelButton } from '#panels/command/cancel-button.tsx'
import { LatestRefusal } from '#panels/command/refusal-note.tsx'
import { useIsLong } from '#panels/command/stop-question.ts'
import { TaskBar } from '#panels/progress/task-bar.tsx'
import { statusWords } from '#panels/progress/task-facts.ts'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { isUnsure } from '#panels/progress/freshness.ts'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { usePacedTask } from '#panels/progress/use-paced-task.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { classes } from '#ui/classes.ts'
import { RunPreview } from './run-preview.tsx'

/** Off the screen a card costs nothing; its place is kept. */
const CARD = 'relative flex h-[216px] min-w-0 flex-col overflow-hidden rounded-lg border bg-panel'

/** One run of a batch that has begun: what it made, how it stands, and what tells it from the others. */
export const RunCard = memo(function RunCard(props: {
  source: string
  id: string
  number: number
  caption: string
}) {
  const { source, id, number, caption } = props
  const task = usePacedTask(`${source}/${id}`)
  if (!task)
    return (
      <EmptySlot number={number} caption={caption}>
        not seen in its source yet
      </EmptySlot>
    )
  return <Card task={task} number={number} caption={caption} />
})

function Card(props: { task: TaskSummary; number: number; caption: string }) {
  const { task, number, caption } = props
  const id = useId()
  const fresh = useFreshness(task)
  const unsure = isUnsure(task, fresh)
  const { note } = statusWords(task)
  const long = useIsLong(task)
  const provisional = task.preview?.provisional === true
  return (
    <article
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-caption`}
      data-task-status={task.status}
      data-stalled={fresh.stale || undefined}
      data-key={taskKey(task)}
      className={classes(
        CARD,
        'border-line shadow-cast [contain-intrinsic-size:auto_216px] [content-visibility:auto] hover:border-line2',
        unsure && 'hatch',
      )}
    >
      <div className="relative min-h-0 flex-1 bg-bg">
        <RunPreview task={task} />
      </div>
      <TaskBar task={task} fresh={fresh} className="h-1! rounded-none!" />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-0.5 px-2.5 py-1.5">
        <div className="flex h-[22px] items-center gap-2 pointer-coarse:h-10">
          <span className="shrink-0 text-faint">{number}</span>
          <h2 className="said-line text-base font-medium">
            <Link
              id={`${id}-name`}
              to="/tasks/$source/$taskId"
              params={{ source: task.source, taskId: task.id }}
              className="hover:underline"
            >
              {task.id}
            </Link>
          </h2>
          <span className="ml-auto flex items-center gap-1">
            <TaskStatusBadge task={task} fresh={fresh} />
            {!isTerminal(task.status) && (
              <CancelButton
                source={task.source}
                id={task.id}
                long={long}
                disabled={isBeingCancelled(task) ? 'Cancelling was already requested' : null}
                className="-mr-1"
              />
            )}
          </span>
        </div>
        <div className="flex h-[18px] gap-2 text-sm text-mute">
          <span id={`${id}-caption`} className="said-line" title={caption.length > 30 ? caption : undefined}>
            {caption || 'same input'}
          </span>
          {(provisional || note) && (
            <span className="ml-auto shrink-0 text-faint">{note || 'provisional'}</span>
          )}
        </div>
      </div>
      <LatestRefusal
        source={task.source}
        target={taskTopic(task.source, task.id)}
        className="absolute inset-x-0 bottom-0 z-2 max-h-full rounded-b-lg border-t"
      />
    </article>
  )
}

/** A place in the grid for a run that has not begun, or never will. */
export function EmptySlot(props: { number: number; caption: string; bad?: boolean; children: string }) {
  const { number, caption, bad = false, children } = props
  return (
    <div
      className={classes(
        CARD,
        'border-dashed border-line2 [contain-intrinsic-size:auto_216px] [content-visibility:auto]',
      )}
    >
      <div
        className={classes(
          'grid min-h-0 flex-1 place-content-center px-3 text-center text-sm',
          bad ? 'text-bad' : 'text-faint',
        )}
      >
        <span className="said line-clamp-4" title={bad ? children : undefined}>
          {children}
        </span>
      </div>
      <div className="flex gap-2 px-2.5 py-1.5 text-sm text-mute">
        <span className="shrink-0 text-faint">{number}</span>
        <span className="said-line">{caption || 'same input'}</span>
      </div>
    </div>
  )
}
