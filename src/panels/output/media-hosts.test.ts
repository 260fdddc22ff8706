import { expect, test } from 'vitest'
import { hostOf, mayLoad } from './media-hosts.ts'

const ORIGIN = 'http://127.0.0.1:4680'

test.each([
  ['https://cloud.inference.sh/a.png', true],
  ['https://inference.sh/a.png', true],
  ['https://inference.sh.evil.example/a.png', false],
  ['https://cdn.example/a.png', true],
  ['https://cdn.example:8443/a.png', false],
  ['https://other.example/a.png', false],
  [`${ORIGIN}/api/files/x.png`, true],
  ['http://127.0.0.1:46801/x.png', false],
  [`blob:${ORIGIN}/1234`, true],
  ['blob:https://evil.example/1234', false],
  ['not an address', false],
])('media from %s load: %s', (url, expected) => {
  expect(mayLoad(url, ['cdn.example'], ORIGIN)).toBe(expected)
})

test('hosts are named with their port', () => {
  expect(hostOf('https://cdn.example:8443/a')).toBe('cdn.example:8443')
  expect(hostOf('nonsense')).toBeNull()
})
