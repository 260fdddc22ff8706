import type { Task } from '#model/task.ts'
import type { Freshness } from '#panels/progress/freshness.ts'
import { TaskProgress } from '#panels/task/task-progress.tsx'
import { TimelineBar } from '#panels/timeline/timeline-bar.tsx'
import { layoutTimeline } from '#panels/timeline/timeline-layout.ts'
import { TimelineLegend } from '#panels/timeline/timeline-legend.tsx'
import { Banner } from '#ui/banner.tsx'
import { classes } from '#ui/classes.ts'
import { formatRoughly } from '#lib/format.ts'
import { useAgeNow } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { statusLabel } from '#model/status.ts'
import { TaskStream } from './task-stream.tsx'

/** Progress left; life so far and the stream right. */
export function Overview(props: { task: Task; fresh: Freshness; now: number }) {
  const { task, fresh, now } = props
  const layout = layoutTimeline(task, now, fresh.stale ? fresh.seenAt : null)
  const phased = useCan(task.source, 'phases')
  return (
    <section
      aria-label="Progress"
      className={classes(
        'overflow-hidden rounded-lg border border-line bg-panel shadow-cast',
        (fresh.stale || task.status === 'lost') && 'hatch',
      )}
    >
      {fresh.stale && (
        <Banner tone="wait" icon="question">
          <span title={fresh.why.slice(0, 1_000)}>
            <b className="font-medium">
              <LastSeen task={task} fresh={fresh} />
            </b>
            . What is shown may no longer be so.
          </span>
        </Banner>
      )}
      <div className="grid gap-x-8 gap-y-4 p-4 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
        <TaskProgress task={task} fresh={fresh} now={now} />
        <div className="grid content-start gap-2.5">
          <TimelineBar layout={layout} slim />
          {/* A task with phases enters up to nine one after another: they find their place. */}
          <div className={phased ? 'min-h-16 sm:max-lg:min-h-10' : ''}>
            <TimelineLegend layout={layout} />
          </div>
          <TaskStream task={task} now={now} />
        </div>
      </div>
    </section>
  )
}

function LastSeen(props: { task: Task; fresh: Freshness }): string {
  const { task, fresh } = props
  const now = useAgeNow()
  const word = statusLabel(task.status).toLowerCase()
  return fresh.seenAt === null
    ? `Last known: ${word}`
    : `Last seen ${word} ${formatRoughly(now - fresh.seenAt)} ago`
}
