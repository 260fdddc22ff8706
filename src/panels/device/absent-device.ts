import { useShallow } from 'zustand/react/shallow'
import { useList } from '#streams/react.tsx'
import { notKnown } from '../task/absent-task.ts'

/** What is known of a device that is in no list. */
export interface AbsentDevice {
  /** `none`: its source lists no such device; `unknown`: the source has not told yet what it has. */
  what: 'none' | 'unknown' | 'no-source'
  /** The same in a sentence. */
  words: string
}

export function useAbsentDevice(source: string, id: string): AbsentDevice {
  const facts = useList(
    'sources',
    useShallow((list) => {
      const of = list.items.get(source)
      return {
        isKnown: of !== undefined || !list.ready,
        state: of?.state,
        since: of?.since ?? null,
        reached: of?.devicesReadAt != null,
      }
    }),
  )
  if (!facts.isKnown) return { what: 'no-source', words: `No source is called ${source.slice(0, 300)} here.` }
  if (!facts.reached) return { what: 'unknown', words: notKnown(source, facts) }
  const words = `${source} lists no device ${id.slice(0, 300)}. It appears here by itself when it is added.`
  return { what: 'none', words }
}
