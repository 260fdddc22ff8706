import { Link, useParams } from '@tanstack/react-router'
import { useId } from 'react'
import { deviceKey, type Device } from '#model/device.ts'
import { useAbsentDevice } from '#panels/device/absent-device.ts'
import { TaskLink } from '#panels/task/task-link.tsx'
import { useKeptItem, useList } from '#streams/react.tsx'
import { Banner } from '#ui/banner.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Icon } from '#ui/icon.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { CallHistory } from '../methods/call-history.tsx'
import { MethodsPanel } from '../methods/methods-panel.tsx'
import { GuardDialog } from '../stream/guard-dialog.tsx'
import { useSourceFacts } from '../use-source-facts.ts'
import { DeviceCommands } from './device-commands-panel.tsx'
import { DeviceHeader } from './device-header.tsx'
import { DeviceMessages } from './device-messages.tsx'
import { LiveData } from './live-data.tsx'

/** One device: `/devices/$source/$deviceId`. */
export function DevicePage() {
  const params: { source?: string; deviceId?: string } = useParams({ strict: false })
  const { source = '', deviceId = '' } = params
  return (
    <div className="h-full overflow-y-auto px-4 pt-3 pb-10 sm:px-[18px]">
      <nav aria-label="Breadcrumb" className="mb-1.5 text-sm text-faint">
        <Link to="/devices" className="inline-flex items-center gap-1 hover:text-ink">
          <Icon name="chevronLeft" size={12} />
          Devices
        </Link>
      </nav>
      <DeviceOf key={`${source}/${deviceId}`} source={source} id={deviceId} />
      <GuardDialog />
    </div>
  )
}

function DeviceOf(props: { source: string; id: string }) {
  const { source, id } = props
  const { item: device, isGone } = useKeptItem('devices', deviceKey({ source, id }))
  const ready = useList('devices', (list) => list.ready)
  if (device) return <Found device={device} isGone={isGone} />
  return ready ? <Absent source={source} id={id} /> : <Loading id={id} />
}

/** @param props.isGone the list has it no more */
function Found(props: { device: Device; isGone: boolean }) {
  const { device, isGone } = props
  const { source, id } = device
  const titleId = useId()
  const facts = useSourceFacts(source)
  return (
    <article
      aria-labelledby={titleId}
      data-connected={device.connected}
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
    >
      {isGone && <Gone source={source} id={id} />}
      <DeviceHeader device={device} facts={facts} titleId={titleId} />
      {device.streamOf !== null && <OfTask device={device} task={device.streamOf} />}
      {device.streamOf === null && <LiveData device={device} />}
      {device.streamOf === null && (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-3 xl:grid-cols-[minmax(0,1fr)_minmax(300px,380px)]">
          <MethodsPanel device={device} />
          <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
            <CallHistory device={device} />
            <DeviceCommands source={source} id={id} />
            <DeviceMessages source={source} id={id} />
          </div>
        </div>
      )}
    </article>
  )
}

function Gone(props: { source: string; id: string }) {
  return (
    <Banner tone="warn">
      {useAbsentDevice(props.source, props.id).words} What you see is from before, and in this page only.
    </Banner>
  )
}

/** A virtual device is how a task reports: what it says is on the task's page. */
function OfTask(props: { device: Device; task: string }) {
  const { device, task } = props
  return (
    <EmptyState icon="tasks" title="The stream of a task">
      This device was made by{' '}
      <span className="[&_a]:underline">
        <TaskLink source={device.source} id={task}>
          {task}
        </TaskLink>
      </span>{' '}
      to report by. What it says is on that task’s page; there is nothing to connect or to call.
    </EmptyState>
  )
}

function Loading(props: { id: string }) {
  return (
    <div className="grid gap-3">
      <h1 className="said text-lg font-semibold text-mute">{props.id}</h1>
      <Waiting>Loading the device…</Waiting>
      <div aria-hidden="true" className="h-24 rounded-lg border border-line bg-panel" />
      <div aria-hidden="true" className="h-72 rounded-lg border border-line bg-panel" />
    </div>
  )
}

function Absent(props: { source: string; id: string }) {
  const { source, id } = props
  const { what, words } = useAbsentDevice(source, id)
  return (
    <>
      <h1 className="sr-only">{id}</h1>
      <EmptyState
        icon="question"
        title={what === 'unknown' ? 'Not known' : 'No such device'}
        actions={
          <Link
            to="/devices"
            className="inline-flex h-7 items-center rounded-md border border-line2 bg-raise px-2.5 hover:bg-hover"
          >
            All devices
          </Link>
        }
      >
        <span className="said">{words}</span>
      </EmptyState>
    </>
  )
}
