import { useMemo } from 'react'
import { formatRoughly } from '#lib/format.ts'
import type { Device } from '#model/device.ts'
import { isSourceStale } from '#model/source.ts'
import { TaskLink } from '#panels/task/task-link.tsx'
import { useList, useNow } from '#streams/react.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { DeviceCard } from './device-card.tsx'
import { splitDevices, type DevicesOfSource } from './split-devices.ts'

/** The devices of all sources, to look at: `/devices`. */
export function DevicesPage() {
  const { ready, items } = useList('devices', (list) => list)
  const groups = useMemo(() => splitDevices(items.values()), [items])
  return (
    <div className="h-full overflow-y-auto px-4 pt-3 pb-10 sm:px-[18px]">
      <h1 className="mb-3 text-lg font-semibold">Devices</h1>
      <div className="grid gap-6">
        {groups.map((group) => (
          <SourceDevices key={group.source} group={group} />
        ))}
      </div>
      {!ready && (
        <p role="status" className="py-10 text-center text-mute">
          Loading the devices…
        </p>
      )}
      {ready && groups.length === 0 && (
        <EmptyState icon="device" title="No devices">
          No source has listed a device yet. A source that does not answer says so under Sources.
        </EmptyState>
      )}
    </div>
  )
}

function SourceDevices(props: { group: DevicesOfSource }) {
  const { source, real, virtual } = props.group
  const now = useNow()
  const stale = useList('sources', (list) => isSourceStale(list.items.get(source)))
  const since = useList('sources', (list) => list.items.get(source)?.since ?? null)
  return (
    <section aria-label={`Devices of ${source}`}>
      <h2 className="mb-2 flex gap-2 text-mute">
        <span className="said-line font-medium text-ink">{source}</span>
        <span className="shrink-0 text-faint">
          {real.length === 1 ? '1 device' : `${real.length} devices`}
          {stale && since !== null && `, as last seen ${formatRoughly(now - since)} ago`}
        </span>
      </h2>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,260px),1fr))] gap-2.5">
        {real.map((device) => (
          <DeviceCard key={device.id} device={device} stale={stale} now={now} />
        ))}
      </div>
      {virtual.length > 0 && <Virtual devices={virtual} />}
    </section>
  )
}

/** Stream devices are the means by which tasks report: named under a count, not among the instruments. */
function Virtual(props: { devices: readonly Device[] }) {
  const { devices } = props
  return (
    <details className="mt-3">
      <summary className="w-fit cursor-pointer text-sm text-mute hover:text-ink">
        {devices.length === 1 ? '1 stream of a task' : `${devices.length} streams of tasks`}
      </summary>
      <ul className="mt-2 grid grid-cols-[repeat(auto-fill,minmax(min(100%,240px),1fr))] gap-x-4 gap-y-1">
        {devices.map((device) => (
          <li key={device.id} className="said-line text-sm text-faint">
            <TaskLink source={device.source} id={device.streamOf ?? ''}>
              {device.id}
            </TaskLink>{' '}
            {device.onServer ? (device.streaming ? 'streaming' : 'at rest') : 'no longer listed'}
          </li>
        ))}
      </ul>
    </details>
  )
}
