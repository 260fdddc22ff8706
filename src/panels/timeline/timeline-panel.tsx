import type { Origin } from '#model/origin.ts'
import { statusLabel } from '#model/status.ts'
import type { TaskPanelProps } from '../panel-props.ts'
import { STATUS_LOOKS } from '#panels/progress/task-look.ts'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { GapList } from '#panels/task/gap-list.tsx'
import { useNow } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { classes } from '#ui/classes.ts'
import { Duration, Time } from '#ui/time.tsx'
import { TimelineBar } from './timeline-bar.tsx'
import { TONE_AREA } from './tone-area.ts'
import { layoutTimeline, type TimelinePhase } from './timeline-layout.ts'
import { TimelineLegend } from './timeline-legend.tsx'

const ORIGIN_WORDS: Record<Origin, string> = {
  stream: 'seen in its stream',
  poll: 'reported by the source',
  command: 'asked for by a person',
  inferred: 'inferred by Weir',
}

/** Phases carry the source's own times; other statuses are timed as they are seen. */
const SERVICE_WORDS = { ...ORIGIN_WORDS, stream: 'told by the service, by its clock' }

/** A task's phases: a bar to scale, each phase with start, length and how it is known, and what was missed. */
export function TimelinePanel(props: Pick<TaskPanelProps, 'task'>) {
  const { task } = props
  const now = useNow()
  const fresh = useFreshness(task)
  const layout = layoutTimeline(task, now, fresh.stale ? fresh.seenAt : null)
  const phased = useCan(task.source, 'phases')
  return (
    <div className="grid gap-5 p-3">
      <div className="grid gap-2">
        <TimelineBar layout={layout} ticks={5} />
        <TimelineLegend layout={layout} />
      </div>
      <PhaseTable
        phases={layout.phases}
        words={phased ? SERVICE_WORDS : ORIGIN_WORDS}
        now={now}
        unseen={layout.unseen !== null}
        beganBefore={layout.beganBefore}
      />
      {task.gapCount > 0 && (
        <section aria-labelledby="timeline-gaps">
          <h2 id="timeline-gaps" className="mb-1 px-3 font-medium">
            What Weir missed
          </h2>
          <GapList gaps={task.detail.gaps} count={task.gapCount} now={now} />
        </section>
      )}
    </div>
  )
}

function PhaseTable(props: {
  phases: readonly TimelinePhase[]
  words: Record<Origin, string>
  now: number
  beganBefore: boolean
  unseen: boolean
}) {
  if (props.phases.length === 0)
    return <p className="px-3 text-mute">No state of this task has been seen yet.</p>
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">Phases of the task</caption>
        <thead className="text-sm text-faint">
          <tr className="border-b border-line [&>th]:px-3 [&>th]:py-1 [&>th]:font-normal">
            <th scope="col">Status</th>
            <th scope="col">Since</th>
            <th scope="col" className="text-right">
              Lasted
            </th>
            <th scope="col" className="max-sm:hidden">
              How it is known
            </th>
          </tr>
        </thead>
        <tbody>
          {props.phases.map((phase, i) => (
            <PhaseRow
              key={i}
              phase={phase}
              words={props.words}
              now={props.now}
              before={i === 0 && props.beganBefore}
              unseen={props.unseen}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function PhaseRow(props: {
  phase: TimelinePhase
  words: Record<Origin, string>
  now: number
  before: boolean
  unseen: boolean
}) {
  const { phase, now, before, unseen } = props
  const how = props.words[phase.origin] + (phase.note === null ? '' : `: ${phase.note.slice(0, 300)}`)
  return (
    <tr className="border-b border-line align-baseline last:border-0 [&>td]:px-3 [&>td]:py-1.5">
      <td>
        <span className="inline-flex items-center gap-2">
          <i
            aria-hidden="true"
            className={classes('size-2 rounded-[2px]', TONE_AREA[STATUS_LOOKS[phase.status].tone])}
          />
          {statusLabel(phase.status)}
        </span>
        <span className="said block text-sm text-faint sm:hidden">{how}</span>
      </td>
      <td className="whitespace-nowrap text-mute">
        {before && 'before '}
        <Time at={phase.from} as="when" now={now} />
      </td>
      <td className="text-right whitespace-nowrap">
        {phase.to === null ? (
          ''
        ) : (
          <>
            {before && '≥ '}
            <Duration ms={phase.to - phase.from} />
            {phase.open && <span className="text-faint">{unseen ? ' when last seen' : ' so far'}</span>}
          </>
        )}
      </td>
      <td className="said text-mute max-sm:hidden">{how}</td>
    </tr>
  )
}
