import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'
import { Icon, type IconName } from './icon.tsx'

type ButtonLook = 'plain' | 'primary' | 'accent' | 'quiet' | 'danger'

const LOOKS: Record<ButtonLook, string> = {
  plain: 'border-line2 bg-raise text-ink hover:bg-hover',
  primary: 'border-accent bg-accent text-on-accent font-medium hover:brightness-110',
  accent: 'border-accent bg-sel text-accent hover:brightness-105',
  quiet: 'border-transparent text-mute hover:bg-hover hover:text-ink',
  danger: 'border-line2 bg-raise text-bad hover:border-bad',
}

const SHARED =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border whitespace-nowrap select-none ' +
  'transition-colors duration-100 disabled:opacity-55 disabled:cursor-not-allowed disabled:pointer-events-auto'

export interface ButtonProps extends ComponentProps<'button'> {
  look?: ButtonLook
  small?: boolean
  icon?: IconName
  /** A request is under way: the icon turns, a second press does nothing. */
  busy?: boolean
}

export function Button(props: ButtonProps) {
  const { look = 'plain', small = false, icon, busy = false, className, children, onClick, ...rest } = props
  const shown = busy ? 'spinner' : icon
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={classes(SHARED, LOOKS[look], small ? 'h-6 px-2 text-sm' : 'h-7 px-2.5', className)}
    >
      {shown && <Icon name={shown} size={14} turning={busy} />}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: IconName
  /** The accessible name; also the tooltip unless `title` says more. */
  label: string
  busy?: boolean
  children?: ReactNode
}

/** A button of one icon, 26 px square. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, busy = false, className, title = label, onClick, children, ...rest } = props
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={title}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className={classes(SHARED, LOOKS.quiet, 'size-[26px]', className)}
    >
      <Icon name={busy ? 'spinner' : icon} size={14} turning={busy} />
      {children}
    </button>
  )
}
