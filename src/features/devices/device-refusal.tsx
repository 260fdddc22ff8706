import type { ComponentProps } from 'react'
import type { Device } from '#model/device.ts'
import { LatestRefusal, RefusalNote } from '#panels/command/refusal-note.tsx'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { CancelOwner } from './cancel-owner.tsx'

/** What became of a command to a device; who holds it, and the way to free it. */
export function DeviceRefusal(props: Omit<ComponentProps<typeof RefusalNote>, 'Free' | 'className'>) {
  return <RefusalNote {...props} Free={CancelOwner} />
}

/** The same for the newest command that this page sent. */
export function LatestDeviceRefusal(props: { device: Device }) {
  const { source, id } = props.device
  return <LatestRefusal source={source} target={deviceTopic(source, id)} Free={CancelOwner} />
}
