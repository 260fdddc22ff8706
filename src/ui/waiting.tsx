import { useSyncExternalStore, type ReactNode } from 'react'
import { getAnswering, subscribeAnswering } from '#lib/answering.ts'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'

/** Whether Weir answers this page, as far as it knows. */
export function useAnswering(): boolean {
  return useSyncExternalStore(subscribeAnswering, getAnswering)
}

/** What is on its way. While Weir does not answer nothing turns: it says when it comes. */
export function Waiting(props: { children: ReactNode; className?: string }) {
  const isAnswering = useAnswering()
  return (
    <p role="status" className={classes('flex items-center gap-2 text-mute', props.className)}>
      <Icon name={isAnswering ? 'spinner' : 'unlink'} size={14} turning={isAnswering} />
      {isAnswering ? props.children : 'Comes when Weir is back'}
    </p>
  )
}
