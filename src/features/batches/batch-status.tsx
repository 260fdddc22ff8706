import type { Batch } from '#model/batch.ts'
import { ProgressBar } from '#ui/progress-bar.tsx'
import { TONE_TEXT, type Tone } from '#ui/tone.ts'
import { Icon, type IconName } from '#ui/icon.tsx'
import { endedOf, type BatchCounts } from './batch-counts.ts'

const PLACES: readonly { place: keyof BatchCounts; tone: Tone; icon: IconName }[] = [
  { place: 'waiting', tone: 'wait', icon: 'clock' },
  { place: 'running', tone: 'run', icon: 'play' },
  { place: 'completed', tone: 'ok', icon: 'check' },
  { place: 'failed', tone: 'bad', icon: 'cross' },
  { place: 'cancelled', tone: 'wait', icon: 'ban' },
]

/** How many runs are where, and how far the whole is. */
export function BatchStatus(props: { batch: Batch; counts: BatchCounts & { percent: number } }) {
  const { batch, counts } = props
  const ended = endedOf(counts)
  return (
    <div className="grid gap-2">
      <div role="status" aria-label="Counts" className="flex flex-wrap gap-x-4 gap-y-1">
        {PLACES.map(({ place, tone, icon }) => (
          <span key={place} className="inline-flex items-center gap-1.5 whitespace-nowrap">
            <Icon name={icon} size={12} className={counts[place] > 0 ? TONE_TEXT[tone] : 'text-faint'} />
            <b className="font-medium">{counts[place].toLocaleString('en')}</b>
            <span className="text-mute">{place}</span>
          </span>
        ))}
      </div>
      <ProgressBar
        label="Batch progress"
        value={counts.percent}
        text={`${ended} of ${batch.total} ended`}
        tone={ended === batch.total ? (counts.failed > 0 ? 'bad' : 'ok') : 'run'}
      />
    </div>
  )
}
