import { streamsForAnother, type Device } from '#model/device.ts'
import { subjectOfDevice } from '#panels/device/live-subject.ts'
import { useTopicStore } from '#streams/react.tsx'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { EmptyState } from '#ui/empty-state.tsx'
import { lazyPart } from '#ui/lazy-part.tsx'
import { Panel } from '#ui/panel.tsx'

const LivePanel = lazyPart(async () => (await import('#panels/device/live-panel.tsx')).LivePanel, {
  waiting: <p className="px-4 py-16 text-center text-mute">Loading the plots…</p>,
})

/** What the device streams, drawn as it comes. To look at it is to watch: what Weir streams is kept as long. */
export function LiveData(props: { device: Device }) {
  const { device } = props
  const store = useTopicStore(DEVICE_VIEW, device)
  return (
    <Panel title="Live data">
      <LivePanel device={subjectOfDevice(device)} store={store}>
        <NoStream device={device} />
      </LivePanel>
    </Panel>
  )
}

/** Why there is nothing to see, and what to press: the button stands above, once. */
function NoStream(props: { device: Device }) {
  const { device } = props
  if (device.hold)
    return (
      <EmptyState icon="clock" title="The stream is on its way">
        What the device sends is drawn here as it arrives.
      </EmptyState>
    )
  return (
    <EmptyState icon="device" title="No stream">
      {streamsForAnother(device)
        ? 'The device streams, but not for Weir: its server gives a stream to one client. “Start stream” says what it would mean to take it.'
        : 'Looking starts nothing. “Start stream” does, for everybody who looks.'}
    </EmptyState>
  )
}
