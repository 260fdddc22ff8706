import { compareNames } from '#lib/locale.ts'
import type { Device } from '#model/device.ts'

/** Devices that hold every word, those whose stream Weir has first; without those that only serve a task. */
export function findDevices(devices: Iterable<Device>, text: string): Device[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return [...devices]
    .filter((device) => {
      const all = `${device.id} ${device.source} ${device.type}`.toLowerCase()
      return device.streamOf === null && words.every((word) => all.includes(word))
    })
    .sort((a, b) => Number(b.hold !== null) - Number(a.hold !== null) || compareNames(a.id, b.id))
}
