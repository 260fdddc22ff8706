import { deviceTopic } from '#protocols/weir/topics.ts'
import type { DeviceAnswer, Problem } from '#protocols/weir/api.ts'
import type { Command } from '#model/command.ts'
import { expect, test } from '../fixtures.ts'
import { expectDevices } from '../helpers/screens.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'

interface Answer {
  status: number
  command: Command | null
  problem: Problem
}

/** Asks for something as a script does, whatever the answer is. */
async function post(relay: RelayProcess, path: string, body: object = {}): Promise<Answer> {
  const response = await fetch(relay.at(`/api/devices/lab${path}`), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  const answer = (await response.json()) as Problem & { command?: Command }
  return { status: response.status, command: answer.command ?? null, problem: answer }
}

const deviceOf = (relay: RelayProcess, id: string) => relay.api<DeviceAnswer>(`/devices/lab/${id}`)

/** Waits for an event of the device's topic that says `text`; leaves then. */
async function heard(relay: RelayProcess, id: string, text: string): Promise<void> {
  const abort = new AbortController()
  const topic = encodeURIComponent(deviceTopic('lab', id))
  const response = await fetch(relay.at(`/api/stream?topic=${topic}`), { signal: abort.signal })
  let all = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    all += part
    if (all.includes(text)) break
  }
  abort.abort()
}

/** A page that watches a device, as far as the relay can tell. */
async function watcher(relay: RelayProcess, id: string): Promise<{ leave(): void }> {
  const abort = new AbortController()
  const topic = encodeURIComponent(deviceTopic('lab', id))
  const response = await fetch(relay.at(`/api/stream?topic=${topic}`), { signal: abort.signal })
  const read = async () => {
    for await (const part of response.body!) if (part.length === 0) break
  }
  read().catch(() => undefined)
  return { leave: () => abort.abort() }
}

test('a device is streamed when it is asked for, for all who watch, and stopped with their leave', async ({
  relay,
  lab,
}) => {
  await expectDevices(relay)
  const looking = await watcher(relay, 'counter1')
  expect((await deviceOf(relay, 'counter1')).device).toMatchObject({ streaming: false, hold: null })
  expect(lab.lab.openStreams()).toEqual([])

  expect(await post(relay, '/counter1/stream/start')).toMatchObject({
    status: 200,
    command: { verb: 'stream/start', error: null, effectNote: 'the server sends its stream' },
  })
  await heard(relay, 'counter1', '"k":"readings"')
  const { device, record } = await deviceOf(relay, 'counter1')
  expect(device).toMatchObject({ streaming: true, stream: { name: 'open' } })
  expect(record.channels.map(({ name }) => name)).toContain('n')

  const second = await watcher(relay, 'counter1')
  await expect
    .poll(async () => (await post(relay, '/counter1/stream/stop')).problem.disturbs?.consequence)
    .toBe('2 pages watch counter1. Its data stop for all of them.')
  expect(lab.lab.openStreams()).toHaveLength(1)
  second.leave()
  expect(await post(relay, '/counter1/stream/stop', { force: true })).toMatchObject({
    status: 200,
    command: { effectNote: 'the server says that it does not stream' },
  })
  expect(lab.lab.openStreams()).toEqual([])
  looking.leave()
})

test('a device that a task owns, or that streams for someone else, is left alone until that is accepted', async ({
  relay,
  lab,
}) => {
  await expectDevices(relay)
  await lab.start('sweep-1', 'LongRunningTask', { device_id: 'daq2', steps: 2_000, delay: 0.1 })
  const owned = await post(relay, '/daq2/stream/start')
  expect(owned).toMatchObject({
    status: 409,
    problem: { type: 'would-disturb', disturbs: { owner: 'sweep-1' } },
  })
  expect(await post(relay, '/daq2/call', { method: 'is_streaming' })).toMatchObject({
    status: 409,
    problem: { source: { type: 'DeviceInUse', owner: 'sweep-1' } },
  })
  expect(lab.lab.openStreams().filter(({ deviceId }) => deviceId === 'daq2')).toEqual([])

  const theirs = await fetch(`${lab.url}/stream/devices/counter1`)
  const ended = theirs.text()
  const held = await post(relay, '/counter1/stream/start')
  expect(held.problem.disturbs).toMatchObject({ owner: null })
  expect(held.problem.detail).toContain('that client will get nothing more')
  expect(await post(relay, '/counter1/stream/start', { force: true })).toMatchObject({ status: 200 })
  // The other client was sent away by the server, not cut off.
  expect(await ended).toContain('event: device_data')
  await heard(relay, 'counter1', '"k":"readings"')

  const left = await relay.stop()
  expect(left?.code).toBe(0)
  expect(lab.lab.openStreams().filter(({ deviceId }) => deviceId === 'counter1')).toEqual([])
})
