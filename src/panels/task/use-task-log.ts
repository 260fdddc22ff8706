import { useMemo } from 'react'
import type { LogSource } from '#panels/log/log-source.ts'
import { useTaskStore } from '#streams/react-task.ts'
import { useWeir } from '#streams/weir-client.tsx'

/**
 * A task's log as the log panel wants it: the page's buffer, and the relay's for what is not loaded.
 * @param phased it is of phases, even where none of their lines is loaded yet
 */
export function useTaskLog(source: string, id: string, phased = false): LogSource {
  const weir = useWeir()
  const store = useTaskStore(source, id)
  return useMemo(
    () => ({
      buffer: store.log,
      subscribe: (listener: () => void) => store.subscribeLog(listener),
      async loadRange(from: number, to: number) {
        const lines = await weir.logRange(source, id, from, to)
        // The relay may have let go of the beginning meanwhile.
        if (lines.first > from) store.log.dropBefore(Math.min(lines.first, to))
        store.log.fill(lines.first, lines.at, lines.kinds, lines.texts)
      },
      phased,
      name: id,
      downloadUrl: weir.logTextUrl(source, id),
    }),
    [store, weir, source, id, phased],
  )
}
