import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { Icon, type IconName } from './icon.tsx'
import { TONE_TEXT, type Tone } from './tone.ts'

const ICONS: Record<Tone, IconName> = {
  run: 'info',
  ok: 'check',
  bad: 'warning',
  warn: 'warning',
  wait: 'info',
  plain: 'info',
}

const GROUNDS: Record<Tone, string> = {
  run: 'bg-run/8',
  ok: 'bg-ok/8',
  bad: 'bg-bad/8',
  warn: 'bg-warn/10',
  wait: 'bg-wait/8',
  plain: 'bg-wait/8',
}

/** One line across the page or a panel for a lasting condition. Give it a role where it must be announced. */
export function Banner(props: {
  tone: Tone
  children: ReactNode
  icon?: IconName
  turning?: boolean
  actions?: ReactNode
  role?: 'status' | 'alert'
  /** The name of that role's element. */
  label?: string
  className?: string
}) {
  const { tone, icon = ICONS[tone], turning = false, role, label, className } = props
  return (
    <div
      role={role}
      aria-label={label}
      className={classes('flex min-h-9 items-center gap-2 px-4 py-1.5', GROUNDS[tone], className)}
    >
      <Icon name={icon} size={14} turning={turning} className={TONE_TEXT[tone]} />
      <div className="said min-w-0 flex-1 text-ink">{props.children}</div>
      {props.actions}
    </div>
  )
}
