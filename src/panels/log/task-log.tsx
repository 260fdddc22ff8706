import type { TaskPanelProps } from '../panel-props.ts'
import { useTaskLog } from '../task/use-task-log.ts'
import { LogPanel } from './log-panel.tsx'

/** The log of a task. */
export function TaskLog(props: TaskPanelProps) {
  const { source, id } = props.task
  return <LogPanel log={useTaskLog(source, id)} />
}
