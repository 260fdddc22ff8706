import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import { LogPanel } from '#panels/log/log-panel.tsx'
import { OutputPanel } from '#panels/output/output-panel.tsx'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { useAbsentTask } from '#panels/task/absent-task.ts'
import { StreamLine } from '#panels/task/stream-line.tsx'
import { TaskProgress } from '#panels/task/task-progress.tsx'
import { usePacedTaskState } from '#panels/task/use-paced.ts'
import { useTaskLog } from '#panels/task/use-task-log.ts'
import { TimelineBar } from '#panels/timeline/timeline-bar.tsx'
import { layoutTimeline } from '#panels/timeline/timeline-layout.ts'
import { useNow } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { Waiting } from '#ui/waiting.tsx'
import type { PanelTarget } from './layout.ts'

/** Dozens of panels are read at a glance: four looks a second are enough, and leave frames free. */
const WALL_PERIOD_MS = 250

function Absent(props: { source: string; id: string }) {
  return (
    <p className="flex items-start gap-2 p-4 text-mute">
      <Icon name="question" size={14} className="mt-[3px] text-faint" />
      <span>{useAbsentTask(props.source, props.id).words}</span>
    </p>
  )
}

/** What a panel shows, by its kind. */
export function PanelBody(props: { target: PanelTarget }) {
  const { kind, source, id } = props.target
  const { phase, task } = usePacedTaskState(source, id, WALL_PERIOD_MS)
  if (phase === 'absent') return <Absent source={source} id={id} />
  if (!task) return <Waiting className="p-4">Loading…</Waiting>
  switch (kind) {
    case 'log':
      return <LogOf task={task} />
    case 'output':
      return <OutputPanel task={task} fill />
    case 'progress':
      return <ProgressOf task={task} />
    case 'device':
      return null
  }
}

function LogOf(props: { task: Task }) {
  const { source, id } = props.task
  return <LogPanel log={useTaskLog(source, id)} />
}

function ProgressOf(props: { task: Task }) {
  const { task } = props
  const now = useNow()
  const fresh = useFreshness(task)
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
      <StreamLine
        stream={task.stream}
        source={task.source}
        now={now}
        over={isTerminal(task.status)}
        className="text-sm"
      />
    </div>
  )
}

/** The state of a panel's task, for its title row. */
export function PanelStatus(props: { target: PanelTarget }) {
  const { task } = usePacedTaskState(props.target.source, props.target.id, WALL_PERIOD_MS)
  return task && <StatusOf task={task} />
}

function StatusOf(props: { task: Task }) {
  const { task } = props
  return <TaskStatusBadge task={task} fresh={useFreshness(task)} withNote={task.status === 'unknown'} />
}
