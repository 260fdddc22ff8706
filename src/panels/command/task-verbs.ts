import { isBeingCancelled, mayRun, type TaskSummary } from '#model/task.ts'

export type TaskVerb = 'cancel' | 'pause' | 'resume'

/** A control and, when it cannot be used now, why. */
export interface TaskControl {
  verb: TaskVerb
  disabled: string | null
}

/**
 * The controls a task has. What its source cannot do is absent; what it cannot do now is there with the
 * reason. Cancel is never taken away while the task may still run.
 * @param canPause its source can pause tasks, and resume them
 */
export function controlsOf(
  task: Pick<TaskSummary, 'status' | 'statusNote'>,
  canPause: boolean,
): TaskControl[] {
  const { status } = task
  if (!mayRun(task)) return []
  const cancelling = status === 'cancelling'
  const cancel: TaskControl = {
    verb: 'cancel',
    disabled: isBeingCancelled(task) ? 'Cancelling was already requested' : null,
  }
  if (!canPause || status === 'lost') return [cancel]
  const reason = cancelling ? 'It is being cancelled' : null
  return [
    status === 'paused' ? { verb: 'resume', disabled: null } : { verb: 'pause', disabled: reason },
    cancel,
  ]
}
