import { expect, test } from 'vitest'
import { UNTOUCHED, type Device } from '#model/device.ts'
import { splitDevices } from './split-devices.ts'

const device = (source: string, id: string, streamOf: string | null = null): Device => ({
  source,
  id,
  type: 'Laser',
  connected: true,
  streaming: false,
  ownedBy: null,
  lastError: null,
  streamOf,
  onServer: true,
  ...UNTOUCHED,
})

test('devices stand by source and name; those that carry the streams of tasks are apart', () => {
  const split = splitDevices([
    device('lab', 'laser10'),
    device('lab', 'stream-sweep-1', 'sweep-1'),
    device('bench', 'daq1'),
    device('lab', 'laser2'),
  ])
  expect(split.map(({ source, real, virtual }) => [source, real.map((d) => d.id), virtual.length])).toEqual([
    ['lab', ['laser2', 'laser10'], 1],
    ['bench', ['daq1'], 0],
  ])
})
