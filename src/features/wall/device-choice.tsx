import { useId } from 'react'
import type { Device } from '#model/device.ts'
import { DeviceStatus } from './device-status.tsx'

/** One device to choose; the button is named by its id. */
export function DeviceChoice(props: { device: Device; shown: boolean; onChoose: () => void }) {
  const { device, shown, onChoose } = props
  const id = useId()
  return (
    <li className="relative flex items-center gap-3 rounded-md px-2 py-1.5 hover:bg-hover has-focus-visible:bg-sel">
      <div className="min-w-0 flex-1">
        <button
          type="button"
          aria-describedby={id}
          onClick={onChoose}
          className="said-line block max-w-full text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          {device.id}
        </button>
        <p id={id} className="said-line text-sm text-faint">
          {device.source} · {device.type}
          {shown && ' · on the wall'}
        </p>
      </div>
      <span className="w-24 shrink-0">
        <DeviceStatus source={device.source} id={device.id} />
      </span>
    </li>
  )
}
