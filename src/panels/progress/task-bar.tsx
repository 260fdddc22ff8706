import type { TaskSummary } from '#model/task.ts'
import { useNow } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { ProgressBar } from '#ui/progress-bar.tsx'
import { FlowBar } from './flow-bar.tsx'
import { isUnsure, type Freshness } from './freshness.ts'
import { barOf, barText } from './task-facts.ts'
import { STATUS_LOOKS } from './task-look.ts'

/** A task's progress, in the colour of its state: a bar, or the flow of a run. */
export function TaskBar(props: { task: TaskSummary; fresh: Freshness; className?: string }) {
  const { task, fresh, className } = props
  const now = useNow(5_000)
  const phased = useCan(task.source, 'phases')
  const { value, still } = barOf(task)
  const hatched = isUnsure(task, fresh)
  // A task that tells no percentage may still have its way through the phases.
  if (phased && value === null)
    return <FlowBar task={task} hatched={hatched} {...(className ? { className } : {})} />
  return (
    <ProgressBar
      label={`Progress of ${task.id}`}
      value={value}
      text={barText(task, fresh, now)}
      tone={STATUS_LOOKS[task.status].tone}
      hatched={hatched}
      still={still || fresh.stale}
      {...(className ? { className } : {})}
    />
  )
}
