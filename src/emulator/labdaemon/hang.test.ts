import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN, payloads, testLab } from './test-lab.ts'
import type { TestLab } from './test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab()
})
afterEach(() => test.lab.stop())

/** Sends without waiting for an answer, which may never come. */
const send = (path: string, signal?: AbortSignal) => {
  const answer = test.lab.fetch(new Request(ORIGIN + path, signal ? { signal } : {}))
  const state: { outcome: string | undefined } = { outcome: undefined }
  answer.then(
    (response) => (state.outcome = String(response.status)),
    (error: unknown) => (state.outcome = error instanceof Error ? error.message : String(error)),
  )
  return state
}

describe('the server hangs for good (LabDaemon wire contract §5.1)', () => {
  it('not by one refused client', async () => {
    await test.open('thermo1')
    await test.clock.advance(100)
    await test.open('thermo1')
    await test.clock.advance(1_000)
    await test.open('counter1')
    expect(test.lab.hung).toBe(false)
    expect((await test.request('GET', '/health')).status).toBe(200)
  })

  it('by two refused at once', async () => {
    await test.open('thermo1')
    await test.clock.advance(100)
    send('/stream/devices/thermo1')
    const second = send('/stream/devices/thermo1')
    await test.clock.advance(0)
    expect(test.lab.hung).toBe(true)
    expect(second.outcome).toBeUndefined()
  })

  it.each([
    ['first', ['/stream/devices/thermo1', '/stream/devices/daq1']],
    ['second', ['/stream/devices/daq1', '/stream/devices/thermo1']],
  ])('by one refused while a free one is opened, the refused one %s', async (_, paths) => {
    await test.open('thermo1')
    await test.clock.advance(100)
    for (const path of paths) send(path)
    await test.clock.advance(0)
    expect(test.lab.hung).toBe(true)
  })

  it('not by free streams opened at once', async () => {
    for (const device of ['thermo1', 'daq1', 'counter1']) send(`/stream/devices/${device}`)
    await test.clock.advance(2_000)
    expect(test.lab.hung).toBe(false)
    expect(test.lab.openStreams()).toHaveLength(3)
  })

  it('answers nothing any more and lets open streams fall silent without an end', async () => {
    const stream = await test.open('thermo1')
    await test.start('t-1', 'LongRunningTask', { steps: 20 })
    await test.clock.advance(100)
    test.lab.hang()
    const before = stream.text
    const health = send('/health')
    const impatient = new AbortController()
    const aborted = send('/tasks', impatient.signal)
    await test.clock.advance(60_000)
    impatient.abort(new Error('timeout'))
    await test.clock.advance(0)
    expect(health.outcome).toBeUndefined()
    expect(aborted.outcome).toBe('timeout')
    expect(stream.text).toBe(before)
    expect(stream.ended).toBeUndefined()
    test.lab.restart()
    await test.clock.advance(0)
    expect(health.outcome).toBe('fetch failed')
    expect(stream.ended).toBe('terminated')
    expect(await test.json('/tasks')).toEqual({ tasks: [] })
  })
})

describe('one slow thing stops all (LabDaemon wire contract §5.12)', () => {
  it('a slow method holds up requests and streams', async () => {
    const stream = await test.open('counter1')
    await test.clock.advance(500)
    const before = payloads(stream.text).length
    const settle = test.post('/devices/laser1/call', { method: 'settle', args: [4] })
    await test.clock.advance(10)
    const health = send('/health')
    await test.clock.advance(3_900)
    expect(health.outcome).toBeUndefined()
    expect(payloads(stream.text)).toHaveLength(before)
    await test.clock.advance(200)
    expect(health.outcome).toBe('200')
    expect(await (await settle).json()).toEqual({ result: null, success: true })
    expect(payloads(stream.text).length).toBeGreaterThan(before)
    expect(payloads(stream.text).length).toBeLessThanOrEqual(before + 11)
  })

  it('a hanging connect holds everybody up for 30 s, then fails, and the device blocks on', async () => {
    await test.post('/devices', {
      device_id: 'dead1',
      device_type: 'Oscilloscope',
      params: { connect_seconds: 45 },
    })
    const connect = test.post('/devices/dead1/connect')
    await test.clock.advance(10)
    const health = send('/health')
    await test.clock.advance(29_900)
    expect(health.outcome).toBeUndefined()
    await test.clock.advance(100)
    const answer = await connect
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(
      "Failed to connect device 'dead1': Device connection timed out after 30 seconds",
    )
    expect(health.outcome).toBe('200')
    const devices = send('/devices')
    await test.clock.advance(14_000)
    expect(devices.outcome).toBeUndefined()
    await test.clock.advance(2_000)
    expect(devices.outcome).toBe('200')
  })

  it('a slow connect ends well', async () => {
    await test.post('/devices', {
      device_id: 'slow1',
      device_type: 'Oscilloscope',
      params: { connect_seconds: 3 },
    })
    const connect = test.post('/devices/slow1/connect')
    await test.clock.advance(3_100)
    expect(await (await connect).json()).toMatchObject({ device_id: 'slow1', connected: true })
  })

  it("a task that holds a device's lock makes the device list wait", async () => {
    await test.start('holder', 'LockHoldingTask', { device_id: 'laser2', seconds: 3 })
    const health = send('/health')
    const devices = send('/devices')
    await test.clock.advance(2_900)
    expect([health.outcome, devices.outcome]).toEqual(['200', undefined])
    await test.clock.advance(200)
    expect(devices.outcome).toBe('200')
  })

  it('as long as a test says', async () => {
    test.lab.block(1_000)
    const health = send('/health')
    await test.clock.advance(990)
    expect(health.outcome).toBeUndefined()
    await test.clock.advance(10)
    expect(health.outcome).toBe('200')
  })
})

describe('the end of the server (LabDaemon wire contract §5.14)', () => {
  it('SIGKILL breaks streams and refuses requests', async () => {
    const stream = await test.open('thermo1')
    await test.clock.advance(100)
    test.lab.kill()
    await test.clock.advance(0)
    expect(stream.ended).toBe('terminated')
    const error = await test.request('GET', '/health').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as TypeError).cause).toMatchObject({ code: 'ECONNREFUSED' })
    expect(test.clock.pending).toBe(0)
  })

  it('a restart forgets tasks, ids and streams and adds the devices anew', async () => {
    await test.start('t-1', 'SweepTask')
    await test.post('/devices', { device_id: 'laser9', device_type: 'TunableLaser' })
    const fresh = testLab()
    const devices = await fresh.get('/devices')
    fresh.lab.stop()
    test.lab.kill()
    test.lab.restart()
    expect(await test.json('/tasks')).toEqual({ tasks: [] })
    expect(await test.get('/devices')).toBe(devices)
    expect((await test.request('GET', '/tasks/t-1')).status).toBe(404)
    expect((await test.start('t-1', 'SweepTask')).status).toBe(200)
  })

  it('SIGTERM lets streams go on and ends the process with the last of them', async () => {
    const stream = await test.open('thermo1')
    await test.clock.advance(100)
    test.lab.shutdown()
    await expect(test.request('GET', '/health')).rejects.toThrow('fetch failed')
    await test.clock.advance(3_000)
    expect(payloads(stream.text)).toHaveLength(4)
    expect(stream.ended).toBeUndefined()
    await stream.hangUp()
    await test.clock.advance(100)
    expect(test.lab.openStreams()).toEqual([])
    expect(test.clock.pending).toBe(0)
  })
})
