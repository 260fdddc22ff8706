import type { TaskSummary } from '#model/task.ts'
import type { Freshness } from '#panels/progress/freshness.ts'
import { footWords } from '#panels/progress/task-facts.ts'
import { useNow } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'

/** The last row: the only part of a card that follows the clock. */
export function TaskFoot(props: { task: TaskSummary; fresh: Freshness }) {
  const now = useNow(1_000)
  const { left, right, odd } = footWords(props.task, props.fresh, now)
  return (
    <div className="flex justify-between gap-3 border-t border-line pt-1.5 text-sm text-faint">
      <span className={classes('said-line', odd && 'text-warn')}>{left}</span>
      {right && <span className="shrink-0">{right}</span>}
    </div>
  )
}
