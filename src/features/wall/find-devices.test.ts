import { expect, test } from 'vitest'
import { UNTOUCHED, type Device } from '#model/device.ts'
import { findDevices } from './find-devices.ts'

const device = (id: string, part: Partial<Device> = {}): Device => ({
  ...UNTOUCHED,
  source: 'lab',
  id,
  type: 'StreamingDaq',
  connected: true,
  streaming: false,
  ownedBy: null,
  lastError: null,
  streamOf: null,
  onServer: true,
  ...part,
})

test('devices that Weir streams come first, then by name; those that serve a task are left out', () => {
  const hold = { by: { kind: 'page' as const, id: 'p' }, since: 1, keepMs: null, leaveAt: null, note: null }
  const all = [
    device('daq10'),
    device('daq2'),
    device('stream-x', { streamOf: 'x' }),
    device('zeta', { hold }),
    device('laser1', { type: 'Laser' }),
  ]
  expect(findDevices(all, '').map(({ id }) => id)).toEqual(['zeta', 'daq2', 'daq10', 'laser1'])
  expect(findDevices(all, 'lab DAQ').map(({ id }) => id)).toEqual(['zeta', 'daq2', 'daq10'])
})
