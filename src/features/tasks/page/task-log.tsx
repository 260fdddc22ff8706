import type { TaskSummary } from '#model/task.ts'
import { LogPanel } from '#panels/log/log-panel.tsx'
import { useTaskLog } from '#panels/task/use-task-log.ts'

export function TaskLog(props: { task: Pick<TaskSummary, 'source' | 'id'> }) {
  const { source, id } = props.task
  return <LogPanel log={useTaskLog(source, id)} />
}
