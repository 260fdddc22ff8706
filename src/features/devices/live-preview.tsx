import type { Device } from '#model/device.ts'
import { formatRoughly } from '#lib/format.ts'
import { useNow } from '#streams/react.tsx'

/** The newest value of a card's device; always as high, so that a stream that starts moves nothing. */
export function LivePreview(props: { device: Device; stale: boolean }) {
  const { device } = props
  return (
    <div className="flex h-11 min-w-0 items-center border-y border-line">
      <Words device={device} />
    </div>
  )
}

function Words(props: { device: Device }) {
  const { device } = props
  const now = useNow()
  if (device.hold === null) return <span className="text-sm text-faint">no live data</span>
  return (
    <span className="text-sm text-faint">
      {device.eventAt === null
        ? 'nothing received yet'
        : `last message ${formatRoughly(now - device.eventAt)} ago`}
    </span>
  )
}
