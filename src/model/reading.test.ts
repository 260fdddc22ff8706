import { expect, test } from 'vitest'
import { NAN_MARK, readMessage, roleOf, unitOf } from './reading.ts'

const channels = (body: unknown) => {
  const { numbers, arrays, states, images, nulls } = readMessage(body)
  return Object.fromEntries([
    ...numbers,
    ...arrays.map(([name, values]) => [name, Array.from(values)] as const),
    ...states,
    ...images,
    ...nulls.map((name) => [name, null] as const),
  ])
}

test.each([
  ['a bare number', 21.5, { '': 21.5 }],
  ['a bare string', 'locked', { '': 'locked' }],
  ['a bare array is a waveform, however short', [1, 2], { '': [1, 2] }],
  [
    'rows are channels',
    [
      [1, 2],
      [3, 4],
    ],
    { '[0]': [1, 2], '[1]': [3, 4] },
  ],
  [
    'named channels',
    { block: 0, channels: { ai0: [1, 2, 3, 4, 5], ai1: [6, 7, 8, 9, 10] } },
    { block: 0, 'channels.ai0': [1, 2, 3, 4, 5], 'channels.ai1': [6, 7, 8, 9, 10] },
  ],
  ['a position is a few values', { centroid_um: [1.5, -2] }, { 'centroid_um[0]': 1.5, 'centroid_um[1]': -2 }],
  [
    'no numbers among the numbers',
    [1, Number.NaN, Number.POSITIVE_INFINITY, null, 'x', 2, 3],
    { '': [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NaN, Number.NaN, 2, 3] },
  ],
  ['a picture', { image: 'data:image/png;base64,AA==' }, { image: 'data:image/png;base64,AA==' }],
  ['nothing yet', { power: null, ok: true }, { power: null, ok: true }],
  ['the documented envelope', { device_id: 'd', sequence: 1, payload: { x: 1 } }, { x: 1 }],
  ['words in a list', { tags: ['a', 'b', 'c', 'd', 'e'] }, {}],
  ['a list of objects', { items: [{ a: 1 }] }, {}],
  ['an empty list', { items: [] }, {}],
  ['a date and a text', { at: '2026-11-21T10:00:00Z', text: 'x'.repeat(500) }, {}],
])('%s', (_, body, expected) => {
  expect(channels(body)).toEqual(expected)
})

test('a message of very many numbers gives a bounded number of channels', () => {
  const body = Object.fromEntries(Array.from({ length: 10_000 }, (__, i) => [`c${i}`, i]))
  expect(readMessage(body).numbers).toHaveLength(256)
})

test('a picture as rows, or a list of points, is no channels', () => {
  const rows = Array.from({ length: 1_000 }, () => [1, 2])
  expect(channels({ rows, x: 1 })).toEqual({ x: 1 })
})

test('a NaN that a fast parser could only mark is one', () => {
  expect(channels({ a: NAN_MARK, b: [1, 2, NAN_MARK, 4, 5] })).toEqual({
    a: Number.NaN,
    b: [1, 2, Number.NaN, 4, 5],
  })
})

test('a message of any depth ends', () => {
  let body: unknown = 1
  for (let i = 0; i < 5_000; i++) body = { a: body }
  expect(readMessage(body).numbers).toEqual([])
})

test.each([
  ['n', 3, 'counter'],
  ['block', 3, 'counter'],
  ['n', 3.5, 'value'],
  ['progress_percent', 12.5, 'counter'],
  ['t', 1_795_218_898.127, 'time'],
  ['t', 12, 'value'],
  ['sample_rate_hz', 2_000, 'rate'],
  ['power_mw', 3, 'value'],
])('%s = %d is a %s', (name, value, role) => {
  expect(roleOf(name, value)).toBe(role)
})

test.each([
  ['power_mw', 'mW'],
  ['celsius', '°C'],
  ['temperature_c', '°C'],
  ['c', null],
  ['a.setpoint_celsius', '°C'],
  ['centroid_um[0]', 'µm'],
  ['t', null],
  ['channels.ai0', null],
  ['mbar', 'mbar'],
])('the unit of %s', (name, unit) => {
  expect(unitOf(name)).toBe(unit)
})
