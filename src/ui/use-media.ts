import { useMemo, useSyncExternalStore } from 'react'

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): boolean {
  const media = useMemo(() => {
    const list = matchMedia(query)
    return {
      subscribe: (listener: () => void) => {
        list.addEventListener('change', listener)
        return () => {
          list.removeEventListener('change', listener)
        }
      },
      get: () => list.matches,
    }
  }, [query])
  return useSyncExternalStore(media.subscribe, media.get)
}
