import { useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { idOfSegment } from '#lib/segment.ts'
import { onInterval } from '#lib/shared-interval.ts'
import { watched } from '#ui/watched.ts'
import { freshnessNow } from '#panels/progress/freshness.ts'
import { useStreams } from '#streams/react.tsx'
import { livenessOf } from '#streams/relay-state.ts'
import { drawFavicon } from './favicon.ts'
import { pageProgress, pageTitle } from './page-title.ts'

const EVERY_MS = 1_000

/** Keeps the tab's title and icon in step with the tasks, also while the page is hidden. */
export function usePageTitle(): void {
  const streams = useStreams()
  const path = useRouterState({ select: (state) => state.location.pathname })
  useEffect(() => {
    const place = placeOf(path)
    const tell = () => {
      const freshness = freshnessNow(streams)
      const isLive = livenessOf(streams.connection.getState()) === 'live'
      const progress = pageProgress(
        streams.list('tasks').store.getState().items,
        new Set(watched.get()),
        (task) => freshness(task).stale,
      )
      const title = pageTitle(progress, place, isLive)
      if (document.title !== title) document.title = title
      drawFavicon(progress.running > 0 ? (progress.percent ?? 0) : null, !isLive)
    }
    tell()
    const stop = onInterval(EVERY_MS, tell)
    const unsubscribe = streams.connection.subscribe(tell)
    return () => {
      unsubscribe()
      stop()
    }
  }, [streams, path])
}

/** What the screen is about; the Tasks screen is Weir itself. */
function placeOf(path: string): string {
  const [, first = '', , id] = path.split('/')
  if (first === 'tasks' && id) return decode(id)
  return first ? first.charAt(0).toUpperCase() + first.slice(1) : ''
}

function decode(text: string): string {
  try {
    return idOfSegment(decodeURIComponent(text))
  } catch {
    return text
  }
}
