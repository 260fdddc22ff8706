import { memo } from 'react'
import type { TaskSummary } from '#model/task.ts'
import { CancelButton } from '#panels/command/cancel-button.tsx'
import { isUnderWay, sendTaskCommand, useSaid } from '#panels/command/command-store.ts'
import { controlsOf } from '#panels/command/task-verbs.ts'
import { verbLabel } from '#panels/command/verb-label.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { useCan } from '#streams/use-can.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { IconButton } from '#ui/button.tsx'

const ICONS = { pause: 'pause', resume: 'play' } as const

/** Pause or Resume in one place, Cancel in another; always there, for pointer, touch and keyboard. */
export const TaskControls = memo(function TaskControls(
  props: Pick<TaskSummary, 'source' | 'id' | 'status' | 'statusNote'> & { long: boolean },
) {
  const { source, id, long } = props
  const weir = useWeir()
  const canPause = useCan(source, 'pause')
  const sent = useSaid(taskTopic(source, id))
  return (
    <>
      {controlsOf(props, canPause).map(({ verb, disabled }) => {
        if (verb === 'cancel')
          return <CancelButton key="cancel" source={source} id={id} long={long} disabled={disabled} />
        const busy = isUnderWay(sent, verb)
        return (
          <IconButton
            key="hold"
            icon={ICONS[verb]}
            label={verbLabel(verb)}
            title={disabled ?? (busy ? 'Sent, waiting for the answer' : `${verbLabel(verb)} ${id}`)}
            disabled={disabled !== null}
            busy={busy}
            className="touch-target"
            onClick={() => void sendTaskCommand(weir, props, verb)}
          />
        )
      })}
    </>
  )
})
