import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** Names and values in two columns. */
export function DataList(props: { children: ReactNode; className?: string }) {
  return (
    <dl className={classes('grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1', props.className)}>
      {props.children}
    </dl>
  )
}

export function DataItem(props: { name: string; children: ReactNode; mono?: boolean }) {
  return (
    <>
      <dt className="text-faint">{props.name}</dt>
      <dd className={classes('said', props.mono && 'font-mono text-sm/5')}>{props.children}</dd>
    </>
  )
}
