import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN, countPings, payloads, testLab } from './test-lab.ts'
import type { TestLab } from './test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab()
})
afterEach(() => test.lab.stop())

const stop = (device: string) => test.post(`/devices/${device}/stream/stop`)
const device = async (id: string) => (await test.json(`/devices/${id}`)) as { streaming: boolean }
const isRefused = (text: string) => text.includes('already streaming')

describe('closing a stream (LabDaemon wire contract §5.3)', () => {
  it('by stop: the body ends within a second, after a last ping', async () => {
    const stream = await test.open('thermo1')
    await test.clock.advance(400)
    await stop('thermo1')
    expect((await device('thermo1')).streaming).toBe(false)
    await test.clock.advance(400)
    expect(stream.ended).toBeUndefined()
    await test.clock.advance(600)
    expect(stream.ended).toBe('end')
    expect(countPings(stream.text)).toBe(1)
    expect(test.lab.openStreams()).toEqual([])
  })

  it('by stop, then open again after its end: clean', async () => {
    const first = await test.open('counter1')
    await test.clock.advance(500)
    await stop('counter1')
    await test.clock.advance(1_000)
    expect(first.ended).toBe('end')
    const second = await test.open('counter1')
    await test.clock.advance(30_000)
    expect(payloads(second.text)).toHaveLength(301)
  })

  it('by hanging up on a slow stream: free after 10 ms', async () => {
    const first = await test.open('thermo1')
    await test.clock.advance(2_500)
    await first.hangUp()
    await test.clock.advance(15)
    expect((await device('thermo1')).streaming).toBe(false)
    const second = await test.open('thermo1')
    await test.clock.advance(1_500)
    expect(payloads(second.text)).toHaveLength(2)
  })

  it('by aborting the request', async () => {
    const abort = new AbortController()
    const { body } = await test.lab.fetch(
      new Request(`${ORIGIN}/stream/devices/thermo1`, { signal: abort.signal }),
    )
    const read = body?.getReader().read()
    abort.abort()
    await expect(read).resolves.toMatchObject({ done: true })
    await test.clock.advance(15)
    expect(test.lab.openStreams()).toEqual([])
  })

  it('stop is idempotent, also for devices that do not stream', async () => {
    for (const id of ['thermo1', 'thermo1', 'plain1', 'bare1']) expect((await stop(id)).status).toBe(200)
    expect((await stop('none')).status).toBe(404)
  })
})

describe('late clean-up after hanging up on a fast stream (LabDaemon wire contract §5.3)', () => {
  beforeEach(async () => {
    test.lab.stop()
    test = testLab({ lateCleanup: true })
    await test.post('/devices/counter1/call', { method: 'set_rate', args: [100] })
    const stream = await test.open('counter1')
    await test.clock.advance(2_000)
    await stream.hangUp()
    await test.clock.advance(100)
  })

  it('the device streams into nothing and every new client is refused', async () => {
    expect(test.lab.openStreams()).toMatchObject([{ deviceId: 'counter1', state: 'orphan' }])
    expect((await device('counter1')).streaming).toBe(true)
    const next = await test.open('counter1')
    await test.clock.advance(100)
    expect(isRefused(next.text)).toBe(true)
  })

  it('until garbage is collected, which takes traffic', async () => {
    await test.clock.advance(120_000)
    expect(test.lab.openStreams()).toHaveLength(1)
    await test.get('/health')
    expect(test.lab.openStreams()).toEqual([])
    expect((await device('counter1')).streaming).toBe(false)
  })

  it('and then silences the client that came after a stop', async () => {
    await stop('counter1')
    const next = await test.open('counter1')
    await test.clock.advance(2_000)
    const arrived = payloads(next.text).length
    expect(arrived).toBeGreaterThan(50)
    await test.clock.advance(30_000)
    await test.get('/health')
    const silencedAt = payloads(next.text).length
    await test.clock.advance(5_000)
    expect(payloads(next.text).length).toBeLessThanOrEqual(silencedAt + 10)
    expect(countPings(next.text)).toBeGreaterThanOrEqual(3)
    expect((await device('counter1')).streaming).toBe(false)
  })
})

describe('devices that tasks stream from (LabDaemon wire contract §5.5)', () => {
  const blocks = async (id: string) =>
    ((await test.json(`/tasks/${id}`)) as { result: { blocks: number } }).result.blocks
  const acquire = () => test.start('acq', 'AcquisitionTask', { daq_id: 'daq2', blocks: 100, duration: 6 })

  it('a dashboard that looks gets pings only, and its leaving starves the task', async () => {
    await acquire()
    await test.clock.advance(1_000)
    const stream = await test.open('daq2')
    await test.clock.advance(1_800)
    expect(payloads(stream.text)).toEqual([])
    expect(countPings(stream.text)).toBe(1)
    await stream.hangUp()
    await test.clock.advance(5_000)
    expect(await blocks('acq')).toBeLessThan(8)
  })

  it('a dashboard that watched before leaves nothing for the task', async () => {
    await test.open('daq2')
    await acquire()
    await test.clock.advance(7_000)
    expect(await blocks('acq')).toBe(0)
  })

  it('unwatched, the task gets all', async () => {
    await acquire()
    await test.clock.advance(7_000)
    expect(await blocks('acq')).toBe(13)
  })
})

describe('the end of a task (LabDaemon wire contract §5.6)', () => {
  it('leaves the stream open and pinging, and the device listed', async () => {
    await test.start('t-1', 'LongRunningTask', { steps: 5, enable_streaming: true })
    const stream = await test.open('stream-t-1')
    await test.clock.advance(5_000)
    expect(stream.ended).toBeUndefined()
    expect(countPings(stream.text)).toBe(4)
    expect((await device('stream-t-1')).streaming).toBe(true)
    await stream.hangUp()
    await test.clock.advance(20)
    expect(await device('stream-t-1')).toMatchObject({ streaming: false, connected: true })
  })
})

describe('a stream device that comes late (LabDaemon wire contract §5.10)', () => {
  it('is 404 until the task has made it', async () => {
    await test.start('late-1', 'LateStreamTask')
    expect((await test.open('stream-late-1')).status).toBe(404)
    await test.clock.advance(1_000)
    const stream = await test.open('stream-late-1')
    await test.clock.advance(500)
    expect(stream.status).toBe(200)
    expect(payloads(stream.text).length).toBeGreaterThan(2)
  })
})

describe('loss (LabDaemon wire contract §5.11)', () => {
  const arrivedAt = async (hertz: number, requestEvery?: number) => {
    await test.post('/devices/counter1/call', { method: 'set_rate', args: [hertz] })
    const stream = await test.open('counter1')
    for (let passed = 0; passed < 2_000; passed += requestEvery ?? 2_000) {
      await test.clock.advance(requestEvery ?? 2_000)
      if (requestEvery !== undefined) await test.get('/health')
    }
    return payloads(stream.text).length / (hertz * 2)
  }

  it.each([
    [10, 1, 0.1],
    [100, 0.995, 0.02],
    [200, 0.52, 0.05],
    [1_000, 0.12, 0.03],
  ])('%i readings a second: %d of them arrive', async (hertz, share, tolerance) => {
    expect(Math.abs((await arrivedAt(hertz)) - share)).toBeLessThan(tolerance)
  })

  it('other traffic wakes the loop and saves them', async () => {
    expect(await arrivedAt(200, 10)).toBeGreaterThan(0.98)
  })
})

describe('a client that does not read (LabDaemon wire contract §5.13)', () => {
  it('keeps its hold, and later gets what the buffers kept', async () => {
    const { body } = await test.lab.fetch(new Request(`${ORIGIN}/stream/devices/daq1`))
    await test.clock.advance(60_000)
    const [{ sent } = { sent: 0 }] = test.lab.openStreams()
    expect(sent).toBeGreaterThan(50)
    expect(sent).toBeLessThan(300)
    await body?.cancel()
  })
})

describe('cuts by the network', () => {
  it.each([
    ['clean', 'end', /\r\n\r\n$/],
    ['error', 'terminated', /\r\n\r\n$/],
    ['mid-line', 'end', /data: \{"step": 1$/],
  ] as const)('%s', async (mode, ended, tail) => {
    const stream = await test.open('thermo1')
    await test.clock.advance(1_500)
    test.lab.cutStreams(mode)
    await test.clock.advance(20)
    expect(stream.ended).toBe(ended)
    expect(stream.text).toMatch(tail)
    expect(test.lab.openStreams()).toEqual([])
  })
})

describe('many at once', () => {
  it('a hundred streams and a hundred requests', async () => {
    await test.start('swarm', 'SwarmTask', { count: 100, steps: 10, delay: 0.1 })
    const streams = []
    for (let child = 3; child <= 100; child++) {
      streams.push(await test.open(`stream-swarm-${child}`))
    }
    const answers = await Promise.all(Array.from({ length: 100 }, () => test.request('GET', '/tasks')))
    await test.clock.advance(2_000)
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(streams.every(({ text }) => payloads(text).length === 10)).toBe(true)
  })
})
