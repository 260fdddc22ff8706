import { Panel } from '#ui/panel.tsx'
import type { Device } from '#model/device.ts'
import { useDevice } from '#streams/react-device.ts'
import { EmptyState } from '#ui/empty-state.tsx'

/** What the device streams, drawn as it comes. */
export function LiveData(props: { device: Device; stale: boolean }) {
  const { device } = props
  const latest = useDevice(device.source, device.id, (state) => state.record.latest)
  return (
    <Panel title="Live data">
      {latest ? (
        <pre className="said max-h-60 overflow-y-auto px-3 py-2 font-mono text-sm whitespace-pre-wrap">
          {latest.json ?? '…'}
        </pre>
      ) : (
        <EmptyState icon="device" title="No data yet">
          {device.hold
            ? 'The stream is open; nothing has arrived.'
            : 'Nothing streams by itself: press “Start stream”. Everybody who looks sees it then.'}
        </EmptyState>
      )}
    </Panel>
  )
}
