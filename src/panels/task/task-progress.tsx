import type { TaskSummary } from '#model/task.ts'
import { isUnsure, type Freshness } from '#panels/progress/freshness.ts'
import { TaskBar } from '#panels/progress/task-bar.tsx'
import { footWords, headline, missedWords, stepWords } from '#panels/progress/task-facts.ts'
import { classes } from '#ui/classes.ts'

/** A task's progress in figures, bar and words; nothing moves when values change. */
export function TaskProgress(props: {
  task: TaskSummary
  fresh: Freshness
  now: number
  className?: string
}) {
  const { task, fresh, now, className } = props
  const unsure = isUnsure(task, fresh)
  const failed = task.status === 'failed' ? task.error : null
  const words = failed ? `${failed.type}: ${failed.message}` : (task.message ?? '')
  const missed = missedWords(task)
  const foot = footWords(task, fresh, now)
  return (
    <div className={classes('grid min-w-0 grid-cols-[minmax(0,1fr)] gap-1.5', className)}>
      <div className="flex items-baseline gap-2 text-mute">
        <b
          className={classes(
            'shrink-0 text-xl font-medium tracking-[-0.3px] whitespace-nowrap',
            unsure ? 'text-mute' : 'text-ink',
          )}
        >
          {headline(task)}
        </b>
        <span className="said-line">{stepWords(task)}</span>
        {missed && <span className="said-line ml-auto text-warn">{missed}</span>}
      </div>
      <TaskBar task={task} fresh={fresh} />
      <p
        className={classes('said-line min-h-5 font-mono text-sm/5', failed ? 'text-bad' : 'text-mute')}
        title={words.length > 40 ? words.slice(0, 1_000) : undefined}
      >
        {words.slice(0, 500).replace(/\s+/g, ' ')}
      </p>
      <p className="flex flex-wrap justify-between gap-x-4 border-t border-line pt-1.5 text-sm text-faint">
        <span className={classes(foot.odd && 'text-warn')}>{foot.left}</span>
        <span title={foot.right && 'The range of believable ends, from the pace so far'}>{foot.right}</span>
      </p>
    </div>
  )
}
