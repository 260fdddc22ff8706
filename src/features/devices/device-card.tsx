import { Link } from '@tanstack/react-router'
import { memo, useId } from 'react'
import { formatRate, formatRoughly } from '#lib/format.ts'
import { deviceKey, streamsForAnother, type Device } from '#model/device.ts'
import { STREAM_LOOKS } from '#panels/task/stream-look.ts'
import { TaskLink } from '#panels/task/task-link.tsx'
import { useNow } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { TONE_TEXT } from '#ui/tone.ts'
import { ConnectedBadge } from './connected-badge.tsx'
import { DeviceBusyLine } from './device-busy.tsx'
import { DeviceControls } from './device-controls.tsx'
import { DeviceErrorFold } from './device-error.tsx'
import { LatestDeviceRefusal } from './device-refusal.tsx'
import { streamingWords } from './device-words.ts'
import { LivePreview } from './live-preview.tsx'
import { PinnedMethods } from './methods/pinned-methods.tsx'

/** One device of the grid: who it is, how it stands, what it says now, and what can be asked of it. */
export const DeviceCard = memo(function DeviceCard(props: { device: Device; stale: boolean }) {
  const { device, stale } = props
  const id = useId()
  const key = deviceKey(device)
  return (
    <article
      aria-labelledby={`${id}-name`}
      aria-describedby={`${id}-from`}
      data-connected={device.connected}
      data-stream-state={device.stream.name}
      data-key={key}
      className={classes(
        'grid grid-cols-[minmax(0,1fr)] content-start gap-2 rounded-lg border border-line bg-panel px-3 py-2.5 shadow-cast hover:border-line2',
        'has-[[data-device-link]:focus-visible]:outline-2 has-[[data-device-link]:focus-visible]:outline-accent',
        (stale || !device.onServer) && 'hatch',
      )}
    >
      <div className="grid grid-cols-[minmax(0,1fr)]">
        <div className="flex h-5 items-center gap-2">
          <h3 className="said-line text-base font-medium">
            <DeviceNameLink device={device} nameId={`${id}-name`} />
          </h3>
          <span className="ml-auto">
            <ConnectedBadge device={device} stale={stale} />
          </span>
        </div>
        <div className="flex h-[18px] justify-between gap-3 text-sm text-faint">
          <span id={`${id}-from`} className="said-line">
            {device.source} · {device.type}
          </span>
          <StreamWords device={device} stale={stale} />
        </div>
      </div>
      <LivePreview device={device} stale={stale} />
      <div className="flex min-h-6 items-center">
        {device.busy ? <DeviceBusyLine device={device} /> : <Owner device={device} />}
      </div>
      <div className="flex flex-wrap gap-1">
        <DeviceControls device={device} small />
      </div>
      <PinnedMethods device={device} />
      <LatestDeviceRefusal device={device} />
      {device.lastError && <ErrorOf device={device} />}
    </article>
  )
})

/** The way to a device's page; the keys of the list go from one to the next. */
export function DeviceNameLink(props: { device: Device; nameId: string }) {
  const { device, nameId } = props
  return (
    <Link
      id={nameId}
      to="/devices/$source/$deviceId"
      params={{ source: device.source, deviceId: device.id }}
      data-device-link={deviceKey(device)}
      className="outline-none hover:underline"
    >
      {device.id}
    </Link>
  )
}

/** For whom it streams and how fast; Weir's own stream with its state where that is not simply open. */
export function StreamWords(props: { device: Device; stale: boolean }) {
  const { device, stale } = props
  if (device.hold === null && device.stream.name !== 'in_use')
    return (
      <span className="said-line shrink-0" title={`It ${streamingWords(device)}`}>
        {streamsForAnother(device) ? 'streaming, not for Weir' : 'not streaming'}
      </span>
    )
  const look = STREAM_LOOKS[device.stream.name]
  const open = device.stream.name === 'open'
  if (stale && open) return <span className="shrink-0 text-mute">streaming, last seen</span>
  return (
    <span
      title={device.stream.reason}
      className={classes('inline-flex shrink-0 items-center gap-1', open ? 'text-run' : TONE_TEXT[look.tone])}
    >
      <Icon name={open ? 'play' : look.icon} size={10} turning={!stale && (look.turning ?? false)} />
      {open ? `Streaming ${formatRate(device.rate, '')}` : look.label}
    </span>
  )
}

function Owner(props: { device: Device }) {
  const { device } = props
  if (device.hold?.note)
    return (
      <span className="said-line text-sm text-warn" title={device.hold.note}>
        {device.hold.note}
      </span>
    )
  return (
    <span className="said-line min-w-0 text-sm text-mute [&_a]:underline">
      {device.ownedBy === null ? (
        'Held by nobody'
      ) : (
        <>
          Held by{' '}
          <TaskLink source={device.source} id={device.ownedBy}>
            {device.ownedBy}
          </TaskLink>
        </>
      )}
      {device.hold && device.hold.leaveAt !== null && <Leaving at={device.hold.leaveAt} />}
    </span>
  )
}

function Leaving(props: { at: number }) {
  const now = useNow()
  return <span className="text-faint"> · stream stops in {formatRoughly(Math.max(0, props.at - now))}</span>
}

function ErrorOf(props: { device: Device }) {
  const now = useNow(60_000)
  return <DeviceErrorFold device={props.device} now={now} />
}
