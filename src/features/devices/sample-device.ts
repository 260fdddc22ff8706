import { UNTOUCHED, type Device, type StreamHold } from '#model/device.ts'

/** A connected device at rest, for tests. */
export function sampleDevice(part: Partial<Device> = {}): Device {
  return {
    ...UNTOUCHED,
    source: 'lab',
    id: 'laser1',
    type: 'TunableLaser',
    connected: true,
    streaming: false,
    ownedBy: null,
    lastError: null,
    streamOf: null,
    onServer: true,
    ...part,
  }
}

/** What a device has whose stream Weir holds. */
export const HELD: Pick<Device, 'streaming' | 'hold' | 'stream'> = {
  streaming: true,
  hold: {
    by: { kind: 'page', id: 'p1' },
    since: 1_000,
    keepMs: 600_000,
    leaveAt: null,
    note: null,
  } satisfies StreamHold,
  stream: { name: 'open', reason: 'receiving', since: 1_000, retryAt: null },
}
