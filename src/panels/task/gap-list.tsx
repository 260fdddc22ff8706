import { formatCount } from '#lib/format.ts'
import type { Gap, GapCause } from '#model/gap.ts'
import { classes } from '#ui/classes.ts'
import { Time } from '#ui/time.tsx'

export const CAUSE_WORDS: Record<GapCause, string> = {
  late: 'Weir began to listen later',
  dropped: 'the source dropped events',
  disconnected: 'the stream was cut',
  restarted: 'the source restarted',
  evicted: 'let go by Weir to stay within its memory',
  malformed: 'a message could not be read',
  'weir-away': 'Weir was not running',
}

/** What was missed of a task, newest first, with its cause. */
export function GapList(props: { gaps: readonly Gap[]; count: number; now: number; className?: string }) {
  const { gaps, count, now, className } = props
  return (
    <ul
      role="list"
      aria-label="Gaps"
      tabIndex={className === undefined ? undefined : 0}
      className={classes('divide-y divide-line focus-visible:-outline-offset-2', className)}
    >
      {gaps.toReversed().map((gap, i) => (
        <li key={`${gap.at} ${i}`} className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 px-3 py-1.5">
          <span className="text-sm text-faint">
            <Time at={gap.at} as="when" now={now} />
          </span>
          <span className="said">
            {gap.text}
            <span className="text-sm text-faint"> · {CAUSE_WORDS[gap.cause]}</span>
          </span>
        </li>
      ))}
      {count > gaps.length && (
        <li className="px-3 py-1.5 text-sm text-faint">and {formatCount(count - gaps.length)} older</li>
      )}
    </ul>
  )
}
