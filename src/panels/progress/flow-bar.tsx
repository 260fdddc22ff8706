import { statusLabel } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { classes } from '#ui/classes.ts'
import { TONE_TEXT } from '#ui/tone.ts'
import { flowOf, flowText, type SegmentState } from './status-flow.ts'
import { STATUS_LOOKS } from './task-look.ts'

const LOOKS: Record<SegmentState, string> = {
  done: 'bg-current opacity-55',
  skipped: 'bg-current opacity-25',
  now: 'bg-current',
  ahead: 'bg-track',
}

/** Where a run stands on its way, for runs that tell no percentage. */
export function FlowBar(props: { task: TaskSummary; hatched: boolean; className?: string }) {
  const { task, hatched, className } = props
  return (
    <div
      role="progressbar"
      aria-label={`Progress of ${task.id}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={flowText(task)}
      title={flowText(task)}
      className={classes(
        'flex h-1.5 gap-[3px]',
        TONE_TEXT[hatched ? 'wait' : STATUS_LOOKS[task.status].tone],
        className,
      )}
    >
      {flowOf(task).map(({ status, state }) => (
        <i
          key={status}
          title={statusLabel(status)}
          className={classes(
            'min-w-0 flex-1 rounded-[2px]',
            LOOKS[state],
            hatched && state !== 'ahead' && 'hatch-strong',
          )}
        />
      ))}
    </div>
  )
}
