import { classes } from './classes.ts'
import { TONE_TEXT, type Tone } from './tone.ts'

export interface ProgressBarProps {
  /** 0 to 100; null while it cannot be told. */
  value: number | null
  /** As people read it: "412 of 1,000 steps, about 2 min left". */
  text: string
  label?: string
  tone?: Tone
  hatched?: boolean
  /** Nothing moves: an indeterminate bar of something paused or stale. */
  still?: boolean
  className?: string
}

export function ProgressBar(props: ProgressBarProps) {
  const { value, text, label = 'Progress', tone = 'run', hatched = false, still = false, className } = props
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === null ? undefined : Math.round(value)}
      aria-valuetext={text}
      className={classes(
        'relative h-1.5 overflow-hidden rounded-[3px] bg-track',
        TONE_TEXT[hatched ? 'wait' : tone],
        className,
      )}
    >
      {value === null ? (
        !still && (
          <i className="absolute inset-y-0 w-[35%] animate-slide rounded-[3px] bg-current opacity-70" />
        )
      ) : (
        <i
          className={classes('block h-full', hatched ? 'hatch-strong' : 'bg-current')}
          style={{ width: `${value}%` }}
        />
      )}
    </div>
  )
}
