import type { Task } from '#model/task.ts'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { usePacedTaskState } from '#panels/task/use-paced.ts'
import { WALL_PERIOD_MS } from './wall-period.ts'

/** The state of a panel's task, for its title row. */
export function TaskPanelStatus(props: { source: string; id: string }) {
  const { task } = usePacedTaskState(props.source, props.id, WALL_PERIOD_MS)
  return task && <StatusOf task={task} />
}

function StatusOf(props: { task: Task }) {
  const { task } = props
  return <TaskStatusBadge task={task} fresh={useFreshness(task)} withNote={task.status === 'unknown'} />
}
