import { useEffect } from 'react'
import { LazyModule } from '#lib/lazy-module.ts'
import { onInterval } from '#lib/shared-interval.ts'
import { setWatched, watched } from '#ui/watched.ts'
import { isTerminal } from '#model/status.ts'
import { useStreams } from '#streams/react.tsx'

const EVERY_MS = 1_000
const notices = new LazyModule(async () => (await import('./tell-ended.tsx')).tellEnded)

/** Tells when a watched task has ended, also one that ended while no page was open. */
export function useWatchNotices(): void {
  const streams = useStreams()
  useEffect(() => {
    const look = () => {
      const { items } = streams.list('tasks').store.getState()
      for (const key of watched.get()) {
        const task = items.get(key)
        if (!task || !isTerminal(task.status)) continue
        const { value: tellEnded } = notices.state()
        if (!tellEnded) {
          // What cannot be said now is said as soon as it can.
          void notices.load().catch(() => undefined)
          return
        }
        setWatched(key, false)
        tellEnded(task)
      }
    }
    return onInterval(EVERY_MS, look)
  }, [streams])
}
