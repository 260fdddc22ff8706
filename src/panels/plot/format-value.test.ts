import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatByRole, formatValue, spanOf, withUnit } from './format-value.ts'

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
  [101325.005, 0.02, '101325.0050'],
  [1420405751.768, 0.04, '1420405751.7680'],
  [1, 2.2e-16, '1'],
  [1.0000000000000002, 2.2e-16, '1.0000000000000002'],
  [-4.5e-11, 1e-13, '−4.5000e−11'],
  [1.00000001e300, 1e292, '1.0000000100e300'],
  [23.40625, 4, '23.406'],
  [23.40625, Infinity, '23.406'],
])('%d among values %d apart reads %s', (value, span, text) => {
  expect(formatValue(value, 5, span)).toBe(text)
})

test('values that differ by a part of their span read differently', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  fc.assert(
    fc.property(number, number, (a, b) => {
      fc.pre(a !== b)
      const span = spanOf([a, b])
      expect(formatValue(a, 5, span)).not.toBe(formatValue(b, 5, span))
    }),
    { numRuns: 1_000 },
  )
})

test('units stand as people write them', () => {
  expect(withUnit('90', '°')).toBe('90°')
  expect(withUnit('21', '°C')).toBe('21 °C')
  expect(withUnit('21', null)).toBe('21')
})

test('clocks read as times, counters in full, the rest as measured', () => {
  const now = Date.UTC(2026, 10, 21, 12)
  expect(formatByRole(now / 1_000 + 1.5, 'time', true, now)).toBe('12:00:01.500')
  expect(formatByRole(now + 1_500, 'time', true, now, true)).toBe('12:00:01')
  expect(formatByRole(3.5, 'time', true, now)).toBe('3.5000')
  expect(formatByRole(1_234_567_890, 'counter', true, now)).toBe('1,234,567,890')
  expect(formatByRole(-1_234, 'counter', true, now)).toBe('−1,234')
  expect(formatByRole(2.5, 'counter', true, now)).toBe('2.5000')
  expect(formatByRole(1_234, 'value', true, now)).toBe('1234')
  expect(formatByRole(Number.NaN, 'time', true, now)).toBe('NaN')
})
