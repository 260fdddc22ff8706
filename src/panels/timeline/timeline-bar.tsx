import { formatDuration } from '#lib/format.ts'
import { formatClock } from '#lib/format-time.ts'
import { statusLabel } from '#model/status.ts'
import { STATUS_LOOKS } from '#panels/progress/task-look.ts'
import { CAUSE_WORDS } from '#panels/task/gap-list.tsx'
import { classes } from '#ui/classes.ts'
import { TONE_AREA } from './tone-area.ts'
import {
  timelineTicks,
  type TimelineGap,
  type TimelineLayout,
  type TimelinePhase,
} from './timeline-layout.ts'

/**
 * A task's life as one bar to scale: a colour per phase, hatched where Weir missed something. A picture of the
 * list beside it, and so hidden from screen readers.
 */
export function TimelineBar(props: { layout: TimelineLayout; ticks?: number; slim?: boolean }) {
  const { layout, ticks = 0, slim = false } = props
  return (
    <div aria-hidden="true" className="min-w-0">
      <div
        className={classes('relative overflow-hidden bg-track', slim ? 'h-2.5 rounded-sm' : 'h-6 rounded-md')}
      >
        {layout.phases.map((phase, i) => (
          <Segment key={i} phase={phase} ends={i === layout.phases.length - 1} />
        ))}
        {layout.gaps.map((gap, i) => (
          <Hole key={i} hole={gap} />
        ))}
        {layout.unseen && (
          <i
            title="Not known: the source has not been heard since"
            className="absolute inset-y-0 bg-track"
            style={{ left: `${layout.unseen.left * 100}%`, width: `${layout.unseen.width * 100}%` }}
          >
            <i className="hatch-strong absolute inset-0" />
          </i>
        )}
        {layout.beganBefore && (
          <i
            className="absolute inset-y-0 left-0 w-3 bg-linear-to-r from-panel to-transparent"
            title="It began before Weir looked"
          />
        )}
      </div>
      {ticks > 0 && (
        <div className="relative mt-1 h-4 text-xs text-faint">
          {timelineTicks(layout.from, layout.to, ticks).map(({ ms, left }) => (
            <span
              key={ms}
              className={classes(
                'absolute whitespace-nowrap',
                left > 0 && '-translate-x-1/2',
                left > 0.96 && '-translate-x-full',
              )}
              style={{ left: `${left * 100}%` }}
            >
              {ms === 0 ? formatClock(layout.from) : `+${formatTick(ms)}`}
            </span>
          ))}
        </div>
      )}
    </div>
  )
}

function Segment(props: { phase: TimelinePhase; ends: boolean }) {
  const { phase, ends } = props
  const look = STATUS_LOOKS[phase.status]
  const words = `${statusLabel(phase.status)} since ${formatClock(phase.from)}${
    phase.to === null ? '' : `, ${formatDuration(phase.to - phase.from)}`
  }`
  if (phase.to === null)
    return (
      <i
        title={words}
        className={classes('absolute inset-y-0 w-[5px]', TONE_AREA[look.tone], ends && 'right-0')}
        style={ends ? undefined : { left: `${phase.left * 100}%` }}
      />
    )
  return (
    <i
      title={words}
      className={classes(
        'absolute inset-y-0 min-w-[2px] border-r border-panel',
        TONE_AREA[look.tone],
        MUTED.has(phase.status) && 'opacity-45',
      )}
      style={{ left: `${phase.left * 100}%`, width: `${phase.width * 100}%` }}
    />
  )
}

/** Phases in which nothing advances are drawn in a quieter tint than those in which work is done. */
const MUTED: ReadonlySet<string> = new Set(['received', 'queued', 'scheduled', 'cancelling', 'unknown'])

function Hole(props: { hole: TimelineGap }) {
  const { gap, left, width } = props.hole
  return (
    <i
      title={`${gap.text} (${CAUSE_WORDS[gap.cause]})`}
      className="absolute inset-y-0 min-w-[7px] border-x border-panel bg-panel"
      style={{ left: `min(${left * 100}%, 100% - 7px)`, width: `${width * 100}%` }}
    >
      <i className="hatch-strong absolute inset-0" />
    </i>
  )
}

/** "5m", "1h 30m": marks are even, so that zeros are left out. */
function formatTick(ms: number): string {
  return formatDuration(ms)
    .replace(/ 0[smh]$/, '')
    .replace(/\.0s$/, 's')
}
