import { useMemo } from 'react'
import { formatDuration, UNKNOWN } from '#lib/format.ts'
import { formatBoth, formatClock, formatClockShort, formatWhen } from '#lib/format-time.ts'

/** A moment. The tooltip gives local time with its zone, and UTC. */
export function Time(props: {
  at: number | null
  /** `clock` 14:05:09, `short` 14:05, `when` with the day unless it is today (needs `now`). */
  as?: 'clock' | 'short' | 'when'
  now?: number
}) {
  const { at, as = 'clock', now } = props
  const title = useMemo(() => (at === null ? '' : formatBoth(at)), [at])
  if (at === null) return <span>{UNKNOWN}</span>
  const text =
    as === 'short' ? formatClockShort(at) : as === 'when' ? formatWhen(at, now ?? at) : formatClock(at)
  return (
    <time dateTime={new Date(at).toISOString()} title={title}>
      {text}
    </time>
  )
}

/** A length of time in its two largest units; "–" when unknown. */
export function Duration(props: { ms: number | null }) {
  const { ms } = props
  if (ms === null || !Number.isFinite(ms)) return <span>{UNKNOWN}</span>
  return <time dateTime={`PT${(Math.max(0, ms) / 1_000).toFixed(1)}S`}>{formatDuration(ms)}</time>
}
