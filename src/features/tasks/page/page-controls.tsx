import type { TaskSummary } from '#model/task.ts'
import { CancelButton } from '#panels/command/cancel-button.tsx'
import { isUnderWay, sendTaskCommand, useSaid } from '#panels/command/command-store.ts'
import { useIsLong } from '#panels/command/stop-question.ts'
import { controlsOf } from '#panels/command/task-verbs.ts'
import { verbLabel } from '#panels/command/verb-label.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { useCan } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'

const ICONS = { pause: 'pause', resume: 'play' } as const

/** The task's verbs with their words: Pause or Resume in one place, Cancel in another. */
export function PageControls(props: { task: TaskSummary }) {
  const { task } = props
  const { source, id } = task
  const weir = useWeir()
  const canPause = useCan(source, 'pause')
  const sent = useSaid(taskTopic(source, id))
  const long = useIsLong(task)
  return (
    <>
      {controlsOf(task, canPause).map(({ verb, disabled }) => {
        if (verb === 'cancel')
          return (
            <CancelButton key="cancel" source={source} id={id} long={long} disabled={disabled} shape="word" />
          )
        const busy = isUnderWay(sent, verb)
        return (
          <Button
            key="hold"
            icon={ICONS[verb]}
            disabled={disabled !== null}
            title={disabled ?? (busy ? 'Sent, waiting for the answer' : undefined)}
            busy={busy}
            className="min-w-24 touch-target"
            onClick={() => void sendTaskCommand(weir, task, verb)}
          >
            {verbLabel(verb)}
          </Button>
        )
      })}
    </>
  )
}
