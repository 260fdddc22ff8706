import type { CSSProperties } from 'react'
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
      // Cut, as the percentage beside it is: never 100 before all is done.
      aria-valuenow={value === null ? undefined : Math.floor(Math.min(100, Math.max(0, value)))}
      aria-valuetext={text}
      className={classes(
        'relative h-1.5 rounded-[3px] bg-track',
        value === null && 'overflow-hidden',
        TONE_TEXT[hatched ? 'wait' : tone],
        className,
      )}
      style={value === null || hatched ? undefined : { ...FILL, backgroundSize: `${value}% 100%` }}
    >
      {value === null && !still && (
        <i className="absolute inset-y-0 w-[35%] animate-slide rounded-[3px] bg-current opacity-70" />
      )}
      {value !== null && hatched && (
        <i className="block h-full rounded-[3px] hatch-strong" style={{ width: `${value}%` }} />
      )}
    </div>
  )
}

/**
 * The filled part is the element's own background: a child that grows inside a clip costs the compositor a
 * new layer tree per frame, which at fifty moving bars was half of all the time spent.
 */
const FILL: CSSProperties = {
  backgroundImage: 'linear-gradient(currentColor, currentColor)',
  backgroundRepeat: 'no-repeat',
}
