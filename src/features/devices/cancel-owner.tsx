import { isTerminal } from '#model/status.ts'
import { taskKey } from '#model/task.ts'
import { CancelButton } from '#panels/command/cancel-button.tsx'
import { useSaid } from '#panels/command/command-store.ts'
import { OUTCOME_WORDS } from '#panels/command/refusal.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { useList } from '#streams/react.tsx'

/** Cancels the task that holds a device. */
export function CancelOwner(props: { source: string; id: string }) {
  const key = taskKey(props)
  const status = useList('tasks', ({ items }) => items.get(key)?.status)
  const refusal = useSaid(taskTopic(props.source, props.id))?.refusal
  if (status === 'cancelling')
    return (
      <span role="status" className="text-mute">
        Asked to cancel; the device is free when it has ended
      </span>
    )
  if (status !== undefined && isTerminal(status))
    return (
      <span role="status" className="text-mute">
        It has ended
      </span>
    )
  return (
    <>
      <CancelButton {...props} long ask label="Cancel that task" shape="small" />
      {refusal && (
        <span className="said text-bad">
          {OUTCOME_WORDS[refusal.outcome]}: {refusal.type}: {refusal.message.slice(0, 1_000)}
        </span>
      )}
    </>
  )
}
