import { memo } from 'react'
import { taskKey, type TaskSummary } from '#model/task.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { IconButton } from '#ui/button.tsx'
import { sendTaskCommand, useTaskCommand } from './task-commands.ts'
import { controlsOf, VERB_LABELS } from './task-verbs.ts'

const ICONS = { cancel: 'stop', pause: 'pause', resume: 'play' } as const

/** Pause or Resume in one place, Cancel in another; always there, for pointer, touch and keyboard. */
export const TaskControls = memo(function TaskControls(
  props: Pick<TaskSummary, 'source' | 'id' | 'kind' | 'status'>,
) {
  const weir = useWeir()
  const sent = useTaskCommand(taskKey(props))
  return (
    <>
      {controlsOf(props).map(({ verb, disabled }) => {
        const busy = sent?.phase === 'sent' && sent.verb === verb
        return (
          <IconButton
            key={verb === 'cancel' ? 'cancel' : 'hold'}
            icon={ICONS[verb]}
            label={VERB_LABELS[verb]}
            title={disabled ?? (busy ? 'Sent, waiting for the answer' : `${VERB_LABELS[verb]} ${props.id}`)}
            disabled={disabled !== null}
            busy={busy}
            onClick={() => void sendTaskCommand(weir, props, verb)}
          />
        )
      })}
    </>
  )
})
