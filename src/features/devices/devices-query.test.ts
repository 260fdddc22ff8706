import { expect, test } from 'vitest'
import { devicesQuery, findDevices, isFiltered, toggleState } from './devices-query.ts'
import { HELD, sampleDevice } from './sample-device.ts'

const all = [
  sampleDevice(),
  sampleDevice({ id: 'daq1', type: 'StreamingDaq', ...HELD }),
  sampleDevice({ id: 'daq2', type: 'StreamingDaq', connected: false, ownedBy: 'sweep-1', streaming: true }),
  sampleDevice({ id: 'flaky1', lastError: { type: 'E', message: 'm', at: null, traceback: null } }),
  sampleDevice({ id: 'stream-sweep-1', streamOf: 'sweep-1' }),
  sampleDevice({ source: 'bench', id: 'laser1' }),
]
const find = (search: Parameters<typeof devicesQuery>[0]) => findDevices(all, devicesQuery(search))
const ids = (search: Parameters<typeof devicesQuery>[0]) =>
  find(search).found.map(({ source, id }) => `${source}/${id}`)

test('a device has to hold every word, and to be in every state', () => {
  expect(ids({ q: 'DAQ stream' })).toEqual(['lab/daq1', 'lab/daq2'])
  expect(ids({ state: 'connected,streaming' })).toEqual(['lab/daq1', 'lab/stream-sweep-1'])
  expect(ids({ state: 'owned' })).toEqual(['lab/daq2', 'lab/stream-sweep-1'])
  expect(ids({ state: 'error', source: 'lab' })).toEqual(['lab/flaky1', 'lab/stream-sweep-1'])
  expect(ids({ source: 'bench' })).toEqual(['bench/laser1'])
  expect(ids({ q: 'sweep-1' })).toEqual(['lab/daq2', 'lab/stream-sweep-1'])
})

test('counts are of what text and source leave; streams of tasks are no devices of their own', () => {
  expect(find({}).counts).toEqual({ connected: 4, streaming: 2, owned: 1, error: 1 })
  expect(find({ q: 'daq', state: 'owned' }).counts).toEqual({
    connected: 1,
    streaming: 2,
    owned: 1,
    error: 0,
  })
  expect(find({ q: 'nothing' }).total).toBe(5)
})

test('what the address says and does not know is ignored', () => {
  const query = devicesQuery({ state: 'error,broken,owned', view: 'cards', q: '  ' })
  expect([...query.states]).toEqual(['owned', 'error'])
  expect(query.view).toBe('grid')
  expect(isFiltered(devicesQuery({ q: ' ' }))).toBe(false)
  expect(toggleState(query.states, 'owned')).toBe('error')
  expect(toggleState(query.states, 'connected')).toBe('connected,owned,error')
})
