import type { Device } from '#model/device.ts'
import { useTopicStore } from '#streams/react.tsx'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { lazyPart } from '#ui/lazy-part.tsx'

const DeviceSparkline = lazyPart(
  async () => (await import('#panels/device/device-sparkline.tsx')).DeviceSparkline,
  { place: null },
)

/** The newest value of a card's device; always as high, so that a stream that starts moves nothing. */
export function LivePreview(props: { device: Device; stale: boolean }) {
  const { device, stale } = props
  return (
    <div className="grid h-[46px] grid-cols-[minmax(0,1fr)] items-center border-y border-line">
      {device.hold === null ? (
        <span className="text-sm text-faint">no live data</span>
      ) : (
        <Live device={device} stale={stale} />
      )}
    </div>
  )
}

/** Only what Weir streams is watched from here. */
function Live(props: { device: Device; stale: boolean }) {
  const { device, stale } = props
  const store = useTopicStore(DEVICE_VIEW, device)
  return <DeviceSparkline store={store} live={!stale && device.stream.name === 'open'} />
}
