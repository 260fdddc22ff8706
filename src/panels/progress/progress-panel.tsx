import { isTerminal } from '#model/status.ts'
import { useNow } from '#streams/react.tsx'
import { useLacks } from '#streams/use-can.ts'
import { classes } from '#ui/classes.ts'
import type { TaskPanelProps } from '../panel-props.ts'
import { StreamLine } from '../task/stream-line.tsx'
import { TaskProgress } from '../task/task-progress.tsx'
import { TimelineBar } from '../timeline/timeline-bar.tsx'
import { layoutTimeline } from '../timeline/timeline-layout.ts'
import { TaskStatusBadge } from './task-status.tsx'
import { useFreshness } from './use-freshness.ts'

/** Where a task stands: status, bar, phases and its stream. */
export function ProgressPanel(props: TaskPanelProps) {
  const { task } = props
  const now = useNow()
  const fresh = useFreshness(task)
  const hasStream = !useLacks(task.source, 'streams')
  return (
    <div
      data-task-status={task.status}
      data-stalled={fresh.stale || undefined}
      className={classes(
        // A scroller is a layer of its own; most panels are tall enough never to need one.
        'flex h-full flex-col gap-2.5 overflow-hidden p-3 focus-within:overflow-y-auto hover:overflow-y-auto',
        (fresh.stale || task.status === 'lost') && 'hatch',
      )}
    >
      <p className="flex min-w-0 items-center gap-2 text-sm text-faint">
        <TaskStatusBadge task={task} fresh={fresh} withNote />
        <span className="said-line">
          {task.source} · {task.type ?? 'type unknown'}
        </span>
      </p>
      <TaskProgress task={task} fresh={fresh} now={now} />
      <TimelineBar layout={layoutTimeline(task, now, fresh.stale ? fresh.seenAt : null)} slim />
      {hasStream && (
        <StreamLine
          stream={task.stream}
          source={task.source}
          now={now}
          over={isTerminal(task.status)}
          className="text-sm"
        />
      )}
    </div>
  )
}
