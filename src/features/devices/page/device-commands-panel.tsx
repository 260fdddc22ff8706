import { formatCount } from '#lib/format.ts'
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { isForTask } from '#model/command.ts'
import { CommandList } from '#panels/task/command-list.tsx'
import { useList, useNow } from '#streams/react.tsx'
import { Panel } from '#ui/panel.tsx'

const SHOWN = 100

/** What was asked of a device through Weir, from whichever page, newest first. */
export function DeviceCommands(props: { source: string; id: string }) {
  const { source, id } = props
  const now = useNow()
  const commands = useList(
    'commands',
    useShallow((list) =>
      [...list.items.values()].filter(
        (each) => each.source === source && each.target === id && !isForTask(each.verb),
      ),
    ),
  )
  const newest = useMemo(
    () => commands.toSorted((a, b) => b.sentAt - a.sentAt || (a.id < b.id ? 1 : -1)).slice(0, SHOWN),
    [commands],
  )
  return (
    <Panel title="Commands" aside={commands.length > 0 ? formatCount(commands.length) : undefined}>
      {newest.length === 0 ? (
        <p className="px-3 py-4 text-mute">Nothing has been asked of this device through Weir.</p>
      ) : (
        <CommandList commands={newest} now={now} className="max-h-[min(50dvh,460px)] overflow-y-auto" />
      )}
    </Panel>
  )
}
