import { expect, test } from 'vitest'
import { sampleDevice } from './sample-device.ts'
import { splitDevices } from './split-devices.ts'

test('devices stand by source and name; those that carry the streams of tasks are apart', () => {
  const split = splitDevices([
    sampleDevice({ id: 'laser10' }),
    sampleDevice({ id: 'stream-sweep-1', streamOf: 'sweep-1' }),
    sampleDevice({ source: 'bench', id: 'daq1' }),
    sampleDevice({ id: 'laser2' }),
  ])
  expect(split.map(({ source, real, virtual }) => [source, real.map((d) => d.id), virtual.length])).toEqual([
    ['lab', ['laser2', 'laser10'], 1],
    ['bench', ['daq1'], 0],
  ])
})
