import { expect, test } from 'vitest'
import { applySgr, lookOf, sgrBetween, styleAfter, styled, withoutSgr } from './sgr.ts'

test.each([
  ['', '31', '31'],
  ['31', '1', '1;31'],
  ['1;31', '0', ''],
  ['1;31', '', ''],
  ['1;2;31', '22', '31'],
  ['4', '24', ''],
  ['', '38;5;208', '38;5;208'],
  ['', '38:5:208', '38;5;208'],
  ['', '38;5;9', '91'],
  ['', '38:5:1', '31'],
  ['', '48;2;1;2;3', '48;2;1;2;3'],
  ['', '38:2::255:128:0', '38;2;255;128;0'],
  ['', '38:2:255:128:0', '38;2;255;128;0'],
  ['', '38:2:1:255:128:0', '38;2;255;128;0'],
  ['', '38:2::255:128:0:0:1', '38;2;255;128;0'],
  ['', '38;2;255;128;0;1', '1;38;2;255;128;0'],
  ['', '38:2::255:128:0;1', '1;38;2;255;128;0'],
  ['', '4:3', '4'],
  ['4', '4:0', ''],
  ['', '21', '4'],
  ['', '4:3;58:2::255:0:0;1', '1;4'],
  ['', '58;5;3;1', '1'],
  ['31', '39', ''],
  ['1;32;44', '49', '1;32'],
  ['', '97;100', '97;100'],
  ['', '7;27;9', '9'],
  ['31', '999', '31'],
  ['31', '38;5;999', '31'],
  ['31', '38;5', '31'],
  ['31', '38', '31'],
  ['31', '38:9:1', '31'],
  ['31', ';1', '1'],
])('%j and then %j is %j', (style, params, after) => {
  expect(applySgr(style, params)).toBe(after)
  // What is written says the same when it is read again.
  expect(applySgr('', after)).toBe(after)
})

test('a style is left, and taken up, by the shortest way', () => {
  expect(sgrBetween('', '31')).toBe('\x1b[31m')
  expect(sgrBetween('31', '')).toBe('\x1b[0m')
  expect(sgrBetween('31', '1')).toBe('\x1b[0;1m')
  expect(sgrBetween('31', '31')).toBe('')
})

test('a text comes apart into stretches that look the same', () => {
  const text = 'a\x1b[31mb\x1b[1mc\x1b[md'
  expect([...styled(text)]).toEqual([
    ['a', ''],
    ['b', '31'],
    ['c', '1;31'],
    ['d', ''],
  ])
  expect(withoutSgr(text)).toBe('abcd')
  expect([styleAfter(text), styleAfter('\x1b[31mb\x1b[1mc'), styleAfter('plain')]).toEqual(['', '1;31', ''])
})

test('what a style comes to', () => {
  expect(lookOf('1;4;38;5;208;41')).toEqual({
    styles: new Set(['bold', 'underline']),
    fg: { palette: 208 },
    bg: { named: 1 },
  })
  expect(lookOf('92;48;2;1;2;3')).toMatchObject({ fg: { named: 10 }, bg: { rgb: [1, 2, 3] } })
})
