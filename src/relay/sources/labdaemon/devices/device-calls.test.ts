import { expect, test } from 'vitest'
import { TextCache } from '../text-cache.ts'
import { DeviceCalls } from './device-calls.ts'

const asked = (n: number) => ({
  command: `c${n}`,
  method: 'read',
  args: [n],
  kwargs: {},
  by: { kind: 'page', id: 'one' } as const,
  at: n,
})

test('the newest fifty calls of a device are kept, the newest first, each with its result', () => {
  const calls = new DeviceCalls()
  for (let n = 1; n <= 60; n++)
    calls.end('laser1', calls.begin('laser1', asked(n), 1), n + 1, { result: `${n}` })
  calls.end('laser2', calls.begin('laser2', asked(100), 3), 101, { result: 'true' })
  const kept = calls.of('laser1')
  expect(kept.map(({ command }) => command)).toEqual(Array.from({ length: 50 }, (_, i) => `c${60 - i}`))
  expect(kept[0]).toMatchObject({ endedAt: 61, result: { preview: '60', bytes: 2 }, error: null })
  expect(calls.result('laser1', 'c11')).toBe('11')
  expect(calls.result('laser1', 'c10')).toBeNull()
  expect(calls.result('laser1', 'c100')).toBeNull()
  expect(calls.result('laser2', 'c100')).toBe('true')
})

test('long arguments shorten the history: the oldest calls go, the newest stays whatever its length', () => {
  const calls = new DeviceCalls()
  const kept = () => calls.of('laser1').map(({ command }) => command)
  for (let n = 1; n <= 6; n++)
    calls.end('laser1', calls.begin('laser1', asked(n), 60_000), n, { result: `${n}` })
  expect(kept()).toEqual(['c6', 'c5', 'c4', 'c3'])
  expect(calls.result('laser1', 'c3')).toBe('3')
  expect(calls.result('laser1', 'c2')).toBeNull()
  calls.begin('laser1', asked(7), 4_000_000)
  expect(kept()).toEqual(['c7'])
  calls.begin('laser1', asked(8), 1)
  expect(kept()).toEqual(['c8'])
})

test('a call that was dropped before its answer came has its answer all the same, for who waits', () => {
  const calls = new DeviceCalls()
  const first = calls.begin('laser1', asked(0), 1)
  for (let n = 1; n <= 50; n++) calls.begin('laser1', asked(n), 1)
  expect(calls.end('laser1', first, 9, { result: '1' })).toMatchObject({ result: { preview: '1' } })
  expect(calls.of('laser1')).toHaveLength(50)
  expect(calls.result('laser1', 'c0')).toBeNull()
})

test('texts are kept within their bound: the oldest go, the newest always stays', () => {
  const cache = new TextCache(10)
  cache.set('a', '12345')
  cache.set('b', '12345')
  cache.set('a', '1234')
  cache.set('c', '12')
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['1234', undefined, '12'])
  cache.set('d', '12345678901')
  expect([cache.get('a'), cache.get('c'), cache.get('d')]).toEqual([undefined, undefined, '12345678901'])
})
