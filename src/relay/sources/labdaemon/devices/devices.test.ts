import { afterEach, expect, test } from 'vitest'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import type { DeviceRecord } from '#model/device-events.ts'
import { unpackNumbers } from '#lib/pack.ts'
import type { Call, DeviceAnswer, Method, Problem, SamplesAnswer } from '#protocols/weir/api.ts'
import { startLab, type TestLab } from '#testing/lab.ts'

let lab: TestLab

async function begin(options?: Parameters<typeof startLab>[0]): Promise<TestLab> {
  lab = await startLab(options)
  return lab
}

const readers: ReadableStreamDefaultReader<Uint8Array>[] = []

afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.cancel().catch(() => undefined)
  const stopped = lab.relay.stop()
  await lab.clock.advance(20_000)
  await stopped
  lab.lab.stop()
  expect(lab.lab.violations).toEqual([])
})

interface Answer {
  status: number
  body: unknown
}

/** Asks the API; the answer comes when the clock has moved far enough. */
async function send(
  method: string,
  path: string,
  body?: unknown,
  by = 'one',
  signal: AbortSignal | null = null,
): Promise<Answer> {
  const response = await lab.relay.fetch(
    new Request(`http://weir.test/api/devices/lab${path}`, {
      method,
      signal,
      headers: { 'x-weir-author': by, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  const text = await response.text()
  return { status: response.status, body: text ? (JSON.parse(text) as unknown) : null }
}

/** Asks, and moves the clock until the answer must be there. */
async function ask(method: string, path: string, body?: unknown, ms = 3_000, by = 'one'): Promise<Answer> {
  const answer = send(method, path, body, by)
  await lab.clock.advance(ms)
  return answer
}

const start = (id: string, body: object = {}, ms = 3_000) => ask('POST', `/${id}/stream/start`, body, ms)
const stop = (id: string, body: object = {}) => ask('POST', `/${id}/stream/stop`, body)
const commandOf = (answer: Answer) => (answer.body as { command: Command }).command
const problemOf = (answer: Answer) => answer.body as Problem

async function device(id: string): Promise<Device> {
  return ((await ask('GET', `/${id}`, undefined, 0)).body as DeviceAnswer).device
}

async function record(id: string): Promise<DeviceRecord> {
  return ((await ask('GET', `/${id}`, undefined, 0)).body as DeviceAnswer).record
}

async function commands(): Promise<Command[]> {
  return ((await lab.ask('/commands')).body as { commands: Command[] }).commands
}

/** Reads what comes until it is cancelled. */
function drain(body: ReadableStream<Uint8Array>): ReadableStreamDefaultReader<Uint8Array> {
  const reader = body.getReader()
  readers.push(reader)
  const read = async () => {
    while (!(await reader.read()).done);
  }
  read().catch(() => undefined)
  return reader
}

let pages = 0

/** A page that watches these topics until it is closed. */
async function page(...topics: string[]): Promise<{ close(): Promise<void> }> {
  const session = `page-${++pages}`
  const api = 'http://weir.test/api/stream'
  const response = await lab.relay.fetch(new Request(`${api}?session=${session}`))
  const reader = drain(response.body!)
  await lab.relay.fetch(
    new Request(`${api}/${session}/topics`, {
      method: 'PUT',
      body: JSON.stringify({ topics }),
      headers: { 'content-type': 'application/json' },
    }),
  )
  return { close: () => reader.cancel() }
}

/** Another client of the server opens a stream. */
async function another(id: string): Promise<{ text(): string; ended(): boolean; leave(): Promise<void> }> {
  const response = await lab.lab.fetch(new Request(`http://lab.test/stream/devices/${id}`))
  const reader = response.body!.getReader()
  readers.push(reader)
  const decoder = new TextDecoder()
  let text = ''
  let ended = false
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      text += decoder.decode(value, { stream: true })
    }
    ended = true
  }
  read().catch(() => undefined)
  await lab.clock.advance(100)
  return { text: () => text, ended: () => ended, leave: () => reader.cancel() }
}

/** Asks the server as another program does. */
async function directly(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = lab.lab.fetch(
    new Request(`http://lab.test${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }),
  )
  await lab.clock.advance(0)
  const response = await answer
  return { status: response.status, body: await response.json() }
}

/** A task of somebody else that owns a device. */
async function owner(task: string, id: string, seconds = 60): Promise<void> {
  await directly('POST', '/tasks', {
    task_id: task,
    task_type: 'LongRunningTask',
    params: { device_id: id, steps: seconds * 10, delay: 0.1 },
  })
}

/** Answers in the server's place where `act` says so. */
function intercept(act: (request: Request) => Promise<Response> | undefined): () => void {
  const { fetch } = lab.lab
  lab.lab.fetch = (request) => act(request) ?? fetch(request)
  return () => (lab.lab.fetch = fetch)
}

/** Requests whose method and path are these, from now on. */
function requests(wanted: string): string[] {
  const found: string[] = []
  intercept((request) => {
    if (pathOf(request) === wanted) found.push(wanted)
    return undefined
  })
  return found
}

const posts = (path: string) => requests(`POST ${path}`)
const pathOf = (request: Request) => `${request.method} ${new URL(request.url).pathname}`
const ONE = { kind: 'page', id: 'one' }
const TOPIC = 'lab/devices/thermo1'

test('a free device: started at once, its messages recorded, stopped the server’s way', async () => {
  await begin()
  expect(commandOf(await start('thermo1'))).toMatchObject({
    verb: 'stream/start',
    by: ONE,
    error: null,
    effectNote: 'the server sends its stream',
  })
  await lab.clock.advance(5_000)
  expect(await device('thermo1')).toMatchObject({
    streaming: true,
    stream: { name: 'open' },
    hold: { by: ONE, keepMs: 600_000 },
    rate: 1,
  })
  expect((await record('thermo1')).messages).toBeGreaterThan(5)
  expect(commandOf(await stop('thermo1'))).toMatchObject({
    verb: 'stream/stop',
    effectNote: 'the server says that it does not stream',
  })
  expect(await device('thermo1')).toMatchObject({
    streaming: false,
    hold: null,
    rate: 0,
    stream: { name: 'closed' },
  })
  expect(lab.lab.openStreams()).toEqual([])
  await lab.clock.advance(60_000)
  expect(lab.lab.openStreams()).toEqual([])
})

test('a device streamed again says for how long it was not', async () => {
  await begin()
  await start('thermo1')
  await stop('thermo1')
  await lab.clock.advance(30_000)
  await start('thermo1')
  const { gaps } = await record('thermo1')
  expect(gaps.map(({ cause }) => cause)).toEqual(['late'])
  expect(gaps[0]!.text).toMatch(/^not streamed from \d\d:\d\d:\d\d to \d\d:\d\d:\d\d UTC$/)
})

test('twelve streams of tasks and devices started at once never meet', async () => {
  await begin()
  await ask('POST', '/odd1/call', { method: 'set_mode', args: ['scalar'] })
  const ids = ['thermo1', 'counter1', 'odd1', 'daq2']
  const answers = [
    ...ids.map((id) => send('POST', `/${id}/stream/start`, {})),
    lab.start('many', 'LongRunningTask', { steps: 300, delay: 0.1, enable_streaming: true }, 8),
  ]
  await lab.clock.advance(10_000)
  await Promise.all(answers)
  expect(
    lab.lab
      .openStreams()
      .map(({ deviceId }) => deviceId)
      .sort(),
  ).toEqual([...ids, ...Array.from({ length: 8 }, (_, i) => `stream-many-${i + 1}`)].sort())
  for (const id of ids) expect((await device(id)).stream.name).toBe('open')
  // That they never met is asserted for every test: the server is strict.
})

test('looking starts nothing', async () => {
  await begin()
  const watcher = await page('devices', TOPIC, 'lab/devices/daq1')
  await ask('GET', '/thermo1')
  await ask('GET', '/thermo1/methods')
  await ask('GET', '/thermo1/samples')
  await lab.clock.advance(20_000)
  expect(lab.lab.openStreams()).toEqual([])
  expect((await device('thermo1')).streaming).toBe(false)
  await watcher.close()
})

test('a device that a task owns is not streamed before the consequence was accepted', async () => {
  await begin({ strict: false })
  await owner('sweep-1', 'daq2')
  const asked = await start('daq2')
  expect(asked.status).toBe(409)
  expect(problemOf(asked)).toMatchObject({
    type: 'would-disturb',
    disturbs: { owner: 'sweep-1' },
  })
  expect(problemOf(asked).disturbs!.consequence).toBe(
    'sweep-1 owns daq2. While Weir streams it, sweep-1 may get no data from it. When Weir leaves, the server stops daq2, and the data of sweep-1 stop with it.',
  )
  expect(lab.lab.openStreams()).toEqual([])
  expect(await commands()).toEqual([])
  expect(commandOf(await start('daq2', { force: true })).error).toBeNull()
  expect(await device('daq2')).toMatchObject({ stream: { name: 'open' }, hold: { note: null } })
  const leaving = await stop('daq2')
  expect(problemOf(leaving).disturbs).toMatchObject({
    owner: 'sweep-1',
    consequence: expect.stringContaining('Stopping the stream stops the data') as string,
  })
  expect(lab.lab.openStreams()).toHaveLength(1)
  expect(commandOf(await stop('daq2', { force: true })).error).toBeNull()
  expect(lab.lab.openStreams()).toEqual([])
})

test('the stream of another client is not taken before that was accepted; then it is, for good', async () => {
  await begin()
  const theirs = await another('counter1')
  const asked = await start('counter1')
  expect(problemOf(asked).disturbs).toEqual({
    owner: null,
    consequence:
      'counter1 streams for another client of the server. Weir would stop that stream; that client will get nothing more and is not told.',
  })
  expect(theirs.ended()).toBe(false)
  expect(commandOf(await start('counter1', { force: true }, 6_000)).error).toBeNull()
  expect(theirs.ended()).toBe(true)
  await lab.clock.advance(5_000)
  const before = (await record('counter1')).messages
  await lab.clock.advance(2_000)
  expect((await record('counter1')).messages).toBeGreaterThan(before + 15)
  expect(lab.lab.openStreams()).toMatchObject([{ deviceId: 'counter1', state: 'live' }])
})

test('a stream that is not Weir’s is stopped only when that was accepted', async () => {
  await begin()
  const theirs = await another('counter1')
  expect(problemOf(await stop('counter1')).disturbs).toMatchObject({ owner: null })
  expect(theirs.ended()).toBe(false)
  expect(commandOf(await stop('counter1', { force: true })).effectNote).toBe(
    'the server says that it does not stream',
  )
  expect(theirs.ended()).toBe(true)
})

test('a start that someone else is quicker than is refused, not pressed', async () => {
  await begin()
  let looks = 0
  const undo = intercept((request) => {
    // Between the question and the open, another client comes.
    if (pathOf(request) !== 'GET /devices/counter1' || ++looks !== 2) return undefined
    return another('counter1')
      .then(() => undo())
      .then(() => lab.lab.fetch(request))
  })
  const refused = await start('counter1', {}, 10_000)
  expect(problemOf(refused)).toMatchObject({
    status: 409,
    source: { type: 'DeviceInUse', message: 'another client has taken its stream meanwhile' },
  })
  expect(await device('counter1')).toMatchObject({ hold: null, stream: { name: 'closed' } })
  await lab.clock.advance(60_000)
  expect(lab.lab.openStreams()).toHaveLength(1)
  await directly('POST', '/devices/counter1/stream/stop')
  await lab.clock.advance(2_000)
})

test('two people who start the same stream at once share it; the second stop asks', async () => {
  await begin()
  const one = await page(TOPIC)
  const two = await page(TOPIC)
  const answers = [
    send('POST', '/thermo1/stream/start', { keepMs: 0 }, 'one'),
    send('POST', '/thermo1/stream/start', { keepMs: null }, 'two'),
  ]
  await lab.clock.advance(3_000)
  expect((await Promise.all(answers)).map((answer) => commandOf(answer).error)).toEqual([null, null])
  expect(lab.lab.openStreams()).toHaveLength(1)
  expect((await device('thermo1')).hold).toMatchObject({ by: ONE, keepMs: null })
  const asked = await stop('thermo1')
  expect(problemOf(asked).disturbs).toEqual({
    owner: null,
    consequence: '2 pages watch thermo1. Its data stop for all of them.',
  })
  await two.close()
  expect(commandOf(await stop('thermo1')).error).toBeNull()
  await one.close()
})

test('kept while somebody watches, and so long after the last one left', async () => {
  await begin()
  const watcher = await page(TOPIC)
  await start('thermo1', { keepMs: 30_000 })
  await lab.clock.advance(60_000)
  expect(await device('thermo1')).toMatchObject({ hold: { leaveAt: null }, stream: { name: 'open' } })
  await watcher.close()
  await lab.clock.advance(15_000)
  const { hold } = await device('thermo1')
  expect(hold!.leaveAt).toBeGreaterThan(lab.clock.now() + 10_000)
  // Somebody comes back: the time begins anew when they leave.
  const again = await page(TOPIC)
  await lab.clock.advance(25_000)
  expect((await device('thermo1')).hold).toMatchObject({ leaveAt: null })
  await again.close()
  await lab.clock.advance(25_000)
  expect((await device('thermo1')).stream.name).toBe('open')
  await lab.clock.advance(15_000)
  expect(await device('thermo1')).toMatchObject({
    hold: null,
    streaming: false,
    stream: { name: 'closed', reason: 'nobody watched it any more' },
  })
  expect((await commands()).at(-1)).toMatchObject({
    verb: 'stream/stop',
    by: { kind: 'weir', reason: 'unwatched' },
    text: 'stop stream: nobody watches it any more',
    error: null,
  })
  expect(lab.lab.openStreams()).toEqual([])
})

test('how long it is kept can be changed; until stopped means that', async () => {
  await begin()
  await start('thermo1', { keepMs: 10_000 })
  expect((await ask('PUT', '/thermo1/stream/keep', { keepMs: null })).status).toBe(204)
  await lab.clock.advance(60_000)
  expect((await device('thermo1')).stream.name).toBe('open')
  await ask('PUT', '/thermo1/stream/keep', { keepMs: 5_000 }, 0)
  await lab.clock.advance(9_000)
  expect((await device('thermo1')).hold).toBeNull()
  expect((await ask('PUT', '/thermo1/stream/keep', { keepMs: 1 })).status).toBe(409)
})

test('a task that takes a device which Weir streams is named; nobody leaving stops its data', async () => {
  await begin()
  await start('daq2', { keepMs: 10_000 })
  await owner('sweep-1', 'daq2', 60)
  await lab.clock.advance(5_000)
  expect(await device('daq2')).toMatchObject({
    ownedBy: 'sweep-1',
    stream: { name: 'open' },
    hold: { note: 'sweep-1 took daq2 while Weir streams it: it may get no data.' },
  })
  await lab.clock.advance(30_000)
  const { hold, stream } = await device('daq2')
  expect(stream.name).toBe('open')
  expect(hold).toMatchObject({ leaveAt: null })
  expect(hold!.note).toContain('Nobody watches; Weir keeps the stream until sweep-1 has ended')
  expect(problemOf(await stop('daq2')).disturbs).toMatchObject({ owner: 'sweep-1' })
  // The task ends; then the time runs again.
  await lab.clock.advance(30_000)
  expect((await device('daq2')).hold).toMatchObject({ note: null })
  await lab.clock.advance(15_000)
  expect((await device('daq2')).hold).toBeNull()
  expect(lab.lab.openStreams()).toEqual([])
})

test('silenced by someone else who called the device: opened again twice in a minute, then left alone', async () => {
  await begin()
  await start('counter1', { keepMs: null })
  const silence = () => directly('POST', '/devices/counter1/call', { method: 'stop_streaming' })
  for (const round of [1, 2]) {
    await silence()
    await lab.clock.advance(10_000)
    expect((await device('counter1')).stream, `round ${round}`).toMatchObject({
      name: 'open',
      reason: expect.stringMatching(
        /^receiving; opened again after someone else stopped it at \d\d:\d\d:\d\d UTC$/,
      ) as string,
    })
  }
  await silence()
  await lab.clock.advance(10_000)
  expect(await device('counter1')).toMatchObject({
    hold: null,
    stream: { name: 'closed', reason: 'stopped by someone else, again and again' },
  })
  await lab.clock.advance(120_000)
  expect(lab.lab.openStreams()).toEqual([])
  expect((await record('counter1')).gaps.map(({ cause }) => cause)).toContain('disconnected')
})

test('a stop that someone else asked the server for is not undone', async () => {
  await begin()
  await start('counter1', { keepMs: null })
  await directly('POST', '/devices/counter1/stream/stop')
  await lab.clock.advance(10_000)
  expect(await device('counter1')).toMatchObject({
    hold: null,
    stream: {
      name: 'closed',
      reason: expect.stringMatching(/^stopped by someone else at \d\d:\d\d:\d\d UTC$/) as string,
    },
  })
  await lab.clock.advance(120_000)
  expect(lab.lab.openStreams()).toEqual([])
  expect((await record('counter1')).gaps).toMatchObject([
    {
      cause: 'disconnected',
      text: 'the server ended the stream, as it does when someone else stops it; what was missed is not known',
    },
  ])
})

test('silenced while a task owns the device: never stopped, and opened again when the task has ended', async () => {
  await begin()
  await start('counter1', { keepMs: null })
  await directly('POST', '/devices/counter1/call', { method: 'stop_streaming' })
  await owner('sweep-1', 'counter1', 20)
  const stops = posts('/devices/counter1/stream/stop')
  await lab.clock.advance(15_000)
  expect(stops).toEqual([])
  expect(await device('counter1')).toMatchObject({
    stream: {
      name: 'silenced',
      reason: 'its device was stopped, and task sweep-1 owns it: opened again when that has ended',
    },
  })
  await lab.clock.advance(20_000)
  expect(stops).toHaveLength(1)
  expect((await device('counter1')).stream.name).toBe('open')
})

test('a task that takes the device while its close waits is spared', async () => {
  // At its end Weir hangs up on what a task owns.
  await begin({ strict: false })
  await start('counter1', { keepMs: null })
  await directly('POST', '/devices/counter1/call', { method: 'stop_streaming' })
  const stops = posts('/devices/counter1/stream/stop')
  let looks = 0
  const undo = intercept((request) => {
    if (pathOf(request) !== 'GET /devices/counter1') return undefined
    // The first look finds it free; before the second, in the job, a task takes it.
    if (++looks < 2) return undefined
    undo()
    return directly('POST', '/tasks', {
      task_id: 'sweep-1',
      task_type: 'LongRunningTask',
      params: { device_id: 'counter1', steps: 600, delay: 0.1 },
    }).then(() => lab.lab.fetch(request))
  })
  await lab.clock.advance(10_000)
  expect(looks).toBe(2)
  expect(stops).toEqual([])
  expect((await device('counter1')).stream).toMatchObject({ name: 'silenced' })
})

test('a stop, a disconnect and the end of Weir send no stop to a device that a task has just taken', async () => {
  await begin({ strict: false })
  await start('daq2', { keepMs: null })
  const stops = posts('/devices/daq2/stream/stop')
  await owner('sweep-1', 'daq2')
  expect(problemOf(await ask('POST', '/daq2/disconnect', undefined, 5_000))).toMatchObject({
    status: 409,
    source: { type: 'DeviceInUse', owner: 'sweep-1' },
  })
  expect(stops).toEqual([])
  expect((await device('daq2')).stream.name).toBe('open')
  // A stop that was asked for when nobody owned it.
  const undo = intercept((request) => {
    if (pathOf(request) !== 'GET /devices/daq2') return undefined
    undo()
    return lab.lab.fetch(request).then(async (answer) => {
      const body = (await answer.json()) as object
      return Response.json({ ...body, owned_by: null })
    })
  })
  const refused = await stop('daq2')
  expect(problemOf(refused)).toMatchObject({
    status: 409,
    source: { message: 'not stopped: sweep-1 has taken daq2 meanwhile', owner: 'sweep-1' },
  })
  expect(stops).toEqual([])
  expect(await device('daq2')).toMatchObject({ stream: { name: 'open' }, hold: { by: ONE } })
  const ended = lab.relay.stop()
  await lab.clock.advance(20_000)
  await ended
  expect(stops).toEqual([])
})

test('taken over, and then by a task: the person is told, nothing is opened', async () => {
  await begin()
  await another('daq2')
  const opens = requests('GET /stream/devices/daq2')
  const asked = send('POST', '/daq2/stream/start', { keepMs: null, force: true })
  await lab.clock.advance(600)
  await owner('sweep-1', 'daq2')
  await lab.clock.advance(3_000)
  expect(problemOf(await asked)).toMatchObject({
    status: 409,
    source: { message: 'sweep-1 has taken daq2 meanwhile' },
  })
  expect(opens).toEqual([])
})

test('what does not stream any more when its stop has its turn is not stopped', async () => {
  await begin({ strict: false })
  await another('counter1')
  const stops = posts('/devices/counter1/stream/stop')
  const undo = intercept((request) => {
    if (pathOf(request) !== 'GET /devices/counter1') return undefined
    undo()
    // They are done with it between the question and the stop.
    return lab.lab
      .fetch(request)
      .then((answer) =>
        directly('POST', '/devices/counter1/call', { method: 'stop_streaming' }).then(() => answer),
      )
  })
  expect(commandOf(await stop('counter1', { force: true })).effectNote).toBe(
    'the server says that it does not stream',
  )
  expect(stops).toEqual([])
})

test('opened on a task’s device, and only pings come: who has the data is said, until data come', async () => {
  await begin({ strict: false })
  await ask('POST', '/counter1/call', { method: 'set_rate', args: [0.05] })
  await owner('sweep-1', 'counter1')
  await start('counter1', { force: true, keepMs: null }, 15_000)
  expect((await device('counter1')).stream).toMatchObject({
    name: 'open',
    reason: 'open, but nothing comes: task sweep-1 has the data',
  })
  const { messages } = await record('counter1')
  await lab.clock.advance(7_000)
  expect((await record('counter1')).messages).toBeGreaterThan(messages)
  expect((await device('counter1')).stream).toMatchObject({ name: 'open', reason: 'receiving' })
})

test('a restart of the server is not taken for somebody’s stop', async () => {
  await begin()
  await start('thermo1', { keepMs: null })
  lab.lab.cutStreams('clean')
  lab.lab.kill()
  await lab.clock.advance(5_000)
  lab.lab.restart()
  await lab.clock.advance(15_000)
  expect((await device('thermo1')).stream).toMatchObject({ name: 'open', reason: 'receiving' })
})

test('lost while a task took the device: not opened again, and why', async () => {
  await begin()
  await start('daq2', { keepMs: null })
  await owner('sweep-1', 'daq2', 120)
  lab.lab.cutStreams('error')
  await lab.clock.advance(10_000)
  expect(await device('daq2')).toMatchObject({
    hold: null,
    stream: {
      name: 'closed',
      reason: 'not opened again: sweep-1 owns daq2 now, and might get no data',
    },
  })
  expect(lab.lab.openStreams()).toEqual([])
})

test('lost while another client took the stream: looked at rarely, opened when it is free', async () => {
  await begin()
  await start('counter1', { keepMs: null })
  lab.lab.cutStreams('clean')
  await lab.clock.advance(20)
  const theirs = await another('counter1')
  await lab.clock.advance(60_000)
  expect((await device('counter1')).stream.name).toMatch(/in_use|reconnecting/)
  expect(lab.lab.openStreams()).toHaveLength(1)
  expect(theirs.ended()).toBe(false)
  await directly('POST', '/devices/counter1/stream/stop')
  await lab.clock.advance(45_000)
  expect((await device('counter1')).stream.name).toBe('open')
  expect((await record('counter1')).gaps[0]).toMatchObject({ cause: 'disconnected' })
})

test('what another client took while the stream was lost is taken back only when that was accepted', async () => {
  await begin()
  await start('counter1', { keepMs: null })
  lab.lab.cutStreams('clean')
  await lab.clock.advance(20)
  const theirs = await another('counter1')
  await lab.clock.advance(10_000)
  expect(problemOf(await start('counter1')).disturbs).toMatchObject({ owner: null })
  expect(theirs.ended()).toBe(false)
  expect(commandOf(await start('counter1', { force: true }, 6_000)).error).toBeNull()
  expect(theirs.ended()).toBe(true)
  expect(await device('counter1')).toMatchObject({ stream: { name: 'open' }, hold: { keepMs: null } })
})

test('an owner whom the newest start was agreed to disturb did not take the device from Weir', async () => {
  await begin({ strict: false })
  await start('daq2', { keepMs: null })
  lab.lab.cutStreams('clean')
  await lab.clock.advance(20)
  expect((await device('daq2')).stream.name).toBe('reconnecting')
  await owner('sweep-1', 'daq2')
  expect(commandOf(await start('daq2', { keepMs: null, force: true })).error).toBeNull()
  await lab.clock.advance(5_000)
  expect(await device('daq2')).toMatchObject({
    ownedBy: 'sweep-1',
    stream: { name: 'open' },
    hold: { note: null },
  })
})

test('a stream is let go of though its server does not answer', async () => {
  await begin({ strict: false })
  await start('thermo1', { keepMs: null })
  lab.lab.hang()
  await lab.clock.advance(10_000)
  const stopped = send('POST', '/thermo1/stream/stop', {})
  await lab.clock.advance(75_000)
  expect(commandOf(await stopped).effectNote).toBe('Weir let go of it')
  expect(await device('thermo1')).toMatchObject({ hold: null, stream: { name: 'closed' } })
})

test('nobody watches a device of a server that does not answer: it is left when it answers again', async () => {
  await begin()
  await start('thermo1', { keepMs: 5_000 })
  lab.lab.block(30_000)
  await lab.clock.advance(25_000)
  expect((await device('thermo1')).hold).not.toBeNull()
  await lab.clock.advance(15_000)
  expect((await device('thermo1')).hold).toBeNull()
  expect(lab.lab.openStreams()).toEqual([])
})

test('a server that restarts: the stream comes back with a gap', async () => {
  await begin()
  await start('thermo1', { keepMs: null })
  lab.lab.kill()
  await lab.clock.advance(5_000)
  expect((await device('thermo1')).stream.name).toBe('reconnecting')
  lab.lab.restart()
  await lab.clock.advance(15_000)
  expect(await device('thermo1')).toMatchObject({ stream: { name: 'open' }, hold: { by: ONE } })
  expect((await record('thermo1')).gaps).toMatchObject([
    { cause: 'disconnected', text: 'the connection was lost; what was missed is not known' },
  ])
})

test('a device that is removed ends its stream, and says so', async () => {
  await begin({ strict: false })
  await start('thermo1', { keepMs: null })
  const { fetch } = lab.lab
  intercept((request) => {
    const path = pathOf(request)
    if (path === 'GET /devices')
      return fetch(request).then(async (answer) => {
        const { devices } = (await answer.json()) as { devices: { device_id: string }[] }
        return Response.json({ devices: devices.filter((each) => each.device_id !== 'thermo1') })
      })
    return path === 'GET /devices/thermo1' ? fetch(new Request('http://lab.test/devices/nothing')) : undefined
  })
  await lab.clock.advance(6_000)
  expect(await device('thermo1')).toMatchObject({
    onServer: false,
    hold: null,
    stream: { name: 'failed', reason: 'the device is gone' },
  })
})

test('a lost stream whose device is gone ends', async () => {
  await begin()
  await start('thermo1', { keepMs: null })
  const { fetch } = lab.lab
  intercept((request) =>
    pathOf(request) === 'GET /devices/thermo1'
      ? fetch(new Request('http://lab.test/devices/nothing'))
      : undefined,
  )
  lab.lab.cutStreams('error')
  await lab.clock.advance(5_000)
  expect(await device('thermo1')).toMatchObject({
    hold: null,
    stream: { name: 'failed', reason: 'the device is gone' },
  })
})

test('a device that cannot stream, or refuses to, says so in its own words', async () => {
  await begin()
  const plain = await start('plain1')
  expect(problemOf(plain).source).toEqual({
    type: 'DeviceError',
    message: "Device 'plain1' does not support streaming",
    owner: null,
  })
  const odd = await start('odd1')
  expect(problemOf(odd).source).toMatchObject({ message: 'detector not armed' })
  expect(await device('odd1')).toMatchObject({ hold: null, stream: { name: 'failed' } })
  expect(problemOf(await start('nothing'))).toMatchObject({ status: 404, type: 'no-such-device' })
})

test('the stream of a task is not to be started or stopped', async () => {
  await begin()
  await lab.start('run-1', 'LongRunningTask', { steps: 300, delay: 0.1, enable_streaming: true })
  await page('devices')
  await lab.clock.advance(6_000)
  expect((await start('stream-run-1', { force: true })).status).toBe(400)
  expect((await stop('stream-run-1', { force: true })).status).toBe(400)
  expect(lab.lab.openStreams()).toHaveLength(1)
})

test('connect and disconnect: accepted, then seen on the server', async () => {
  await begin()
  expect((await device('laser2')).connected).toBe(false)
  const connected = commandOf(await ask('POST', '/laser2/connect', undefined, 10))
  expect(connected).toMatchObject({ verb: 'connect', effectNote: 'the server says that it is connected' })
  expect(connected.effectiveAt).not.toBeNull()
  expect((await device('laser2')).connected).toBe(true)
  expect(commandOf(await ask('POST', '/laser2/disconnect', undefined, 10))).toMatchObject({
    effectNote: 'the server says that it is not connected',
  })
  expect((await device('laser2')).connected).toBe(false)
  const failed = await ask('POST', '/flaky1/connect')
  expect(problemOf(failed)).toMatchObject({ status: 400, source: { type: 'DeviceConnectionError' } })
  expect((await device('flaky1')).lastError).not.toBeNull()
})

test('a device that cannot tell whether it is connected is shown as the list has it', async () => {
  await begin()
  expect(commandOf(await ask('POST', '/bare1/connect'))).toMatchObject({
    effectNote: 'the server takes it for connected already, and did nothing',
  })
  const seen = new Set<boolean>()
  for (let second = 0; second < 40; second++) {
    await lab.clock.advance(1_000)
    seen.add((await device('bare1')).connected)
  }
  expect([...seen]).toEqual([false])
})

test('a device that streams is not disconnected under its stream', async () => {
  await begin()
  await start('thermo1', { keepMs: null })
  expect(commandOf(await ask('POST', '/thermo1/disconnect', undefined, 5_000)).error).toBeNull()
  await lab.clock.advance(30_000)
  expect(await device('thermo1')).toMatchObject({
    connected: false,
    hold: null,
    stream: { name: 'closed', reason: 'the device was to be disconnected' },
  })
})

test('a device that a task owns is not disconnected or called; the owner is named', async () => {
  await begin()
  await owner('sweep-1', 'laser1')
  for (const answer of [
    await ask('POST', '/laser1/disconnect'),
    await ask('POST', '/laser1/call', { method: 'get_wavelength' }),
  ])
    expect(problemOf(answer)).toMatchObject({
      status: 409,
      source: { type: 'DeviceInUse', owner: 'sweep-1' },
    })
})

test('devices are added; what the server says against it is passed on', async () => {
  await begin()
  const added = await ask('POST', '', { id: 'laser9', type: 'TunableLaser', params: { address: 'SIM::9' } })
  expect(added.status).toBe(201)
  expect(commandOf(added)).toMatchObject({ verb: 'add', target: 'laser9', effectNote: 'the server has it' })
  expect(await device('laser9')).toMatchObject({ type: 'TunableLaser', onServer: true, connected: false })
  const refusals = [
    [{ id: 'laser9', type: 'TunableLaser' }, 409, 'DeviceExists'],
    [{ id: 'x', type: 'Nope' }, 404, 'DeviceTypeNotFound'],
    [{ id: 'x', type: 'TunableLaser', params: { power: 3 } }, 400, 'DeviceCreationError'],
  ] as const
  for (const [body, status, type] of refusals)
    expect(problemOf(await ask('POST', '', body))).toMatchObject({ status, source: { type } })
  expect((await ask('POST', '', { id: 'a/b', type: 'TunableLaser' })).status).toBe(400)
})

test('an error is cleared, and gone from the device', async () => {
  await begin()
  await ask('POST', '/flaky1/connect')
  expect((await device('flaky1')).lastError).toMatchObject({ message: 'no answer from GPIB0::7 after 2.0 s' })
  expect(commandOf(await ask('DELETE', '/flaky1/error'))).toMatchObject({
    verb: 'clear-error',
    effectNote: 'the server has none',
  })
  expect((await device('flaky1')).lastError).toBeNull()
  expect(problemOf(await ask('DELETE', '/flaky1/error'))).toMatchObject({ source: { type: 'NoError' } })
})

test('a call: its result beside it, a wrong value in the server’s own words', async () => {
  await begin()
  const right = await ask('POST', '/laser1/call', { method: 'set_wavelength', args: [1551.5] })
  expect(right).toMatchObject({
    status: 200,
    body: {
      command: { text: 'set_wavelength(1551.5)', effectNote: 'the method returned' },
      call: { result: { preview: '1551.5', bytes: 6 }, error: null },
    },
  })
  const wrong = await ask('POST', '/laser1/call', {
    method: 'set_wavelength',
    args: [2_000],
    kwargs: { wait: true },
  })
  expect(problemOf(wrong)).toMatchObject({ status: 400, source: { type: 'ValueError' } })
  expect((await device('laser1')).lastError).toMatchObject({ type: 'ValueError' })
  const { calls } = (await ask('GET', '/laser1/calls')).body as { calls: Call[] }
  expect(calls.map(({ error }) => error?.type ?? null)).toEqual(['ValueError', null])
  expect((await commands()).map(({ text }) => text)).toEqual([
    'set_wavelength(1551.5)',
    'set_wavelength(2000, wait=true)',
  ])
})

test('a result is kept whole, as the server wrote it', async () => {
  await begin()
  const { call } = (await ask('POST', '/laser1/call', { method: 'spectrum', args: [4_000] })).body as {
    call: Call
  }
  expect(call.result!.preview).toHaveLength(16 * 1024)
  const whole = await lab.relay.fetch(
    new Request(`http://weir.test/api/devices/lab/laser1/calls/${call.command}`),
  )
  const text = await whole.text()
  expect(text).toHaveLength(call.result!.bytes)
  expect(JSON.parse(text)).toHaveLength(4_000)
  // A whole number as Python writes a float: JavaScript would make it 1550.
  await ask('POST', '/laser1/call', { method: 'set_wavelength', args: [1550] })
  const { calls } = (await ask('GET', '/laser1/calls')).body as { calls: Call[] }
  expect(calls[0]!.result!.preview).toBe('1550.0')
  expect((await ask('GET', '/laser1/calls/c999')).status).toBe(404)
})

test('a result that cannot be encoded: the method ran, and that is said', async () => {
  await begin()
  const answer = await ask('POST', '/laser1/call', { method: 'not_a_number' })
  expect(problemOf(answer)).toMatchObject({
    status: 502,
    source: { message: expect.stringContaining('the method ran; its result cannot be encoded') as string },
  })
  expect((await commands()).at(-1)!.error).toMatchObject({ outcome: 'not-answered' })
})

test('private methods are the server’s to refuse, streaming ones Weir’s', async () => {
  await begin()
  expect(problemOf(await ask('POST', '/laser1/call', { method: '_secret' })).source).toMatchObject({
    message: 'Private methods cannot be called remotely',
  })
  for (const method of ['start_streaming', 'stop_streaming']) {
    const refused = await ask('POST', '/thermo1/call', { method })
    expect(problemOf(refused)).toMatchObject({ status: 400, source: { type: 'NotCallable' } })
  }
  expect((await device('thermo1')).streaming).toBe(false)
})

test('a call that holds up the server is named while it does, and the others wait for their turn', async () => {
  await begin()
  const slow = send('POST', '/laser1/call', { method: 'settle', kwargs: { seconds: 8 } })
  await lab.clock.advance(10)
  expect((await device('laser1')).busy).toMatchObject({ text: 'settle(seconds=8)' })
  const next = send('POST', '/laser2/call', { method: 'get_wavelength' })
  await lab.clock.advance(6_000)
  const { state, detail } = await lab.source()
  expect(state).toBe('not_answering')
  expect(detail).toMatch(
    /^Not answering since \d\d:\d\d:\d\d UTC: settle\(seconds=8\) of laser1, asked by Weir at \d\d:\d\d:\d\d UTC, is running\./,
  )
  await lab.clock.advance(4_000)
  expect(commandOf(await slow)).toMatchObject({ error: null, effectNote: 'the method returned' })
  expect((await next).body).toMatchObject({ call: { result: { preview: '1550.0' } } })
  expect((await lab.source()).state).toBe('ok')
  expect((await device('laser1')).busy).toBeNull()
})

test('calls that wait are withdrawn with their pages; one under way goes on', async () => {
  await begin()
  const sent = posts('/devices/laser1/call')
  lab.lab.block(20_000)
  const pages = [1, 2, 3].map(() => new AbortController())
  const answers = pages.map(({ signal }, n) =>
    send('POST', '/laser1/call', { method: 'set_power', args: [n + 1] }, 'one', signal),
  )
  const connects = new AbortController()
  const busy = send('POST', '/laser2/connect', {}, 'one')
  const connect = send('POST', '/laser2/connect', {}, 'one', connects.signal)
  await lab.clock.advance(1_000)
  for (const page of [...pages, connects]) page.abort()
  await lab.clock.advance(1_000)
  for (const answer of [...answers.slice(1), connect])
    expect(problemOf(await answer).source).toMatchObject({
      type: 'NotSent',
      message: 'not sent: whoever asked for it stopped waiting before its turn',
    })
  await lab.clock.advance(60_000)
  expect(commandOf(await answers[0]!)).toMatchObject({ error: null, effectNote: 'the method returned' })
  await busy
  expect(sent).toHaveLength(1)
  const refused = (await commands()).filter(({ error }) => error !== null)
  expect(refused).toHaveLength(3)
  expect(refused.every(({ error }) => error!.outcome === 'not-sent')).toBe(true)
  expect((await device('laser1')).busy).toBeNull()
})

test('what waited behind a call that was given up on is not sent; nor is what comes before an answer', async () => {
  await begin()
  const sent = posts('/devices/laser1/call')
  const connects = posts('/devices/laser2/connect')
  lab.lab.block(100_000)
  const answers = [1, 2].map((n) => send('POST', '/laser1/call', { method: 'set_power', args: [n] }))
  await lab.clock.advance(36_000)
  const [first, second] = (await Promise.all(answers)).map((answer) => problemOf(answer).source!)
  expect(first!.message).toContain('it may have taken effect all the same')
  expect(second).toMatchObject({
    type: 'NotSent',
    message: expect.stringMatching(
      /^not sent: the server does not answer; set_power\(1\) of laser1, asked by Weir at .* UTC, is running$/,
    ) as string,
  })
  expect(problemOf(await ask('POST', '/laser2/connect', {}, 0)).source).toMatchObject({ type: 'NotSent' })
  await lab.clock.advance(80_000)
  expect(sent).toHaveLength(1)
  expect(connects).toEqual([])
  expect((await lab.source()).state).toBe('ok')
  // It answers again: so do calls.
  expect((await ask('POST', '/laser1/call', { method: 'get_power' })).status).toBe(200)
})

test('a server is asked one call at a time, whosever they are', async () => {
  await begin()
  const { fetch } = lab.lab
  let underWay = 0
  let most = 0
  intercept((request) => {
    if (!pathOf(request).endsWith('/call')) return undefined
    most = Math.max(most, ++underWay)
    return fetch(request).finally(() => (underWay -= 1))
  })
  const calls = ['laser1', 'laser2', 'laser1', 'plain1'].map((id) =>
    send('POST', `/${id}/call`, { method: 'is_connected' }),
  )
  await lab.clock.advance(1_000)
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(most).toBe(1)
})

test('a list that was asked for before a command does not undo what the command showed', async () => {
  await begin()
  await page('devices')
  const { fetch } = lab.lab
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let held = false
  intercept((request) => {
    if (pathOf(request) !== 'GET /devices' || held) return undefined
    held = true
    // The answer is made now, and arrives later.
    return fetch(request).then((answer) => released.then(() => answer))
  })
  await lab.clock.advance(5_000)
  expect(held).toBe(true)
  await ask('POST', '/laser2/connect', undefined, 10)
  expect((await device('laser2')).connected).toBe(true)
  release()
  await lab.clock.advance(10)
  expect((await device('laser2')).connected).toBe(true)
  await lab.clock.advance(5_000)
  expect((await device('laser2')).connected).toBe(true)
})

test('a call that is not answered in time may have taken effect; it is named until the server answers', async () => {
  await begin()
  const slow = send('POST', '/laser1/call', { method: 'settle', args: [50] })
  await lab.clock.advance(36_000)
  expect(problemOf(await slow).source!.message).toContain('it may have taken effect all the same')
  expect((await commands()).at(-1)!.error).toMatchObject({ status: null, outcome: 'not-answered' })
  await lab.clock.advance(8_000)
  expect((await lab.source()).detail).toContain('settle(50) of laser1')
  await lab.clock.advance(30_000)
  expect(await lab.source()).toMatchObject({ state: 'ok' })
  lab.lab.block(10_000)
  await lab.clock.advance(8_000)
  expect((await lab.source()).detail).toContain('a slow device call may be holding the server up')
  await lab.clock.advance(5_000)
})

test('a start that the server does not answer has changed nothing, and says so', async () => {
  await begin()
  lab.lab.block(40_000)
  const refused = await start('thermo1', {}, 36_000)
  expect(problemOf(refused)).toMatchObject({
    type: 'source-unreachable',
    source: { type: 'NotAnswering', message: 'no answer to GET /devices/thermo1 within 35 s' },
  })
  expect((await commands()).at(-1)!.error!.outcome).toBe('not-sent')
  await lab.clock.advance(20_000)
  expect(lab.lab.openStreams()).toEqual([])
})

test('a connect whose answer is lost is found by the next list', async () => {
  await begin()
  await page('devices')
  const { fetch } = lab.lab
  intercept((request) =>
    pathOf(request) === 'POST /devices/laser2/connect'
      ? fetch(request).then(() =>
          Promise.reject(
            new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
          ),
        )
      : undefined,
  )
  expect((await ask('POST', '/laser2/connect', undefined, 10)).status).toBe(502)
  await lab.clock.advance(6_000)
  expect((await commands()).at(-1)).toMatchObject({
    error: null,
    failedAt: null,
    effectNote: 'not answered, but the server says that it is connected',
  })
})

test('an effect that the server never shows is said to be unseen', async () => {
  await begin()
  await page('devices')
  const { fetch } = lab.lab
  intercept((request) =>
    pathOf(request) === 'POST /devices/laser2/connect'
      ? Promise.resolve(Response.json({ device_id: 'laser2', connected: true, streaming: false }))
      : undefined,
  )
  const { effectiveAt, acceptedAt } = commandOf(await ask('POST', '/laser2/connect', undefined, 10))
  expect(acceptedAt).not.toBeNull()
  expect(effectiveAt).toBeNull()
  lab.lab.fetch = fetch
  await lab.clock.advance(130_000)
  expect((await commands()).at(-1)).toMatchObject({
    effectiveAt: null,
    effectNote: 'the server does not show it',
  })
})

test('methods as their signatures tell; a list the server cannot write says so', async () => {
  await begin()
  const { methods } = (await ask('GET', '/laser1/methods')).body as { methods: Method[] }
  expect(methods.find(({ name }) => name === 'set_wavelength')).toMatchObject({
    parameters: [
      { name: 'wavelength_nm', type: 'number', required: true },
      { name: 'wait', type: 'boolean', required: false, default: false },
    ],
    doc: expect.stringContaining('1480 to 1640 nm') as string,
  })
  const unlisted = await ask('GET', '/infinite1/methods')
  expect(problemOf(unlisted).source!.message).toContain('They can be called by name all the same')
})

test('messages that the device counts and the server drops are gaps, once a second and summed', async () => {
  await begin()
  await ask('POST', '/counter1/call', { method: 'set_rate', args: [400] })
  await start('counter1')
  await lab.clock.advance(3_000)
  const { gaps, missed, messages } = await record('counter1')
  expect(gaps.every(({ cause }) => cause === 'dropped')).toBe(true)
  expect(gaps.length).toBeGreaterThan(2)
  expect(gaps.length).toBeLessThanOrEqual(7)
  expect(gaps.at(-1)!.text).toMatch(/^\d+ messages not received (between n \d+ and \d+|: n \d+ to \d+)$/)
  // Each is placed where its first message was missed, not where it was told.
  expect(gaps[1]!.at - gaps[0]!.at).toBeLessThan(500)
  // What arrived and what is missing make up what was pushed, but for what is still to be told.
  const pushed = 400 * 5.9
  expect(missed + messages).toBeGreaterThan(pushed * 0.7)
  expect(missed + messages).toBeLessThan(pushed * 1.1)
})

test('messages that do not count claim no loss', async () => {
  await begin()
  await ask('POST', '/daq1/call', { method: 'configure_streaming', args: [400, 1, 4] })
  await start('daq1')
  await lab.clock.advance(2_000)
  expect((await record('daq1')).gapCount).toBe(0)
})

test('NaN and what is no JSON do not end a stream', async () => {
  await begin()
  await ask('POST', '/odd1/call', { method: 'set_mode', args: ['nan'] })
  await start('odd1')
  await lab.clock.advance(3_000)
  expect(await device('odd1')).toMatchObject({ stream: { name: 'open' } })
  const { items } = (await ask('GET', '/odd1/raw')).body as { items: { body: string; event: string }[] }
  expect(items.at(-1)).toMatchObject({ event: 'device_data' })
  expect(items.at(-1)!.body).toContain('"value": NaN')
  expect((await record('odd1')).channels.map(({ name }) => name)).toContain('value')
})

test('samples of a range, thinned or whole, and as CSV', async () => {
  await begin()
  await start('counter1')
  await lab.clock.advance(5_000)
  const all = (await ask('GET', '/counter1/samples?points=1000')).body as SamplesAnswer
  expect(all.exact).toBe(true)
  const values = unpackNumbers(all.series.find(({ c }) => c === 'n')!.v)
  expect(Array.from(values.slice(0, 4))).toEqual([0, 1, 2, 3])
  const few = (await ask('GET', '/counter1/samples?points=1&channel=n')).body as SamplesAnswer
  expect(few.series.map(({ c }) => c)).toEqual(['n'])
  expect(unpackNumbers(few.series[0]!.v).length).toBeLessThanOrEqual(12)
  expect((await ask('GET', '/counter1/samples?from=x')).status).toBe(400)
  expect((await ask('GET', '/counter1/samples?from=2&to=1')).status).toBe(400)
  const csv = await lab.relay.fetch(
    new Request('http://weir.test/api/devices/lab/counter1/samples.csv?channel=n'),
  )
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="lab-counter1.csv"')
  const lines = (await csv.text()).trim().split('\r\n')
  expect(lines[0]).toBe('time,n')
  expect(lines[1]).toMatch(/^2026-01-01T00:00:0\d\.\d+Z,0$/)
  expect(lines.length).toBeGreaterThan(values.length)
})

test('leaving: Weir’s end stops what it streams, the server’s way', async () => {
  await begin()
  await start('thermo1', { keepMs: null })
  await start('counter1', { keepMs: null })
  const stopped = lab.relay.stop()
  await lab.clock.advance(10_000)
  await stopped
  expect(lab.lab.openStreams()).toEqual([])
})

test('a source without an answer names no device as disconnected', async () => {
  await begin()
  await page('devices')
  await lab.clock.advance(5_000)
  const before = await device('laser1')
  lab.lab.block(20_000)
  await lab.clock.advance(15_000)
  expect(await device('laser1')).toEqual(before)
  const { devicesReadAt, state } = await lab.source()
  expect(state).toBe('not_answering')
  expect(devicesReadAt).toBeLessThan(lab.clock.now() - 10_000)
  await lab.clock.advance(10_000)
})
