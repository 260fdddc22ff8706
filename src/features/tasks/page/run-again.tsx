import type { TaskSummary } from '#model/task.ts'
import { Button } from '#ui/button.tsx'
import { openNewTask } from '../new-task/open-new-task.ts'

/** Opens "New task" filled as this one was; what is not known is left to the person. */
export function RunAgain(props: { task: TaskSummary; params: unknown }) {
  const { task, params } = props
  return (
    <Button
      icon="refresh"
      onClick={() => {
        openNewTask({
          source: task.source,
          ...(task.type === null ? {} : { type: task.type }),
          ...(params === undefined ? {} : { params }),
        })
      }}
    >
      Run again
    </Button>
  )
}
