import { classes } from './classes.ts'
import { Icon, type IconName } from './icon.tsx'
import { TONE_TEXT, type Tone } from './tone.ts'

export interface StatusBadgeProps {
  tone: Tone
  icon: IconName
  label: string
  /** What is not known first-hand: "requested", "inferred". */
  note?: string | null
  /** Stale, lost or unknown: outlined and hatched. */
  hatched?: boolean
  turning?: boolean
  title?: string
}

/** A state as icon, word and colour. */
export function StatusBadge(props: StatusBadgeProps) {
  const { tone, icon, label, note, hatched = false, turning = false, title } = props
  return (
    <span
      title={title}
      className={classes(
        'inline-flex max-w-full shrink-0 items-center gap-1 text-sm whitespace-nowrap',
        hatched ? 'hatch rounded-sm border border-dashed border-edge px-1 text-wait' : TONE_TEXT[tone],
      )}
    >
      <Icon name={icon} size={12} turning={turning && !hatched} />
      <span>{label}</span>
      {note && <span className="text-faint">{note}</span>}
    </span>
  )
}
