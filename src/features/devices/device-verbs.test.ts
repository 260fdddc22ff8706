import { expect, test } from 'vitest'
import type { Device } from '#model/device.ts'
import { controlsOf } from './device-verbs.ts'
import { HELD, sampleDevice } from './sample-device.ts'

const verbs = (part: Partial<Device>) => controlsOf(sampleDevice(part)).map(({ verb }) => verb)

test('a connected device can be disconnected and streamed, an unconnected one connected', () => {
  expect(verbs({})).toEqual(['disconnect', 'stream/start'])
  expect(verbs({ connected: false })).toEqual(['connect', 'stream/start'])
})

test('a stream of ours can be stopped; one of others can be taken over or stopped', () => {
  expect(verbs(HELD)).toEqual(['disconnect', 'stream/stop'])
  expect(verbs({ streaming: true })).toEqual(['disconnect', 'stream/start', 'stream/stop'])
  const inUse = { name: 'in_use', reason: '', since: 1, retryAt: 9 } as const
  expect(verbs({ ...HELD, stream: inUse })).toEqual(['disconnect', 'stream/start', 'stream/stop'])
})

test('what a task holds is not disconnected, and says who holds it', () => {
  expect(controlsOf(sampleDevice({ ownedBy: 'sweep-1' }))[0]).toEqual({
    verb: 'disconnect',
    disabled: 'sweep-1 holds it',
  })
})

test('virtual devices and those that are gone have no controls', () => {
  expect(verbs({ streamOf: 'sweep-1' })).toEqual([])
  expect(verbs({ onServer: false })).toEqual([])
})
