import { lazy, Suspense } from 'react'
import type { Device } from '#model/device.ts'
import { useDeviceStore } from '#streams/react-device.ts'

const DeviceSparkline = lazy(async () => ({
  default: (await import('#panels/device/device-sparkline.tsx')).DeviceSparkline,
}))

/** The newest value of a card's device; always as high, so that a stream that starts moves nothing. */
export function LivePreview(props: { device: Device }) {
  const { device } = props
  return (
    <div className="grid h-[46px] grid-cols-[minmax(0,1fr)] items-center border-y border-line">
      {device.hold === null ? (
        <span className="text-sm text-faint">no live data</span>
      ) : (
        <Suspense>
          <Live device={device} />
        </Suspense>
      )}
    </div>
  )
}

/** Only what Weir streams is watched from here. */
function Live(props: { device: Device }) {
  const { device } = props
  const store = useDeviceStore(device.source, device.id)
  return <DeviceSparkline store={store} live={device.stream.name === 'open'} />
}
