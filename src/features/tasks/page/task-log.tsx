import { LogPanel } from '#panels/log/log-panel.tsx'
import { useTaskLog } from '#panels/task/use-task-log.ts'

export function TaskLog(props: { source: string; id: string }) {
  return <LogPanel log={useTaskLog(props.source, props.id)} />
}
