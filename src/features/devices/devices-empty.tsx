import { useShallow } from 'zustand/react/shallow'
import { whyNot } from '#model/capabilities.ts'
import { hasDevices } from '#model/source.ts'
import { ListEmpty } from '#panels/list-empty.tsx'
import { useList } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'

/** Why no device is shown. */
export function DevicesEmpty(props: {
  ready: boolean
  filtered: boolean
  total: number
  onClear: () => void
  onAdd: () => void
}) {
  const { onAdd, ...list } = props
  return (
    <ListEmpty
      {...list}
      thing="device"
      has={hasDevices}
      loading={<DevicesLoading />}
      noSource={<NoneHasDevices />}
      made="adds to"
      action={
        <Button look="primary" icon="plus" onClick={onAdd}>
          Add a device
        </Button>
      }
    />
  )
}

/** With the reasons of the sources there are. */
function NoneHasDevices() {
  const reasons = useList(
    'sources',
    useShallow((list) => [
      ...new Set([...list.items.values()].flatMap((each) => whyNot(each.capabilities, 'devices') ?? [])),
    ]),
  )
  return (
    <EmptyState icon="source" title="No source has devices">
      {reasons.join(' ')} Start Weir with <code className="font-mono">--source NAME=KIND:URL</code> of a
      source that has devices to see them here.
    </EmptyState>
  )
}

/** The shape of what comes, so that nothing jumps when it does. */
function DevicesLoading() {
  return (
    <div
      role="status"
      aria-label="Loading devices"
      className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,284px),1fr))] gap-2.5"
    >
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="h-[172px] rounded-lg border border-line bg-panel p-3">
          <div className="h-3 w-2/5 rounded-sm bg-track" />
          <div className="mt-2 h-2.5 w-1/2 rounded-sm bg-track opacity-60" />
          <div className="mt-4 h-10 rounded-sm bg-track opacity-60" />
          <div className="mt-4 h-5 w-1/2 rounded-sm bg-track" />
        </div>
      ))}
    </div>
  )
}
