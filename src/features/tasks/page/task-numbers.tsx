import { useMemo } from 'react'
import type { Task } from '#model/task.ts'
import { subjectOfTask } from '#panels/device/live-subject.ts'
import { useTopicStore } from '#streams/react.tsx'
import { NUMBERS_VIEW } from '#topics/device-view.ts'
import { lazyPart } from '#ui/lazy-part.tsx'

const LivePanel = lazyPart(async () => (await import('#panels/device/live-panel.tsx')).LivePanel, {
  waiting: <p className="px-4 py-10 text-center text-mute">Loading the plots…</p>,
})

/** The numbers that a task reports beside its progress, drawn over time. */
export function TaskNumbers(props: { task: Task }) {
  const { source, id, type, stream } = props.task
  const subject = useMemo(() => subjectOfTask({ source, id, type, stream }), [source, id, type, stream])
  const store = useTopicStore(NUMBERS_VIEW, props.task)
  return (
    <LivePanel device={subject} store={store}>
      <p className="px-4 py-6 text-center text-mute">
        The task has reported no numbers to draw. What it sends is below, word for word.
      </p>
    </LivePanel>
  )
}
