import { whyNot } from '#model/capabilities.ts'
import type { Task } from '#model/task.ts'
import { useCapabilities } from '#streams/use-can.ts'
import { Button } from '#ui/button.tsx'
import { openNewTask } from '../new-task/open-new-task.ts'
import { askedOf } from './run-asked.ts'

/** Opens "New task" filled as this one was; what is not known is left to the person. */
export function RunAgain(props: { task: Task }) {
  const { source, type, detail } = props.task
  const { params, meta } = detail
  const capabilities = useCapabilities(source)
  const why = whyNot(capabilities, 'start')
  return (
    <Button
      icon="refresh"
      disabled={why !== null}
      title={why ?? undefined}
      onClick={() => {
        const { app, options } =
          capabilities?.start === 'schema' ? askedOf(type, meta, Date.now()) : { app: type, options: {} }
        openNewTask({
          source,
          options,
          ...(app === null ? {} : { type: app }),
          ...(params === undefined ? {} : { params }),
        })
      }}
    >
      Run again
    </Button>
  )
}
