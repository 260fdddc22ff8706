import { compareNames } from '#lib/locale.ts'
import type { Device } from '#model/device.ts'

/** Devices of one source: the real ones by name, and the virtual ones that carry the streams of tasks. */
export interface DevicesOfSource {
  source: string
  real: Device[]
  virtual: Device[]
}

export function splitDevices(devices: Iterable<Device>): DevicesOfSource[] {
  const sources = new Map<string, DevicesOfSource>()
  for (const device of devices) {
    const of = sources.get(device.source) ?? { source: device.source, real: [], virtual: [] }
    sources.set(device.source, of)
    ;(device.streamOf === null ? of.real : of.virtual).push(device)
  }
  for (const of of sources.values()) {
    of.real.sort(byName)
    of.virtual.sort(byName)
  }
  return [...sources.values()]
}

function byName(a: Device, b: Device): number {
  return compareNames(a.id, b.id)
}
