import { streamsForAnother, type Device } from '#model/device.ts'
import { devicePanelKind } from '#panels/catalogue.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Panel } from '#ui/panel.tsx'

const { Body } = devicePanelKind('device')!

/** What the device streams, and what to press while it does not. */
export function LiveData(props: { device: Device }) {
  const { device } = props
  return (
    <Panel title="Live data">
      <Body device={device} compact={false}>
        <NoStream device={device} />
      </Body>
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
