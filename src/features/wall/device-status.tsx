import { deviceKey } from '#model/device.ts'
import { useSourceFreshness } from '#panels/progress/use-freshness.ts'
import { STREAM_LOOKS } from '#panels/task/stream-look.ts'
import { useList } from '#streams/react.tsx'
import { StatusBadge } from '#ui/status-badge.tsx'

/** The state of a device's stream, for the title row of its panel. */
export function DeviceStatus(props: { source: string; id: string }) {
  const stream = useList('devices', (list) => list.items.get(deviceKey(props))?.stream)
  const { stale, why } = useSourceFreshness(props.source)
  if (!stream) return null
  const { tone, icon, turning = false, label } = STREAM_LOOKS[stream.name]
  return (
    <span data-stream-state={stream.name} title={why || stream.reason} className="flex">
      <StatusBadge
        tone={tone}
        icon={stale ? 'question' : icon}
        label={label}
        note={stale ? 'last seen' : null}
        turning={turning}
        hatched={stale}
      />
    </span>
  )
}
