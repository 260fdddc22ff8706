import { formatPercent, UNKNOWN } from '#lib/format.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { ProgressBar } from '#ui/progress-bar.tsx'
import { STATUS_LOOK } from './status-look.ts'
import { finishWords, lifeWords, progressText, rateWords, silenceWords, stepWords } from './task-words.ts'
import type { Freshness } from './use-freshness.ts'

/** A task's progress in figures, bar and words; nothing moves when values change. */
export function TaskProgress(props: {
  task: TaskSummary
  freshness: Freshness
  now: number
  className?: string
}) {
  const { task, freshness, now, className } = props
  const over = isTerminal(task.status)
  const stale = freshness.stale && !over
  const percent = task.progress?.percent ?? null
  const silence = stale ? null : silenceWords(task, now)
  const failed = task.status === 'failed' && task.error !== null
  return (
    <div className={classes('grid min-w-0 gap-1.5', className)}>
      <div className="flex items-baseline justify-between gap-3 text-mute">
        <b
          className={classes(
            'text-xl font-medium tracking-tight',
            percent === null || stale ? 'text-mute' : 'text-ink',
          )}
        >
          {percent === null ? UNKNOWN : formatPercent(percent)}
        </b>
        <span className="min-w-0 truncate">{stepWords(task) ?? 'progress not reported'}</span>
      </div>
      <ProgressBar
        value={percent ?? (over ? 0 : null)}
        text={progressText(task, now)}
        tone={STATUS_LOOK[task.status].tone}
        hatched={stale || task.status === 'lost'}
        still={stale || task.status === 'paused'}
      />
      <p
        className={classes('said-line min-h-5 font-mono text-sm/5', failed ? 'text-bad' : 'text-mute')}
        title={failed ? undefined : (task.message?.slice(0, 1_000) ?? undefined)}
      >
        {failed ? `${task.error?.type}: ${clip(task.error?.message ?? '')}` : clip(task.message ?? '')}
      </p>
      {silence !== null && (
        <p className="flex items-center gap-1.5 text-warn">
          <Icon name="clock" size={13} />
          {silence}
        </p>
      )}
      <Facts task={task} now={now} stale={stale} />
    </div>
  )
}

function Facts(props: { task: TaskSummary; now: number; stale: boolean }) {
  const { task, now, stale } = props
  const rate = stale ? null : rateWords(task)
  const finish = stale ? null : finishWords(task, now)
  return (
    <p className="flex flex-wrap justify-between gap-x-4 border-t border-line pt-1.5 text-sm text-faint">
      <span>
        {stale ? 'not known now' : lifeWords(task, now)}
        {rate !== null && <span className="text-mute"> · {rate}</span>}
        {task.stepsMissed > 0 && (
          <span className="text-warn"> · {task.stepsMissed.toLocaleString('en')} steps not received</span>
        )}
      </span>
      <span title="Range of believable ends, from the pace so far">
        {finish !== null ? `ends ${finish.clock}` : isTerminal(task.status) || stale ? '' : waiting(task)}
      </span>
    </p>
  )
}

function waiting(task: TaskSummary): string {
  return task.pace !== null && task.status !== 'paused' ? 'estimating…' : UNKNOWN
}

/** Layout is not asked to measure what nobody can see. */
function clip(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text
}
