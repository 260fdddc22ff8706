import { formatDuration } from '#lib/format.ts'
import { statusLabel } from '#model/status.ts'
import { STATUS_LOOKS } from '#panels/progress/task-look.ts'
import { classes } from '#ui/classes.ts'
import { timePerStatus, type TimelineLayout } from './timeline-layout.ts'
import { TONE_AREA } from './tone-area.ts'

/** Time per status, longest first, and how often Weir missed something. */
export function TimelineLegend(props: { layout: TimelineLayout }) {
  const { phases, gaps } = props.layout
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-mute">
      {timePerStatus(phases).map(({ status, ms }) => (
        <span key={status} className="inline-flex items-center gap-1.5">
          <i
            aria-hidden="true"
            className={classes('size-2 rounded-[2px]', TONE_AREA[STATUS_LOOKS[status].tone])}
          />
          {statusLabel(status)} <b className="font-medium text-ink">{formatDuration(ms)}</b>
        </span>
      ))}
      {gaps.length > 0 && (
        <span className="inline-flex items-center gap-1.5">
          <i aria-hidden="true" className="hatch-strong size-2 rounded-[2px]" />
          {gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`}
        </span>
      )}
    </p>
  )
}
