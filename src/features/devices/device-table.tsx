import { memo, useId } from 'react'
import { oneLine } from '#lib/format-line.ts'
import { deviceKey, type Device } from '#model/device.ts'
import { useSaid } from '#panels/command/command-store.ts'
import { TaskLink } from '#panels/task/task-link.tsx'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { useNow } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { Time } from '#ui/time.tsx'
import { ConnectedBadge } from './connected-badge.tsx'
import { DeviceBusyLine } from './device-busy.tsx'
import { ClearError, DeviceControls } from './device-controls.tsx'
import { DeviceNameLink, StreamWords } from './device-card.tsx'
import { LatestDeviceRefusal } from './device-refusal.tsx'

const ROW =
  'grid items-center gap-x-3 px-3 grid-cols-[minmax(0,1fr)_auto] ' +
  'md:grid-cols-[minmax(0,1.2fr)_130px_minmax(0,1fr)_176px] ' +
  'xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_124px_190px_minmax(0,1fr)_minmax(0,1.4fr)_256px]'

/** The dense form of the list: one line per device. */
export function DeviceTable(props: { source: string; devices: readonly Device[]; stale: boolean }) {
  const { source, devices, stale } = props
  return (
    <div
      role="table"
      aria-label={`Devices of ${source}`}
      className="overflow-hidden rounded-lg border border-line bg-panel"
    >
      <div role="rowgroup">
        <div role="row" className={`${ROW} h-8 border-b border-line2 text-sm text-faint`}>
          <span role="columnheader">Device</span>
          <span role="columnheader" className="max-xl:sr-only">
            Type
          </span>
          <span role="columnheader" className="max-md:sr-only">
            State
          </span>
          <span role="columnheader" className="max-md:sr-only">
            Stream
          </span>
          <span role="columnheader" className="max-xl:sr-only">
            Held by
          </span>
          <span role="columnheader" className="max-xl:sr-only">
            Last error
          </span>
          <span role="columnheader">
            <span className="sr-only">Controls</span>
          </span>
        </div>
      </div>
      <div role="rowgroup">
        {devices.map((device) => (
          <DeviceRow key={device.id} device={device} stale={stale} />
        ))}
      </div>
    </div>
  )
}

const DeviceRow = memo(function DeviceRow(props: { device: Device; stale: boolean }) {
  const { device, stale } = props
  const id = useId()
  const key = deviceKey(device)
  const said = useSaid(deviceTopic(device.source, device.id))
  return (
    <div
      role="row"
      aria-labelledby={id}
      data-connected={device.connected}
      data-stream-state={device.stream.name}
      data-key={key}
      className={classes(
        ROW,
        'min-h-[38px] border-b border-line py-1 last:border-b-0 hover:bg-hover max-md:gap-y-0.5',
        'has-[[data-device-link]:focus-visible]:outline-2 has-[[data-device-link]:focus-visible]:-outline-offset-2 has-[[data-device-link]:focus-visible]:outline-accent',
        (stale || !device.onServer) && 'hatch',
      )}
    >
      <span role="cell" className="said-line font-medium">
        <DeviceNameLink device={device} nameId={id} />
      </span>
      <span role="cell" className="said-line text-mute max-xl:hidden">
        {device.type}
      </span>
      <span role="cell" className="flex min-w-0 max-md:justify-self-end">
        <ConnectedBadge device={device} stale={stale} />
      </span>
      <span role="cell" className="flex min-w-0 flex-wrap gap-x-2 text-sm text-mute max-md:col-span-full">
        {device.busy ? <DeviceBusyLine device={device} /> : <StreamWords device={device} stale={stale} />}
        <Narrow device={device} />
      </span>
      <span role="cell" className="said-line max-xl:hidden">
        {device.ownedBy === null ? (
          <span className="text-faint">nobody</span>
        ) : (
          <TaskLink source={device.source} id={device.ownedBy}>
            {device.ownedBy}
          </TaskLink>
        )}
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-1 text-sm max-xl:hidden">
        <LastError device={device} />
      </span>
      <span
        role="cell"
        className="flex flex-wrap justify-end gap-1 max-md:col-span-full max-md:justify-start"
      >
        <DeviceControls device={device} small plain />
      </span>
      {said?.refusal && (
        <span role="cell" className="col-span-full py-1">
          <LatestDeviceRefusal device={device} />
        </span>
      )}
    </div>
  )
})

/** Where the columns for them are left out: who holds it, and that there was an error. */
function Narrow(props: { device: Device }) {
  const { ownedBy, source, lastError } = props.device
  return (
    <span className="flex min-w-0 gap-2 xl:hidden">
      {ownedBy !== null && (
        <span className="said-line">
          <TaskLink source={source} id={ownedBy}>
            {ownedBy}
          </TaskLink>
        </span>
      )}
      {lastError && <span className="said-line text-bad">{lastError.type}</span>}
    </span>
  )
}

function LastError(props: { device: Device }) {
  const { device } = props
  const now = useNow(60_000)
  const error = device.lastError
  if (!error) return <span className="text-faint">none</span>
  return (
    <>
      <span className="said-line min-w-0" title={`${error.type}: ${error.message.slice(0, 1_000)}`}>
        <span className="text-bad">{error.type}</span>{' '}
        <span className="text-faint">
          {error.at === null ? '' : <Time at={error.at} as="when" now={now} />}
        </span>{' '}
        <span className="text-mute">{oneLine(error.message)}</span>
      </span>
      {device.onServer && <ClearError device={device} />}
    </>
  )
}
