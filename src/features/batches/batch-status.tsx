import { formatCount } from '#lib/format.ts'
import type { Batch } from '#model/batch.ts'
import { useSourceFreshness } from '#panels/progress/use-freshness.ts'
import { classes } from '#ui/classes.ts'
import { TONE_TEXT, type Tone } from '#ui/tone.ts'
import { Icon, type IconName } from '#ui/icon.tsx'
import { endedOf, type BatchCounts } from './batch-counts.ts'

const PLACES: readonly { place: keyof BatchCounts; tone: Tone; icon: IconName }[] = [
  { place: 'waiting', tone: 'wait', icon: 'clock' },
  { place: 'running', tone: 'run', icon: 'play' },
  { place: 'completed', tone: 'ok', icon: 'check' },
  { place: 'failed', tone: 'bad', icon: 'cross' },
  { place: 'cancelled', tone: 'wait', icon: 'ban' },
  { place: 'unknown', tone: 'warn', icon: 'question' },
]

const PLACE_FILL = { completed: 'bg-ok', failed: 'bg-bad', cancelled: 'bg-wait' } as const

function isOver(place: keyof BatchCounts): boolean {
  return place in PLACE_FILL
}

/** How many runs are where, and how far the whole is. */
export function BatchStatus(props: { batch: Batch; counts: BatchCounts & { percent: number } }) {
  const { batch, counts } = props
  const { stale, why } = useSourceFreshness(batch.source)
  const ended = endedOf(counts)
  // What has ended, and how far the others are together.
  const share = Math.min(counts.percent, (ended / Math.max(1, batch.total)) * 100)
  return (
    <div className="grid gap-2">
      <div role="status" aria-label="Counts" className="flex flex-wrap gap-x-4 gap-y-1">
        {PLACES.filter(({ place }) => place !== 'unknown' || counts.unknown > 0).map(
          ({ place, tone, icon }) => (
            <span
              key={place}
              title={isOver(place) || !stale ? undefined : `As last seen: ${why}`}
              className="inline-flex items-center gap-1.5 whitespace-nowrap"
            >
              <Icon name={icon} size={12} className={counts[place] > 0 ? TONE_TEXT[tone] : 'text-faint'} />
              <span className="text-mute">
                <b className="font-medium text-ink">
                  {formatCount(counts[place])}
                  {stale && counts[place] > 0 && !isOver(place) && '?'}
                </b>{' '}
                {place}
              </span>
            </span>
          ),
        )}
      </div>
      <div
        role="progressbar"
        aria-label="Batch progress"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={counts.percent}
        aria-valuetext={`${ended} of ${batch.total} ended`}
        className={classes(
          'flex h-1.5 overflow-hidden rounded-[3px] bg-track',
          stale && ended < batch.total && 'hatch-strong',
        )}
      >
        {(['completed', 'failed', 'cancelled'] as const).map((place) => (
          <i
            key={place}
            className={PLACE_FILL[place]}
            style={{ width: `${(counts[place] / Math.max(1, batch.total)) * 100}%` }}
          />
        ))}
        <i className="bg-run" style={{ width: `${counts.percent - share}%` }} />
      </div>
    </div>
  )
}
