import { formatCount } from '#lib/format.ts'
import { Link } from '@tanstack/react-router'
import { useShallow } from 'zustand/react/shallow'
import { whyNot } from '#model/capabilities.ts'
import { hasDevices, isSourceStale } from '#model/source.ts'
import { useList, useRelayState } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'

/** Why no device is shown: still asking, nothing reachable, filtered out, or none there. */
export function DevicesEmpty(props: {
  ready: boolean
  filtered: boolean
  total: number
  onClear: () => void
  onAdd: () => void
}) {
  const { ready, filtered, total, onClear, onAdd } = props
  const relay = useRelayState((state) => state.name)
  const labs = useList('sources', (list) =>
    list.ready ? [...list.items.values()].filter(hasDevices).length : null,
  )
  const away = useList(
    'sources',
    (list) => [...list.items.values()].filter((each) => hasDevices(each) && isSourceStale(each)).length,
  )
  const reasons = useList(
    'sources',
    useShallow((list) => [
      ...new Set([...list.items.values()].flatMap((each) => whyNot(each.capabilities, 'devices') ?? [])),
    ]),
  )
  if (!ready) {
    if (relay === 'lost' || relay === 'reconnecting')
      return (
        <EmptyState icon="unlink" title="Weir does not answer">
          This page could not reach its relay. It keeps trying, and the devices appear as soon as it is back.
        </EmptyState>
      )
    return <DevicesLoading />
  }
  if (filtered && total > 0)
    return (
      <EmptyState
        icon="filter"
        title="No device matches"
        actions={<Button onClick={onClear}>Clear filters</Button>}
      >
        {total === 1 ? 'One device is' : `${formatCount(total)} devices are`} hidden by the filters.
      </EmptyState>
    )
  if (labs === 0)
    return (
      <EmptyState icon="source" title="No source has devices">
        {reasons.join(' ')} Start Weir with <code className="font-mono">--source NAME=KIND:URL</code> of a
        source that has devices to see them here.
      </EmptyState>
    )
  if (labs !== null && away === labs)
    return (
      <EmptyState
        icon="unlink"
        title={labs === 1 ? 'The source cannot be reached' : 'No source can be reached'}
        actions={
          <Link to="/sources" className="text-accent underline">
            See what is wrong
          </Link>
        }
      >
        Weir keeps trying. Devices appear here once a source answers.
      </EmptyState>
    )
  return (
    <EmptyState
      icon="device"
      title="No devices yet"
      actions={
        <Button look="primary" icon="plus" onClick={onAdd}>
          Add a device
        </Button>
      }
    >
      Devices that anybody adds to {labs === 1 ? 'the source' : 'one of the sources'} show up here by
      themselves.
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
