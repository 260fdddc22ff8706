import { memo } from 'react'
import { taskKey, type TaskSummary } from '#model/task.ts'
import { CancelButton } from '#panels/command/cancel-button.tsx'
import { isUnderWay, sendTaskCommand, useTaskCommand } from '#panels/command/task-commands.ts'
import { controlsOf, VERB_LABELS } from '#panels/command/task-verbs.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { IconButton } from '#ui/button.tsx'

const ICONS = { pause: 'pause', resume: 'play' } as const

/** Pause or Resume in one place, Cancel in another; always there, for pointer, touch and keyboard. */
export const TaskControls = memo(function TaskControls(
  props: Pick<TaskSummary, 'source' | 'id' | 'kind' | 'status' | 'statusNote'> & { long: boolean },
) {
  const { source, id, long } = props
  const weir = useWeir()
  const sent = useTaskCommand(taskKey(props))
  return (
    <>
      {controlsOf(props).map(({ verb, disabled }) => {
        if (verb === 'cancel')
          return <CancelButton key="cancel" source={source} id={id} long={long} disabled={disabled} />
        const busy = isUnderWay(sent, verb)
        return (
          <IconButton
            key="hold"
            icon={ICONS[verb]}
            label={VERB_LABELS[verb]}
            title={disabled ?? (busy ? 'Sent, waiting for the answer' : `${VERB_LABELS[verb]} ${id}`)}
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
