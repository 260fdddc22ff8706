import { useTopicStore } from '#streams/react.tsx'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { EmptyState } from '#ui/empty-state.tsx'
import type { DevicePanelProps } from '../panel-props.ts'
import { LivePanel } from './live-panel.tsx'
import { subjectOfDevice } from './live-subject.ts'
import { useWallAxis } from './wall-axis.ts'

/** What a device streams, drawn as it comes. To look at it is to watch: what Weir streams is kept as long. */
export function DevicePanel(props: DevicePanelProps) {
  const { device, compact, children } = props
  const store = useTopicStore(DEVICE_VIEW, device)
  const shared = useWallAxis()
  return (
    <LivePanel
      device={subjectOfDevice(device)}
      store={store}
      compact={compact}
      {...(compact ? { axis: shared } : {})}
    >
      {children ?? (
        <EmptyState icon="device" title="No stream">
          Looking starts nothing; “Start stream” is on the page of {device.id}.
        </EmptyState>
      )}
    </LivePanel>
  )
}
