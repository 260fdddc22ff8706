import { useMemo } from 'react'
import { useTopicStore } from '#streams/react.tsx'
import { NUMBERS_VIEW } from '#topics/device-view.ts'
import type { TaskPanelProps } from '../panel-props.ts'
import { LivePanel } from './live-panel.tsx'
import { subjectOfTask } from './live-subject.ts'
import { useWallAxis } from './wall-axis.ts'

/** The numbers that a task reports beside its progress, drawn over time. */
export function TaskPlots(props: TaskPanelProps) {
  const { task, compact } = props
  const { source, id, type, stream } = task
  const subject = useMemo(() => subjectOfTask({ source, id, type, stream }), [source, id, type, stream])
  const store = useTopicStore(NUMBERS_VIEW, task)
  const shared = useWallAxis()
  return (
    <LivePanel device={subject} store={store} compact={compact} {...(compact ? { axis: shared } : {})}>
      <p className="px-4 py-10 text-center text-mute">
        The task has reported no numbers to draw. What it sends is under “Raw”, word for word.
      </p>
    </LivePanel>
  )
}
