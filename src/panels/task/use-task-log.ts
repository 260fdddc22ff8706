import { useMemo } from 'react'
import type { LogSource } from '#panels/log/log-source.ts'
import { useTopicStore } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { TASK_VIEW } from '#topics/task-view.ts'
import { useWeir } from '#streams/weir-client.tsx'

/** A task's log as the log panel wants it: the page's buffer, and the relay's for what is not loaded. */
export function useTaskLog(source: string, id: string): LogSource {
  const weir = useWeir()
  // Also where none of their lines is loaded yet.
  const phased = useCan(source, 'phases')
  const store = useTopicStore(TASK_VIEW, { source, id })
  const { log } = store.bulk
  return useMemo(
    () => ({
      buffer: log,
      subscribe(listener: () => void) {
        let version = log.version
        return store.subscribe(() => {
          if (log.version === version) return
          version = log.version
          listener()
        })
      },
      async loadRange(from: number, to: number) {
        const lines = await weir.logRange(source, id, from, to)
        // The relay may have let go of the beginning meanwhile.
        if (lines.first > from) log.dropBefore(Math.min(lines.first, to))
        log.fill(lines.first, lines.at, lines.kinds, lines.texts)
      },
      phased,
      name: id,
      downloadUrl: weir.logTextUrl(source, id),
    }),
    [store, log, weir, source, id, phased],
  )
}
