import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countPings, ids, payloads, recording, testLab, timeless } from './test-lab.ts'
import type { Reading, TestLab } from './test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab()
})
afterEach(() => test.lab.stop())

/** What was recorded, but for times and for an event that the recorder cut in two. */
function recorded(file: string): string {
  const text = recording(file)
  return timeless(text.slice(0, text.lastIndexOf('\r\n\r\n') + 4))
}

/** As much of what arrived as was recorded. */
function arrived(reading: Reading, file: string): string {
  return timeless(reading.text).slice(0, recorded(file).length)
}

const call = (device: string, method: string, ...args: unknown[]) =>
  test.post(`/devices/${device}/call`, { method, args })

describe('streams as recorded, byte for byte', () => {
  it('a task from its first step to the pings after its end', async () => {
    await test.start('progress-1', 'LongRunningTask', { steps: 40, delay: 0.1, enable_streaming: true })
    const reading = await test.open('stream-progress-1')
    await test.clock.advance(10_000)
    expect(arrived(reading, 'stream-progress.sse')).toBe(recorded('stream-progress.sse'))
    expect(reading.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(reading.headers.get('cache-control')).toBe('no-cache')
    expect(reading.headers.get('x-accel-buffering')).toBe('no')
  })

  it('a ping a second and a comment every 15 s', async () => {
    await test.start('progress-1', 'LongRunningTask', { steps: 1, enable_streaming: true })
    await test.clock.advance(1_000)
    const reading = await test.open('stream-progress-1')
    await test.clock.advance(20_000)
    expect(arrived(reading, 'stream-ping.sse')).toBe(recorded('stream-ping.sse'))
  })

  it('a task that pauses and goes on', async () => {
    await test.start('hold-1', 'PausableTask', { delay: 0.2 })
    const reading = await test.open('stream-hold-1')
    await test.clock.advance(1_250)
    await test.post('/tasks/hold-1/pause')
    await test.clock.advance(3_100)
    await test.post('/tasks/hold-1/resume')
    await test.clock.advance(2_000)
    expect(arrived(reading, 'stream-paused.sse')).toBe(recorded('stream-paused.sse'))
  })

  it('a task that fails: only pings tell', async () => {
    await test.start('failing-1', 'FailingTask')
    const reading = await test.open('stream-failing-1')
    await test.clock.advance(5_000)
    expect(arrived(reading, 'stream-failed-task.sse')).toBe(recorded('stream-failed-task.sse'))
    expect(reading.ended).toBeUndefined()
  })

  it('a client that leaves and comes back: ids from 0, the steps between are gone', async () => {
    await test.start('reconnect-1', 'LongRunningTask', { steps: 60, enable_streaming: true })
    const first = await test.open('stream-reconnect-1')
    await test.clock.advance(1_205)
    expect(arrived(first, 'stream-reconnect.1.sse')).toBe(recorded('stream-reconnect.1.sse'))
    await first.hangUp()
    await test.clock.advance(1_500)
    const second = await test.open('stream-reconnect-1', { 'last-event-id': '11' })
    await test.clock.advance(6_000)
    expect(arrived(second, 'stream-reconnect.2.sse')).toBe(recorded('stream-reconnect.2.sse'))
  })

  it('hostile text', async () => {
    await test.start('hostile-1', 'HostileTask')
    const reading = await test.open('stream-hostile-1')
    await test.clock.advance(6_000)
    expect(arrived(reading, 'stream-hostile.sse')).toBe(recorded('stream-hostile.sse'))
  })

  it('odd progress', async () => {
    await test.start('odd-1', 'OddProgressTask')
    const reading = await test.open('stream-odd-1')
    await test.clock.advance(7_000)
    expect(arrived(reading, 'stream-odd-progress.sse')).toBe(recorded('stream-odd-progress.sse'))
  })

  it('a reading a second, without pings', async () => {
    const reading = await test.open('thermo1')
    await test.clock.advance(5_000)
    expect(arrived(reading, 'stream-thermo.sse')).toBe(recorded('stream-thermo.sse'))
  })

  it('a reading in 2.5 s, with two pings between', async () => {
    await call('thermo1', 'set_rate', 0.4)
    const reading = await test.open('thermo1')
    await test.clock.advance(8_000)
    expect(arrived(reading, 'stream-slow.sse')).toBe(recorded('stream-slow.sse'))
  })

  it('fifty readings a second, all of them', async () => {
    await call('counter1', 'set_rate', 50)
    const reading = await test.open('counter1')
    await test.clock.advance(3_000)
    expect(arrived(reading, 'stream-burst.sse')).toBe(recorded('stream-burst.sse'))
  })

  it.each(['nan', 'text', 'scalar'])('payloads that are no objects or no JSON: %s', async (mode) => {
    await call('odd1', 'set_mode', mode)
    const reading = await test.open('odd1')
    await test.clock.advance(3_000)
    expect(arrived(reading, `stream-${mode}.sse`)).toBe(recorded(`stream-${mode}.sse`))
  })

  it('a second client', async () => {
    const first = await test.open('thermo1')
    await test.clock.advance(100)
    const second = await test.open('thermo1')
    await test.clock.advance(1_500)
    expect(timeless(second.text)).toBe(timeless(recording('stream-error-already-streaming.sse')))
    expect(second.ended).toBe('end')
    expect(first.ended).toBeUndefined()
    expect(payloads(first.text)).toHaveLength(2)
  })

  it.each([
    ['plain1', 'stream-error-unsupported.sse', 'refuse'],
    ['odd1', 'stream-error-refused.sse', 'refuse'],
    ['odd1', 'stream-error-encode.sse', 'encode'],
  ])('%s: %s', async (device, file, mode) => {
    await call('odd1', 'set_mode', mode)
    const reading = await test.open(device)
    await test.clock.advance(100)
    expect(timeless(reading.text)).toBe(timeless(recording(file)))
    expect(reading.ended).toBe('end')
  })

  it('a late clean-up that silences the next client', async () => {
    const first = await test.open('thermo1')
    await test.clock.advance(100)
    await test.post('/devices/thermo1/stream/stop')
    const second = await test.open('thermo1')
    await test.clock.advance(6_500)
    expect(first.ended).toBe('end')
    expect(arrived(second, 'stream-silenced.sse')).toBe(recorded('stream-silenced.sse'))
    expect(await test.get('/devices/thermo1')).toBe(recording('device-silenced.json'))
  })
})

describe('streams of the recorded shape', () => {
  it('a task too fast for the queue: contiguous ids, steps missing', async () => {
    await test.start('fast-1', 'FastTask')
    const reading = await test.open('stream-fast-1')
    await test.clock.advance(2_100)
    const steps = (text: string) =>
      payloads(text).map((payload) => (JSON.parse(payload) as { step: number }).step)
    const expected = steps(recording('stream-dropped.sse'))
    const emulated = steps(reading.text)
    expect(emulated.slice(0, 11)).toEqual(expected.slice(0, 11))
    expect(emulated.length).toBeGreaterThan(expected.length * 0.8)
    expect(emulated.length).toBeLessThan(expected.length * 2)
    expect(ids(reading.text)).toEqual(emulated.map((_, index) => index))
    const [first = ''] = payloads(reading.text)
    expect(first).toBe(payloads(recording('stream-dropped.sse'))[0])
  })

  it.each([
    ['daq1', 'stream-daq-matrix.sse'],
    ['daq2', 'stream-daq-flat.sse'],
    ['daq3', 'stream-daq-named.sse'],
  ])('%s: blocks of samples', async (device, file) => {
    const reading = await test.open(device)
    await test.clock.advance(1_500)
    const [emulated = ''] = payloads(reading.text)
    const [expected = ''] = payloads(recording(file))
    expect(shape(JSON.parse(emulated))).toEqual(shape(JSON.parse(expected)))
    expect(emulated).toMatch(/^(\[|\[\[|\{.*"ai0": \[)-?\d\.\d{1,3}, /)
  })

  it('bursts: up to ten at a time, about every 100 ms', async () => {
    await call('counter1', 'set_rate', 50)
    const reading = await test.open('counter1')
    const counts: number[] = []
    for (let tick = 0; tick < 8; tick++) {
      const before = payloads(reading.text).length
      await test.clock.advance(100)
      counts.push(payloads(reading.text).length - before)
    }
    expect(counts.slice(1)).toEqual([5, 5, 5, 5, 5, 5, 5])
    expect(countPings(reading.text)).toBe(0)
  })
})

/** Types and sizes instead of values. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return [value.length, shape(value[0])]
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shape(each)]))
}
