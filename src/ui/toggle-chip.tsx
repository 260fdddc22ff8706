import { formatCount } from '#lib/format.ts'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** A filter that is on or off, with the number it would show. */
export function ToggleChip(props: {
  pressed: boolean
  onToggle: () => void
  count?: number | undefined
  /** What is counted is as last seen. */
  unsure?: boolean
  children: ReactNode
}) {
  return (
    <button
      type="button"
      aria-pressed={props.pressed}
      title={props.unsure ? 'As last seen: what says so gives no sign of life' : undefined}
      onClick={props.onToggle}
      className={classes(
        'inline-flex h-[26px] shrink-0 items-center gap-1.5 rounded-full border px-2.5 whitespace-nowrap transition-colors duration-100 select-none',
        props.pressed
          ? 'border-accent bg-sel text-ink'
          : 'border-line2 text-mute hover:border-edge hover:text-ink',
      )}
    >
      {props.children}
      {props.count !== undefined && (
        <b
          className={classes('font-medium', props.count === 0 && !props.pressed ? 'text-faint' : 'text-ink')}
        >
          {formatCount(props.count)}
          {props.unsure && '?'}
        </b>
      )}
    </button>
  )
}
