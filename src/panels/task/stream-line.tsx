import { formatDuration } from '#lib/format.ts'
import { NO_STREAM, type StreamState, type StreamStateName } from '#model/stream-state.ts'
import { useAgeNow, useList, useLiveness } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { TONE_TEXT } from '#ui/tone.ts'
import { STREAM_LOOKS } from './stream-look.ts'

/** States in which a person may try at once, or anew. */
const RETRIED: ReadonlySet<StreamStateName> = new Set(['reconnecting', 'in_use', 'failed'])
const NEVER_HEARD = 'it ended before Weir could listen'

/** The state of the relay's upstream for one stream: icon, word, why, since when, and what can be done. */
export function StreamLine(props: {
  stream: StreamState
  now: number
  /** The task has ended: a stream that never was will not come. */
  over?: boolean
  onRetry?: () => void
  /** One that was closed on purpose can be opened again by the same press. */
  reopens?: boolean
  busy?: boolean
  /** Its source, whose silence is said before it counts as one. */
  source?: string
  className?: string
}) {
  const { stream, now, over = false, onRetry, reopens = false, busy = false, className } = props
  const look = STREAM_LOOKS[stream.name]
  const away = useLiveness() !== 'live'
  const closed = reopens && !over && stream.name === 'closed'
  const canRetry = onRetry && (closed || RETRIED.has(stream.name))
  return (
    <div className={classes('flex min-w-0 items-start gap-2', className)}>
      <div data-stream-state={stream.name} className="min-w-0 flex-1">
        <span className={classes('font-medium whitespace-nowrap', away ? 'text-mute' : TONE_TEXT[look.tone])}>
          <Icon
            name={away ? 'question' : look.icon}
            size={12}
            turning={!away && (look.turning ?? false)}
            className="mr-1.5 inline align-[-1px]"
          />
          {away ? `Last seen ${look.label.toLowerCase()}` : look.label}
        </span>{' '}
        <span className="said text-mute">
          {over && stream.reason === NO_STREAM.reason ? NEVER_HEARD : stream.reason}
        </span>
        {!away && stream.name === 'open' && props.source !== undefined && <QuietFor source={props.source} />}
        {!away && stream.retryAt !== null && stream.retryAt > now && (
          <span className="text-mute"> · next try in {formatDuration(stream.retryAt - now)}</span>
        )}
        {stream.since > 0 && (
          <span className="text-faint">
            {' '}
            · since <Time at={stream.since} as="when" now={now} />
          </span>
        )}
      </div>
      {canRetry && (
        <Button small icon="refresh" busy={busy} onClick={onRetry}>
          {closed ? 'Follow again' : 'Retry now'}
        </Button>
      )}
    </div>
  )
}

/** Heartbeats that are seconds apart: how old the last sign of life is, once that is worth a word. */
function QuietFor(props: { source: string }) {
  const since = useList('sources', (list) => list.items.get(props.source)?.quietSince ?? null)
  const now = useAgeNow()
  if (since === null) return null
  return (
    <span className="text-mute"> · last sign of life {formatDuration(Math.max(0, now - since))} ago</span>
  )
}
