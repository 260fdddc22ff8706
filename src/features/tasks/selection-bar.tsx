import { formatCount } from '#lib/format.ts'
import { useState } from 'react'
import type { TaskSummary } from '#model/task.ts'
import { stopOrAsk } from '#panels/command/stop-question.ts'
import { useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { toast } from '#ui/toast.tsx'
import { cancelMany, cancellable } from './cancel-many.ts'
import { selection, selectOnly, useSelectionSize } from './selection.ts'

/** What can be done with the selected tasks; over the list, so that nothing below moves. Long ones are asked about. */
export function SelectionBar() {
  const size = useSelectionSize()
  const streams = useStreams()
  const weir = useWeir()
  const [busy, setBusy] = useState(false)
  if (size === 0) return null

  const stop = async (tasks: readonly TaskSummary[]) => {
    setBusy(true)
    const result = await cancelMany(weir, tasks)
    setBusy(false)
    toast(result)
    selectOnly([])
  }
  const run = () => {
    const tasks = cancellable(streams.list('tasks').store.getState().items, selection.getState().keys)
    if (tasks.length === 0) {
      toast({ tone: 'plain', text: 'None of the selected tasks can be cancelled: they have all ended.' })
      return
    }
    stopOrAsk(streams, { kind: 'many', tasks, also: null, stop: () => void stop(tasks) })
  }
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-4 z-10 flex justify-center px-3">
      <div
        role="toolbar"
        aria-label="Selection"
        className="pointer-events-auto flex items-center gap-2 pointer-coarse:gap-3 rounded-lg border border-line2 bg-raise py-1.5 pr-1.5 pl-3 shadow-cast2"
      >
        <span className="mr-1 whitespace-nowrap">{formatCount(size)} selected</span>
        <Button look="danger" icon="stop" busy={busy} className="touch-target" onClick={run}>
          Cancel selected
        </Button>
        <Button
          look="quiet"
          className="touch-target"
          onClick={() => {
            selectOnly([])
          }}
        >
          Clear
        </Button>
      </div>
    </div>
  )
}
