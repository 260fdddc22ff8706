import type { Device } from '#model/device.ts'
import { StatusBadge } from '#ui/status-badge.tsx'

/** Whether a device is connected, as its source said last; never "not connected" because the source is silent. */
export function ConnectedBadge(props: { device: Device; stale: boolean }) {
  const { device, stale } = props
  if (!device.onServer) return <StatusBadge tone="wait" icon="unlink" label="No longer listed" hatched />
  if (stale)
    return (
      <StatusBadge
        tone="wait"
        icon="question"
        label={device.connected ? 'Connected' : 'Not connected'}
        note="last seen"
        hatched
        title="Its source does not answer; this is what it said last"
      />
    )
  return (
    <StatusBadge
      tone={device.connected ? 'ok' : 'wait'}
      icon={device.connected ? 'check' : 'unlink'}
      label={device.connected ? 'Connected' : 'Not connected'}
    />
  )
}
