import { memo } from 'react'
import { useStore } from 'zustand'
import { setWatched, watched } from './watched.ts'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'

function useWatched(key: string): boolean {
  return useStore(watched.store, (state) => state.value.includes(key))
}

/** The bell: tell me when this ends. */
export const WatchToggle = memo(function WatchToggle(props: { watchKey: string; className?: string }) {
  const { watchKey, className } = props
  const on = useWatched(watchKey)
  return (
    <IconButton
      icon={on ? 'bellOn' : 'bell'}
      label="Watch"
      title={on ? 'You will be told when it ends' : 'Tell me when it ends'}
      aria-pressed={on}
      className={classes(on && 'text-accent', className)}
      onClick={() => {
        setWatched(watchKey, !on)
        // The click is the gesture that browsers want before they ask.
        if (!on && 'Notification' in window && Notification.permission === 'default')
          void Notification.requestPermission()
      }}
    />
  )
})
