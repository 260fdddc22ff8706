import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { payloads, testLab } from '../../test-lab.ts'
import type { TestLab } from '../../test-lab.ts'
import { SIGNALS } from './signals.ts'

let test: TestLab

beforeEach(() => {
  test = testLab({ preset: 'demo', strict: true })
})
afterEach(() => test.lab.stop())

const call = async (method: string, kwargs: object = {}) => {
  const response = await test.post('/devices/daq8/call', { method, kwargs })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** What arrives in so many ms, parsed. */
const stream = async <T>(ms: number): Promise<T[]> => {
  const reading = await test.open('daq8')
  await test.clock.advance(ms)
  await test.post('/devices/daq8/stream/stop')
  await test.clock.advance(1_100)
  return payloads(reading.text).map((text) => JSON.parse(text) as T)
}

const channelIndex = (name: string) => SIGNALS.findIndex((signal) => signal.name === name)

/** Largest step from one number to the next. */
const roughest = (values: readonly number[]) =>
  values.reduce(
    (most, value, at) => (at === 0 ? 0 : Math.max(most, Math.abs(value - (values[at - 1] ?? 0)))),
    0,
  )

describe('the DAQ', () => {
  it('sends eight channels of a thousand samples ten times a second', async () => {
    const blocks = await stream<number[][]>(1_050)
    expect(blocks.length).toBeGreaterThanOrEqual(10)
    for (const block of blocks) expect(block.map((channel) => channel.length)).toEqual(Array(8).fill(1_000))
  })

  it('goes on at the end of each block where the next one begins', async () => {
    const blocks = await stream<number[][]>(2_050)
    for (const [name, slope, noise] of [
      // Largest change per 0.1 ms, and ten standard deviations of the noise of two samples.
      ['mains_hum_v', 0.057, 0.2],
      ['harmonics_v', 0.4, 0.1],
      ['drift_v', 0.001, 0.04],
      ['chirp_v', 0.95, 0.1],
    ] as const) {
      const samples = blocks.flatMap((block) => block[channelIndex(name)] ?? [])
      expect(samples.length).toBeGreaterThanOrEqual(20_000)
      expect(roughest(samples)).toBeLessThan(slope + noise)
    }
  })

  it('keeps the hum at 50 Hz whatever the rate', async () => {
    for (const rate of [10_000, 100_000]) {
      expect((await call('configure_streaming', { sample_rate_hz: rate, samples: rate / 10 })).status).toBe(
        200,
      )
      const blocks = await stream<number[][]>(1_000)
      const hum = blocks.slice(0, 10).flatMap((block) => block[0] ?? [])
      // The sign of means over 1 ms, whose changes noise cannot fake.
      const perMean = rate / 1_000
      const signs = Array.from({ length: hum.length / perMean }, (_, index) =>
        Math.sign(hum.slice(index * perMean, (index + 1) * perMean).reduce((sum, each) => sum + each, 0)),
      )
      const changes = signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length
      expect(changes).toBeGreaterThanOrEqual(98)
      expect(changes).toBeLessThanOrEqual(101)
    }
  })

  it('clips at 10 V, keeps the pulses positive and the square on two levels', async () => {
    const [block = []] = await stream<number[][]>(150)
    const of = (name: string) => block[channelIndex(name)] ?? []
    expect(Math.max(...of('clipped_v'))).toBeCloseTo(10, 2)
    expect(Math.min(...of('clipped_v'))).toBe(-10)
    expect(of('clipped_v').filter((value) => value > 9.99).length).toBeGreaterThan(100)
    expect(Math.min(...of('pulses_v'))).toBeGreaterThan(-0.2)
    expect(Math.max(...of('pulses_v'))).toBeGreaterThan(3.5)
    const levels = of('square_v').filter((value) => Math.abs(value) < 0.2 || Math.abs(value - 5) < 0.2)
    expect(levels).toHaveLength(1_000)
  })

  it('fills a hundred blocks a second at full rate, numbered, none lost but by the queue', async () => {
    const { body } = await call('configure_streaming', { sample_rate_hz: 100_000, layout: 'named' })
    expect(body['result']).toEqual({
      sample_rate_hz: 100_000,
      samples: 1_000,
      channels: 8,
      layout: 'named',
      messages_per_s: 100,
    })
    interface Named {
      block: number
      sample_rate_hz: number
      channels: Record<string, number[]>
    }
    const blocks = await stream<Named>(2_000)
    expect(blocks.length).toBeGreaterThan(190)
    expect(blocks.at(-1)?.block).toBeGreaterThanOrEqual(199)
    expect(Object.keys(blocks[0]?.channels ?? {})).toEqual(SIGNALS.map(({ name }) => name))
    expect(blocks.every((block) => block.sample_rate_hz === 100_000)).toBe(true)
    // The hum's phase at the end of one block is that at the beginning of the next.
    for (const [at, block] of blocks.entries()) {
      const before = blocks[at - 1]
      if (before?.block !== block.block - 1) continue
      const joint = [before.channels['mains_hum_v']?.at(-1) ?? NaN, block.channels['mains_hum_v']?.[0] ?? NaN]
      expect(roughest(joint)).toBeLessThan(0.21)
    }
  })

  it('sends a bare array when flat, and as many channels as asked', async () => {
    await call('configure_streaming', { layout: 'flat', samples: 500 })
    const flat = await stream<number[]>(150)
    expect(flat[0]).toHaveLength(500)
    expect(flat[0]?.every((value) => typeof value === 'number')).toBe(true)
    await call('configure_streaming', { channels: 3 })
    expect((await stream<number[][]>(150))[0]).toHaveLength(3)
  })

  it.each([
    [{ sample_rate_hz: 200_000 }, 'sample rate 200000.0 Hz is outside 1 to 100000 Hz'],
    [{ channels: 9 }, 'number of channels 9 is outside 1 to 8'],
    [{ samples: 0 }, 'block length 0 samples is outside 1 to 100000 samples'],
    [{ layout: 'round' }, "layout must be matrix, named or flat, not 'round'"],
    [
      { sample_rate_hz: 100_000, samples: 10 },
      '10000 messages a second are more than 1000: take longer blocks',
    ],
  ])('refuses %o', async (kwargs, message) => {
    const { status, body } = await call('configure_streaming', kwargs)
    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { type: 'ValueError', message, origin: 'device' } })
    expect(await call('sampling')).toMatchObject({
      body: { result: { sample_rate_hz: 10_000, channels: 8 } },
    })
  })

  it('reads one channel on request', async () => {
    const { body } = await call('read_channel', { channel: 3, samples: 50 })
    expect(body['result']).toHaveLength(50)
    expect((await call('read_channel', { channel: 8 })).status).toBe(400)
  })

  it('does not stream while it is closed, and stops when it is closed', async () => {
    const reading = await test.open('daq8')
    await test.clock.advance(500)
    await test.post('/devices/daq8/disconnect')
    expect(await test.json('/devices/daq8')).toMatchObject({ connected: false, streaming: false })
    const arrived = payloads(reading.text).length
    await test.clock.advance(2_000)
    expect(payloads(reading.text).length - arrived).toBeLessThanOrEqual(1)
    await test.post('/devices/daq8/stream/stop')
    await test.clock.advance(1_100)
    const refused = await test.open('daq8')
    await test.clock.advance(50)
    expect(refused.text).toContain('"type": "DeviceNotConnectedError", "message": "daq8 is not connected"')
  })

  it('is the same under the same seed, and noisy in another way under another', async () => {
    const look = async (seed: number) => {
      test.lab.stop()
      test = testLab({ preset: 'demo', seed })
      return stream<number[][]>(250)
    }
    const first = await look(1)
    expect(await look(1)).toEqual(first)
    expect(await look(2)).not.toEqual(first)
  })
})
