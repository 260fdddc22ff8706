import type { Device } from '#model/device.ts'

/** Fields that move while a device streams, and that its methods have nothing to do with. */
const STREAMED: ReadonlySet<keyof Device> = new Set<keyof Device>(['rate', 'eventAt', 'stream', 'hold'])

/** True while nothing about a device has changed but its stream: for views that need not render with it. */
export function sameButForStream(
  { device: a }: { device: Device },
  { device: b }: { device: Device },
): boolean {
  return (Object.keys(a) as (keyof Device)[]).every((key) => STREAMED.has(key) || a[key] === b[key])
}
