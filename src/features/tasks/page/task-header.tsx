import { Link } from '@tanstack/react-router'
import { taskKey, type Task, type TaskSummary } from '#model/task.ts'
import type { Freshness } from '#panels/progress/freshness.ts'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { BatchLink } from '#panels/task/batch-link.tsx'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { taskTopic } from '#protocols/weir/topics.ts'
import { Time } from '#ui/time.tsx'
import { WatchToggle } from '#ui/watch-toggle.tsx'
import { isTerminal } from '#model/status.ts'
import { LatestRefusal } from '#panels/command/refusal-note.tsx'
import { PageControls } from './page-controls.tsx'
import { RunAgain } from './run-again.tsx'

/**
 * Who it is, how it stands, and what can be done.
 * @param props.partial only what lists know of the task is here: not what it was started with
 */
export function TaskHeader(props: {
  task: Task
  fresh: Freshness
  now: number
  titleId: string
  partial?: boolean
}) {
  const { task, fresh, now, titleId, partial = false } = props
  const key = taskKey(task)
  const over = isTerminal(task.status)
  return (
    <header className="grid gap-2">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex min-w-0 items-center gap-1">
            <h1 id={titleId} className="said line-clamp-3 min-w-0 text-lg font-semibold text-wrap">
              {task.id}
            </h1>
            <CopyButton iconOnly label="Copy task ID" text={() => task.id} />
            {!over && <WatchToggle watchKey={key} />}
          </div>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-mute">
            <TaskStatusBadge task={task} fresh={fresh} withNote />
            <span aria-hidden="true" className="text-faint">
              ·
            </span>
            <Link
              to="/sources"
              className="inline-block min-w-6 py-0.5 text-center text-mute underline-offset-2 hover:text-ink hover:underline"
            >
              {task.source}
            </Link>
            <span aria-hidden="true" className="text-faint">
              ·
            </span>
            <span className="said">{task.type?.slice(0, 200) ?? 'type unknown'}</span>
            {task.batch !== null && (
              <>
                <span aria-hidden="true" className="text-faint">
                  ·
                </span>
                <BatchLink id={task.batch} className="said underline-offset-2" />
              </>
            )}
            <Started task={task} now={now} />
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2 pointer-coarse:gap-3">
          <PageControls task={task} />
          {over && !partial && <RunAgain task={task} />}
        </div>
      </div>
      <LatestRefusal source={task.source} target={taskTopic(task.source, task.id)} />
    </header>
  )
}

function Started(props: { task: TaskSummary; now: number }) {
  const { task, now } = props
  return (
    <span className="text-faint">
      {task.startedAt === null ? (
        <>
          first seen <Time at={task.firstSeenAt} as="when" now={now} />
        </>
      ) : (
        <>
          started <Time at={task.startedAt} as="when" now={now} />
        </>
      )}
      {!task.onServer && ' · no longer on the server, kept by Weir'}
    </span>
  )
}
