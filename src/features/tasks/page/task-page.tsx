import { Link, useParams } from '@tanstack/react-router'
import { useId, useMemo } from 'react'
import { noDetail, taskKey, type Task, type TaskSummary } from '#model/task.ts'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { usePacedTaskState } from '#panels/task/use-paced.ts'
import { useAbsentTask } from '#panels/task/absent-task.ts'
import { useList, useNow } from '#streams/react.tsx'
import { Banner } from '#ui/banner.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { useAnswering, Waiting } from '#ui/waiting.tsx'
import { Overview } from './overview.tsx'
import { TaskAside } from './task-aside.tsx'
import { TaskHeader } from './task-header.tsx'
import { TaskTabs } from './task-tabs.tsx'

/** One task: `/tasks/$source/$taskId`. */
export function TaskPage() {
  const params: { source?: string; taskId?: string } = useParams({ strict: false })
  const { source = '', taskId = '' } = params
  return <TaskOf key={`${source}/${taskId}`} source={source} id={taskId} />
}

function TaskOf(props: { source: string; id: string }) {
  const { source, id } = props
  const { phase, task, heldSince, cut } = usePacedTaskState(source, id)
  return (
    <div className="h-full overflow-y-auto px-4 pt-3 pb-10 sm:px-[18px]">
      <nav aria-label="Breadcrumb" className="mb-1.5 text-sm text-faint">
        <Link to="/" className="inline-flex items-center gap-1 hover:text-ink">
          <Icon name="chevronLeft" size={12} />
          Tasks
        </Link>
      </nav>
      {phase === 'absent' ? (
        <Absent source={source} id={id} />
      ) : task === null ? (
        <Loading source={source} id={id} />
      ) : (
        <Found task={task} heldSince={heldSince} cut={cut} />
      )}
    </div>
  )
}

/**
 * @param props.heldSince since when the relay knows nothing of it; null: it does
 * @param props.cut what of this page's own had to go; null: nothing
 */
function Found(props: { task: Task; heldSince: number | null; cut: string | null }) {
  const { task, heldSince, cut } = props
  const titleId = useId()
  const now = useNow()
  const fresh = useFreshness(task)
  return (
    <article
      aria-labelledby={titleId}
      data-task-status={task.status}
      data-stalled={fresh.stale || undefined}
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
    >
      {heldSince !== null && (
        <Banner tone="warn" icon="warning">
          Weir has had no such task since <Time at={heldSince} />. What you see is from before, and in this
          browser only: it is gone when this page is closed or reloaded.
        </Banner>
      )}
      {cut !== null && (
        <Banner tone="warn" icon="warning">
          {cut}.
        </Banner>
      )}
      <TaskHeader task={task} fresh={fresh} now={now} titleId={titleId} />
      <Overview task={task} fresh={fresh} now={now} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-3 xl:grid-cols-[minmax(0,1fr)_minmax(300px,380px)]">
        <TaskTabs task={task} />
        <TaskAside task={task} />
      </div>
    </article>
  )
}

/** Not told yet. While Weir is away the page shows what its list knows of the task. */
function Loading(props: { source: string; id: string }) {
  const { source, id } = props
  const isAnswering = useAnswering()
  const row = useList('tasks', ({ items }) => items.get(taskKey({ source, id })))
  if (row && !isAnswering) return <Known row={row} />
  return (
    <div className="grid gap-3">
      <h1 className="said text-lg font-semibold text-mute">{id}</h1>
      <Waiting>Loading the task…</Waiting>
      <div aria-hidden="true" className="h-36 rounded-lg border border-line bg-panel" />
      <div aria-hidden="true" className="h-72 rounded-lg border border-line bg-panel" />
    </div>
  )
}

function Known(props: { row: TaskSummary }) {
  const { row } = props
  const titleId = useId()
  const now = useNow()
  const fresh = useFreshness(row)
  const task = useMemo(() => ({ ...row, detail: noDetail() }), [row])
  return (
    <article
      aria-labelledby={titleId}
      data-task-status={row.status}
      data-stalled={fresh.stale || undefined}
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
    >
      <TaskHeader task={task} fresh={fresh} now={now} titleId={titleId} partial />
      <Overview task={task} fresh={fresh} now={now} />
      <EmptyState icon="unlink" title="The rest comes when Weir is back">
        This page was not opened while Weir was there: log, output, messages and parameters are with Weir.
      </EmptyState>
    </article>
  )
}

function Absent(props: { source: string; id: string }) {
  const { source, id } = props
  const { what, words } = useAbsentTask(source, id)
  return (
    <>
      <h1 className="sr-only">{id}</h1>
      <EmptyState
        icon="question"
        title={what === 'unknown' ? 'Not known' : what === 'asking' ? 'Looking for it' : 'No such task'}
        actions={
          <Link
            to="/"
            className="inline-flex h-7 items-center rounded-md border border-line2 bg-raise px-2.5 hover:bg-hover"
          >
            All tasks
          </Link>
        }
      >
        <span className="said font-mono text-ink">{id.slice(0, 300)}</span>
        <br />
        <span className="said">{words}</span>
      </EmptyState>
    </>
  )
}
