import { expect, test } from 'vitest'
import { addRequestOf } from './add-request.ts'
import { freshDeviceId } from './fresh-device-id.ts'

test('a fresh id is what the thing is, with the next number', () => {
  expect(freshDeviceId('TunableLaser', ['laser1', 'laser12', 'laser-x', 'laserdiode9'])).toBe('laser13')
  expect(freshDeviceId('camera_driver', [])).toBe('driver1')
  expect(freshDeviceId('PowerMeterDevice', [])).toBe('meter1')
  expect(freshDeviceId('', ['device1'])).toBe('device2')
  expect(freshDeviceId('DAQ', [])).toBe('daq1')
})

test('the form becomes a request, or says what is wrong with each field', () => {
  expect(addRequestOf({ id: ' daq9 ', type: 'Daq', params: '{"rate": 5}' })).toEqual({
    ok: true,
    request: { id: 'daq9', type: 'Daq', params: { rate: 5 } },
  })
  expect(addRequestOf({ id: 'daq9', type: 'Daq', params: ' ' })).toMatchObject({ ok: true })
  const wrong = addRequestOf({ id: 'a/b', type: ' ', params: '[1]' })
  expect(wrong).toMatchObject({
    ok: false,
    errors: { type: 'say what type the device is', params: expect.stringMatching(/are an object/) as string },
  })
  expect(addRequestOf({ id: 'a', type: 'b', params: '{"x": }' })).toMatchObject({
    errors: { params: expect.stringMatching(/^Line 1, column 7/) as string },
  })
})
