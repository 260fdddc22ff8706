import { taskKey, type TaskSummary } from '#model/task.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { sendTaskCommand, useTaskCommand } from '../task-commands.ts'
import { controlsOf, VERB_LABELS } from '../task-verbs.ts'

const ICONS = { cancel: 'stop', pause: 'pause', resume: 'play' } as const

/** The task's verbs with their words: Pause or Resume in one place, Cancel in another. */
export function PageControls(props: { task: TaskSummary }) {
  const { task } = props
  const weir = useWeir()
  const sent = useTaskCommand(taskKey(task))
  return (
    <>
      {controlsOf(task).map(({ verb, disabled }) => {
        const busy = sent?.phase === 'sent' && sent.verb === verb
        return (
          <Button
            key={verb === 'cancel' ? 'cancel' : 'hold'}
            look={verb === 'cancel' ? 'danger' : 'plain'}
            icon={ICONS[verb]}
            disabled={disabled !== null}
            title={disabled ?? (busy ? 'Sent, waiting for the answer' : undefined)}
            busy={busy}
            className={verb === 'cancel' ? '' : 'min-w-24'}
            onClick={() => void sendTaskCommand(weir, task, verb)}
          >
            {VERB_LABELS[verb]}
          </Button>
        )
      })}
    </>
  )
}
