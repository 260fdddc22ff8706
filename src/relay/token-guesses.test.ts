import { expect, test } from 'vitest'
import { addressGroup, TokenGuesses } from './token-guesses.ts'

test('five wrong tokens in a minute, then none is looked at until it is over', () => {
  let now = 0
  const guesses = new TokenGuesses({ monotonic: () => now })
  for (let i = 0; i < 5; i++) {
    expect(guesses.wait('a')).toBe(0)
    guesses.failed('a', [`wrong ${i}`])
    now += 1_000
  }
  expect(guesses.wait('a')).toBe(55_000)
  expect(guesses.wait('b')).toBe(0)
  now = 60_000
  expect(guesses.wait('a')).toBe(0)
})

test('the same wrong token is one guess, however often', () => {
  const guesses = new TokenGuesses({ monotonic: () => 0 })
  for (let i = 0; i < 100; i++) guesses.failed('a', ['an old cookie'])
  expect(guesses.wait('a')).toBe(0)
})

test('many addresses take bounded memory: the oldest are forgotten', () => {
  const guesses = new TokenGuesses({ monotonic: () => 0 })
  for (let i = 0; i < 5; i++) guesses.failed('first', [`${i}`])
  for (let i = 0; i < 10_000; i++) guesses.failed(`address ${i}`, ['x'])
  expect(guesses.wait('first')).toBe(0)
})

test.each([
  ['192.168.1.7', '192.168.1.7'],
  ['::ffff:192.168.1.7', '192.168.1.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0'],
  ['', ''],
])('%s is counted as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group)
})
