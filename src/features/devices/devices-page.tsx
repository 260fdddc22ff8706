import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { formatCount, formatRoughly } from '#lib/format.ts'
import type { Device } from '#model/device.ts'
import { hasDevices, isSourceStale } from '#model/source.ts'
import { TaskLink } from '#panels/task/task-link.tsx'
import { useAgeNow, useList, useLiveness } from '#streams/react.tsx'
import { ListAge } from '#panels/list-age.tsx'
import { Button } from '#ui/button.tsx'
import { DeviceCard } from './device-card.tsx'
import { DeviceTable } from './device-table.tsx'
import { DevicesEmpty } from './devices-empty.tsx'
import { devicesQuery, findDevices, isFiltered, type DevicesSearch } from './devices-query.ts'
import { DevicesTools, StateFilter } from './devices-tools.tsx'
import { lazyPart } from '#ui/lazy-part.tsx'
import { splitDevices, type DevicesOfSource } from './split-devices.ts'
import { GuardDialog } from './stream/guard-dialog.tsx'
import { useDeviceKeys } from './use-device-keys.ts'
import { useSourceFacts } from './use-source-facts.ts'

const AddDeviceDialog = lazyPart(async () => (await import('./add/add-device-dialog.tsx')).AddDeviceDialog, {
  place: 'over',
})

/** The devices of all sources: `/devices`. What is shown and how is the URL's. */
export function DevicesPage() {
  const search: DevicesSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const { q, source, state, view, add } = search
  const query = useMemo(() => devicesQuery({ q, source, state, view }), [q, source, state, view])
  const { ready, items } = useList('devices', (list) => list)
  const { found, counts, counted, total } = useMemo(() => findDevices(items.values(), query), [items, query])
  const groups = useMemo(() => splitDevices(found), [found])
  const sources = useList(
    'sources',
    useShallow((list) => [...list.items.values()].filter(hasDevices).map((each) => each.name)),
  )
  const isRelayLive = useLiveness() === 'live'
  const isAnySilent = useList('sources', (list) =>
    [...counted].some((name) => isSourceStale(list.items.get(name))),
  )
  const unsure = !isRelayLive || isAnySilent
  const filterRef = useRef<HTMLInputElement>(null)
  useDeviceKeys(filterRef)
  const change = (part: DevicesSearch) => {
    const next = Object.entries({ q, source, state, view, add, ...part }).filter(([, value]) => value)
    void navigate({ to: '/devices', search: Object.fromEntries(next), replace: true })
  }
  const openAdd = () => {
    change({ add: source || 'device' })
  }
  return (
    <div className="flex h-full flex-col">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-2.5 px-4 pt-3 pb-1 sm:px-[18px]">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="text-lg/7 font-semibold">Devices</h1>
          <ListAge topic="devices" />
          <StateFilter
            counts={ready ? counts : null}
            unsure={unsure}
            pressed={query.states}
            onChange={(next) => {
              change({ state: next })
            }}
          />
          <Button icon="plus" className="ml-auto" onClick={openAdd}>
            Add device
          </Button>
        </div>
        <DevicesTools
          q={q ?? ''}
          source={query.source}
          view={query.view}
          sources={sources}
          filterRef={filterRef}
          onChange={change}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-2.5 pb-16 sm:px-[18px]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          {groups.map((group) => (
            <SourceDevices
              key={group.source}
              group={group}
              view={query.view}
              filtered={query.states.size > 0}
            />
          ))}
        </div>
        {!groups.some(({ real }) => real.length > 0) && (
          <DevicesEmpty
            ready={ready}
            filtered={isFiltered(query)}
            total={total}
            onClear={() => {
              change({ q: '', source: '', state: '' })
            }}
            onAdd={openAdd}
          />
        )}
      </div>
      <GuardDialog />
      {add && (
        <AddDeviceDialog
          sources={sources}
          source={add}
          onClose={() => {
            change({ add: '' })
          }}
        />
      )}
    </div>
  )
}

function SourceDevices(props: { group: DevicesOfSource; view: 'grid' | 'table'; filtered: boolean }) {
  const { group, view, filtered } = props
  const { source, real, virtual } = group
  const { stale, seenAt, why } = useSourceFacts(source)
  if (real.length === 0 && (virtual.length === 0 || filtered)) return null
  return (
    <section aria-label={`Devices of ${source}`} className="min-w-0">
      <h2 className="mb-2 flex flex-wrap gap-x-2 text-mute">
        <span className="said-line font-medium text-ink">{source}</span>
        <span className="shrink-0 text-faint">
          {real.length === 1 ? '1 device' : `${formatCount(real.length)} devices`}
        </span>
        {stale && seenAt !== null && <AsOf seenAt={seenAt} why={why} />}
      </h2>
      {view === 'table' && real.length > 0 ? (
        <DeviceTable source={source} devices={real} stale={stale} />
      ) : (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,284px),1fr))] items-start gap-2.5">
          {real.map((device) => (
            <DeviceCard key={device.id} device={device} stale={stale} />
          ))}
        </div>
      )}
      {virtual.length > 0 && !filtered && <Virtual devices={virtual} />}
    </section>
  )
}

/** Of a source that is silent: how old all of this is. The banner says why. */
function AsOf(props: { seenAt: number; why: string }) {
  const now = useAgeNow()
  return (
    <span className="text-warn" title={props.why.slice(0, 1_000)}>
      as last seen {formatRoughly(now - props.seenAt)} ago
    </span>
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
