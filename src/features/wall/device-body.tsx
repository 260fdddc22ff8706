import { deviceKey } from '#model/device.ts'
import { useAbsentDevice } from '#panels/device/absent-device.ts'
import { LivePanel } from '#panels/device/live-panel.tsx'
import { subjectOfDevice } from '#panels/device/live-subject.ts'
import { TimeAxis } from '#panels/plot/time-axis.ts'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { useKeptItem, useList, useStreams, useTopicStore } from '#streams/react.tsx'
import type { Streams } from '#streams/streams.ts'
import { EmptyState } from '#ui/empty-state.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { MoreBelow } from './more-below.tsx'

const axes = new WeakMap<Streams, TimeAxis>()

/** The time axis and the cursor that the devices of a wall share. */
function axisOf(streams: Streams): TimeAxis {
  let axis = axes.get(streams)
  if (!axis) axes.set(streams, (axis = new TimeAxis(() => streams.now())))
  return axis
}

function Absent(props: { source: string; id: string }): string {
  return useAbsentDevice(props.source, props.id).words
}

/** What a device streams; watched while the panel exists, drawn while it is near the screen. */
export function DeviceBody(props: { source: string; id: string; near: boolean }) {
  const { source, id, near } = props
  const store = useTopicStore(DEVICE_VIEW, props)
  const shared = axisOf(useStreams())
  const { item: device } = useKeptItem('devices', deviceKey({ source, id }))
  const ready = useList('devices', (list) => list.ready)
  if (!near) return null
  if (!device)
    return ready ? (
      <p role="status" className="p-4 text-mute">
        <Absent source={source} id={id} />
      </p>
    ) : (
      <Waiting className="p-4">Loading…</Waiting>
    )
  return (
    <MoreBelow>
      <LivePanel device={subjectOfDevice(device)} store={store} axis={shared} compact>
        <EmptyState icon="device" title="No stream">
          Looking starts nothing; “Start stream” is on the page of {device.id}.
        </EmptyState>
      </LivePanel>
    </MoreBelow>
  )
}
