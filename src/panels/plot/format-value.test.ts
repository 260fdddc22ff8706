import { expect, test } from 'vitest'
import { formatTick, formatValue, withUnit } from './format-value.ts'

test.each([
  [null, '–'],
  [Number.NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
  [0, '0'],
  [23.40625, '23.406'],
  [-0.00412, '−0.0041'],
  [1550.1234, '1550.1'],
  [412_345.6, '412346'],
  [42, '42'],
  [1.23456e-7, '1.23e−7'],
  [6.02e23, '6.02e23'],
])('%d reads %s', (value, text) => expect(formatValue(value)).toBe(text))

test('as long as its neighbours: a value that moves does not jump', () => {
  expect(formatValue(9.9999).length).toBe(formatValue(9.9).length)
})

test.each([
  [0.5, 0.1, '0.5'],
  [-2, 1, '−2'],
  [1.25, 0.05, '1.25'],
  [3_000_000, 1_000_000, '3e6'],
  [0, 0.01, '0.00'],
])('a tick at %d, %d apart, reads %s', (value, step, text) => expect(formatTick(value, step)).toBe(text))

test('units stand as people write them', () => {
  expect(withUnit('90', '°')).toBe('90°')
  expect(withUnit('21', '°C')).toBe('21 °C')
  expect(withUnit('21', null)).toBe('21')
})
