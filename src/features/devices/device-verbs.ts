import { streamsForAnother, type Device } from '#model/device.ts'

export type DeviceVerb = 'connect' | 'disconnect' | 'stream/start' | 'stream/stop' | 'clear-error'

export interface DeviceControl {
  verb: DeviceVerb
  /** Why it cannot be pressed; null when it can. */
  disabled: string | null
}

/**
 * What can be asked of a device as it stands. A stream that is somebody else's can be taken over or stopped:
 * both ask first. Virtual devices and those gone from their source have no controls.
 */
export function controlsOf(device: Device): DeviceControl[] {
  if (device.streamOf !== null || !device.onServer) return []
  const { ownedBy } = device
  const line: DeviceControl = device.connected
    ? { verb: 'disconnect', disabled: ownedBy === null ? null : `${ownedBy} holds it` }
    : { verb: 'connect', disabled: null }
  const start: DeviceControl = { verb: 'stream/start', disabled: null }
  const stop: DeviceControl = { verb: 'stream/stop', disabled: null }
  // Also where Weir waits for a stream that somebody else has: it can be taken over.
  if (streamsForAnother(device)) return [line, start, stop]
  return device.hold ? [line, stop] : [line, start]
}
