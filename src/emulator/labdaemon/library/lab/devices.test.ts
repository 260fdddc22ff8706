import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { payloads, testLab } from '../../test-lab.ts'
import type { TestLab } from '../../test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab({ preset: 'demo', strict: true })
})
afterEach(() => {
  expect(test.lab.violations).toEqual([])
  test.lab.stop()
})

interface Answer {
  result?: unknown
  error?: { type: string; message: string; origin: string }
}

const call = async (device: string, method: string, kwargs: object = {}) => {
  const pending = test.post(`/devices/${device}/call`, { method, kwargs })
  await test.clock.advance(0)
  return (await (await pending).json()) as Answer
}

/** Texts of what arrives in so many ms. */
const streamTexts = async (device: string, ms: number) => {
  const reading = await test.open(device)
  await test.clock.advance(ms)
  await test.post(`/devices/${device}/stream/stop`)
  await test.clock.advance(1_100)
  expect(reading.ended).toBe('end')
  return payloads(reading.text)
}
const stream = async <T>(device: string, ms: number) =>
  (await streamTexts(device, ms)).map((text) => JSON.parse(text) as T)

interface LaserStatus {
  power_mw: number
  wavelength_nm: number
  temperature_c: number
  locked: boolean
  state: string
}

describe('the laser', () => {
  it('streams a locked status five times a second', async () => {
    const all = await stream<LaserStatus>('laser3', 1_050)
    expect(all.length).toBeGreaterThanOrEqual(5)
    expect(Object.keys(all[0] ?? {})).toEqual([
      'power_mw',
      'wavelength_nm',
      'temperature_c',
      'locked',
      'state',
    ])
    expect(all[0]).toMatchObject({ locked: true, state: 'locked' })
  })

  it('shows what is set: power at once, wavelength by way of tuning and locking', async () => {
    expect(await call('laser3', 'set_power', { power_mw: 30 })).toMatchObject({ result: 30 })
    expect(await call('laser3', 'set_wavelength', { wavelength_nm: 1_540 })).toMatchObject({ result: 1_540 })
    const all = await stream<LaserStatus>('laser3', 3_050)
    const states = all.map(({ state }) => state).filter((state, at, every) => state !== every[at - 1])
    expect(states).toEqual(['tuning', 'locking', 'locked'])
    expect(all.every(({ locked, state }) => locked === (state === 'locked'))).toBe(true)
    expect(all[0]?.power_mw).toBeLessThan(20)
    expect(all.at(-1)?.power_mw).toBeCloseTo(30, 0)
    expect(all.at(-1)?.wavelength_nm).toBeCloseTo(1_540, 1)
    expect((all.at(-1)?.temperature_c ?? 0) - (all[0]?.temperature_c ?? 0)).toBeGreaterThan(0.05)
  })

  it('hops modes now and then, and locks again', async () => {
    const states = (await stream<LaserStatus>('laser3', 400_000)).map(({ state }) => state)
    expect(states).toContain('mode hop')
    expect(states.slice(states.indexOf('mode hop'))).toContain('locked')
  })

  it('is dark when switched off', async () => {
    await call('laser3', 'enable', { on: false })
    const all = await stream<LaserStatus>('laser3', 5_000)
    expect(all.at(-1)).toMatchObject({ locked: false, state: 'off' })
    expect(all.at(-1)?.power_mw).toBeLessThan(0.01)
    await call('laser3', 'enable')
    await test.clock.advance(5_000)
    expect(Number((await call('laser3', 'read_power')).result)).toBeCloseTo(12, 0)
    expect(Number((await call('laser3', 'read_power', { unit: 'dBm' })).result)).toBeCloseTo(10.8, 0)
  })

  it.each([
    ['set_power', { power_mw: 41 }, 'power 41.0 mW is outside 0 to 40 mW'],
    ['set_wavelength', { wavelength_nm: 1_700 }, 'wavelength 1700.0 nm is outside 1480 to 1640 nm'],
    ['read_power', { unit: 'W' }, "unit must be mW or dBm, not 'W'"],
  ])('%s refuses %o', async (method, kwargs, message) => {
    expect((await call('laser3', method, kwargs)).error).toMatchObject({ type: 'ValueError', message })
    const { error } = (await test.json('/devices/laser3/error')) as { error: { traceback: string } }
    expect(error.traceback).toContain(`ValueError: ${message}`)
  })
})

describe('devices of words and booleans', () => {
  it('an interlock that trips when somebody comes in, and is armed again', async () => {
    interface Chain {
      door_closed: boolean
      laser_permitted: boolean
      state: string
    }
    expect((await stream<Chain>('interlock1', 600))[0]).toMatchObject({
      laser_permitted: true,
      state: 'armed',
    })
    await call('interlock1', 'open_door', { seconds: 3 })
    const chain = await stream<Chain>('interlock1', 30_000)
    expect(chain[0]).toMatchObject({ door_closed: false, laser_permitted: false, state: 'door open' })
    expect(chain.some(({ state }) => state === 'armed')).toBe(true)
  })

  it('an interlock that stays tripped until it is reset', async () => {
    await call('interlock1', 'press_emergency_stop')
    const chain = await stream<{ state: string }>('interlock1', 20_000)
    expect(new Set(chain.map(({ state }) => state))).toEqual(new Set(['emergency stop pressed']))
    await call('interlock1', 'open_door', { seconds: 60 })
    expect((await call('interlock1', 'reset')).error).toMatchObject({
      type: 'RuntimeError',
      message: 'cannot arm: door open',
    })
  })

  it('a shutter as a bare boolean', async () => {
    await call('shutter1', 'set_period', { seconds: 0.5 })
    expect(new Set(await streamTexts('shutter1', 3_000))).toEqual(new Set(['true', 'false']))
  })

  it('a sequencer as a bare string that goes where it is sent', async () => {
    const first = await stream<string>('sequencer1', 21_000)
    expect(first.filter((phase, at) => phase !== first[at - 1])).toEqual([
      'idle',
      'loading sample',
      'pumping',
      'exposing',
      'reading out',
      'venting',
      'idle',
    ])
    await call('sequencer1', 'go_to', { phase: 'venting' })
    expect((await call('sequencer1', 'state')).result).toBe('venting')
  })
})

describe('the oscilloscopes', () => {
  it('one streams whole records that stand still', async () => {
    const records = await stream<number[]>('scope2', 1_050)
    expect(records.length).toBeGreaterThanOrEqual(5)
    for (const record of records) {
      expect(record).toHaveLength(1_000)
      // A tenth lies before the trigger, quiet; then the level is crossed, upwards.
      expect(Math.max(...record.slice(0, 95))).toBeLessThan(0.2)
      expect(record[100]).toBeGreaterThan(0.4)
      expect(Math.max(...record)).toBeCloseTo(2.2, 0)
    }
  })

  it('takes another timebase from the next record on, and a single record on request', async () => {
    expect((await call('scope2', 'set_timebase', { seconds_per_div: 5e-6, points: 200 })).result).toEqual({
      seconds_per_div: 5e-6,
      divisions: 10,
      points: 200,
      dt_s: 2.5e-7,
    })
    expect((await call('scope2', 'single')).result).toHaveLength(200)
    expect((await stream<number[]>('scope2', 300))[0]).toHaveLength(200)
    expect((await call('scope2', 'set_trigger', { slope: 'up' })).error?.message).toBe(
      "slope must be rising or falling, not 'up'",
    )
  })

  it('the other must be opened first', async () => {
    expect((await call('scope1', 'single')).error).toMatchObject({ type: 'DeviceNotConnectedError' })
    const refused = await test.open('scope1')
    await test.clock.advance(50)
    expect(refused.text).toContain('scope1 is not connected')
  })
})

describe('the flaky instrument', () => {
  const connect = async (ms: number) => {
    const pending = test.post('/devices/flaky2/connect')
    let status: number | undefined
    void pending.then((response) => (status = response.status))
    await test.clock.advance(ms)
    return { status: () => status, body: async () => (await pending).json() as Promise<unknown> }
  }

  it('connects sometimes, and sometimes does not', async () => {
    const statuses = new Set<number | undefined>()
    for (let attempt = 0; attempt < 20; attempt++) {
      statuses.add((await connect(13_000)).status())
      await test.post('/devices/flaky2/disconnect')
    }
    expect(statuses).toEqual(new Set([200, 400]))
  })

  it('keeps everybody waiting while it connects', async () => {
    await call('flaky2', 'set_connect_behaviour', { outcome: 'hangs', connect_seconds: 20 })
    const attempt = await connect(0)
    const health = test.request('GET', '/health')
    let isHealthy = false
    void health.then(() => (isHealthy = true))
    await test.clock.advance(19_000)
    expect([attempt.status(), isHealthy]).toEqual([undefined, false])
    await test.clock.advance(1_100)
    expect([attempt.status(), isHealthy]).toEqual([200, true])
    expect(await attempt.body()).toMatchObject({ connected: true })
  })

  it('is given up after 30 s, which leaves an error', async () => {
    await call('flaky2', 'set_connect_behaviour', { outcome: 'hangs', connect_seconds: 60 })
    const attempt = await connect(30_100)
    expect(attempt.status()).toBe(400)
    expect(await attempt.body()).toMatchObject({ error: { type: 'DeviceConnectionError' } })
    await test.clock.advance(40_000)
    expect(await test.json('/devices/flaky2')).toMatchObject({
      connected: true,
      last_error: { error: { type: 'TimeoutError' } },
    })
  })

  it('fails to connect with a traceback', async () => {
    await call('flaky2', 'set_connect_behaviour', { outcome: 'fails' })
    await connect(1_100)
    const { last_error } = (await test.json('/devices/flaky2')) as {
      last_error: { error: { type: string; traceback: string } }
    }
    expect(last_error.error.type).toBe('DeviceOperationError')
    expect(last_error.error.traceback).toContain('File "lab.py", line 412, in connect')
  })

  it('measures, raises, returns 5 MB or what cannot be said', async () => {
    expect(Number((await call('flaky2', 'measure', { outcome: 'value' })).result)).toBeCloseTo(3.3, 0)
    expect((await call('flaky2', 'measure', { outcome: 'raise' })).error).toMatchObject({
      type: 'DeviceOperationError',
      message: 'lamp out: <b>open the lid</b> & change it',
    })
    const huge = await test.post('/devices/flaky2/call', { method: 'measure', args: ['huge'] })
    expect((await huge.text()).length).toBeGreaterThan(4.9e6)
    const nan = await test.post('/devices/flaky2/call', { method: 'measure', args: ['nan'] })
    expect([nan.status, await nan.text()]).toEqual([500, 'Internal Server Error'])
  })

  it('times out when asked to, and nobody is answered until then', async () => {
    const pending = test.post('/devices/flaky2/call', { method: 'measure', args: ['timeout', 5] })
    await test.clock.advance(4_900)
    let body: unknown
    void pending.then(async (response) => (body = await response.json()))
    await test.clock.advance(0)
    expect(body).toBeUndefined()
    await test.clock.advance(200)
    expect(body).toMatchObject({
      error: { type: 'DeviceTimeoutError', message: 'flaky2 did not answer within 5.0 s' },
    })
  })
})

describe('the flood', () => {
  it('is more than the queue lets through, with holes in its numbers but not in the ids', async () => {
    const all = await stream<{ n: number }>('flood1', 2_000)
    expect(all.length).toBeGreaterThan(150)
    expect(all.length).toBeLessThan(300)
    expect(all.at(-1)?.n).toBeGreaterThan(9_000)
  })

  it('does not drown the lab at any rate', async () => {
    await call('flood1', 'set_rate', { hz: 1e15 })
    const all = await stream<{ n: number }>('flood1', 200)
    expect(all.length).toBeGreaterThan(10)
    expect(all.at(-1)?.n).toBeGreaterThan(100_000)
  })
})

describe('the shapeshifter', () => {
  const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)
  const inMode = async (mode: string, ms: number) => {
    expect((await call('shapeshifter1', 'set_mode', { mode })).error).toBeUndefined()
    return streamTexts('shapeshifter1', ms)
  }

  it('lets channels appear and vanish', async () => {
    const keys = (await inMode('channels', 6_000)).map((text) =>
      Object.keys(JSON.parse(text) as object).join(),
    )
    expect(keys.every((each) => each.startsWith('a_v'))).toBe(true)
    expect(new Set(keys).size).toBeGreaterThanOrEqual(4)
  })

  it('changes the type of a channel, and of everything', async () => {
    const fickle = (await inMode('types', 5_000)).map(
      (text) => (JSON.parse(text) as { fickle: unknown }).fickle,
    )
    expect(new Set(fickle.map(kindOf))).toEqual(
      new Set(['number', 'string', 'boolean', 'null', 'array', 'object']),
    )
    const wholes = (await inMode('wholes', 5_000)).map((text) => kindOf(JSON.parse(text)))
    expect(new Set(wholes)).toEqual(new Set(['number', 'string', 'boolean', 'null', 'array', 'object']))
  })

  it('sends what is no number among numbers', async () => {
    const text = (await inMode('numbers', 5_000)).join('\n')
    for (const word of ['NaN', 'Infinity', '-Infinity', 'null', '"overflow"', '1e+300'])
      expect(text).toContain(`"broken_v": ${word},`)
  })

  it('sends arrays of other lengths, and rows of unequal ones', async () => {
    const all = (await inMode('lengths', 5_000)).map((text) => JSON.parse(text) as unknown[])
    expect(
      new Set(all.filter((each) => !Array.isArray(each[0])).map((each) => each.length)).size,
    ).toBeGreaterThan(4)
    expect(
      all.some((each) => Array.isArray(each[0]) && each[0].length !== (each[1] as unknown[]).length),
    ).toBe(true)
  })

  it('nests', async () => {
    const [first = ''] = await inMode('nested', 300)
    expect(JSON.parse(first)).toMatchObject({
      motor: { x: { limit: true } },
      log: [{ level: 'info' }, [[], {}, [0, [0]]]],
    })
  })

  it('sends 10 MB in one message, every so often', async () => {
    const sizes = (await inMode('huge', 5_500)).map((text) => text.length)
    expect(sizes.filter((size) => size > 9.9e6)).toHaveLength(1)
    expect(sizes.filter((size) => size < 100).length).toBeGreaterThanOrEqual(25)
  })

  it('mixes all but the huge by itself', async () => {
    const texts = await streamTexts('shapeshifter1', 19_000)
    for (const sign of ['"b_v"', '"fickle"', '"broken_v"', '"motor"', '"a string"'])
      expect(texts.some((text) => text.includes(sign))).toBe(true)
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(1e6)
    expect((await call('shapeshifter1', 'set_mode', { mode: 'calm' })).error?.message).toBe(
      "mode must be mixed, channels, types, numbers, lengths, nested, wholes or huge, not 'calm'",
    )
  })
})

describe('devices that a visitor adds', () => {
  it("are of the lab's types, closed at first, and refuse what they cannot do", async () => {
    const added = await test.post('/devices', { device_id: 'stage2', device_type: 'MotionStage' })
    expect(await added.json()).toMatchObject({ device_id: 'stage2', connected: false })
    expect((await call('stage2', 'move_to', { x_mm: 12.5 })).result).toEqual([12.5, 0])
    expect((await call('stage2', 'move_to', { x_mm: 0, y_mm: 51 })).error?.message).toBe(
      'y 51.0 mm is outside -50 to 50 mm',
    )
    const refused = await test.post('/devices', {
      device_id: 'flaky3',
      device_type: 'FlakyInstrument',
      params: { connect_outcome: 'never' },
    })
    expect(await refused.json()).toMatchObject({
      error: {
        type: 'DeviceCreationError',
        message:
          "Failed to create device 'flaky3': outcome must be works, fails, hangs or sometimes, not 'never'",
      },
    })
  })
})

describe('the same seed and clock', () => {
  const look = async (seed: number, device: string) => {
    test.lab.stop()
    test = testLab({ preset: 'demo', strict: true, seed })
    return streamTexts(device, 1_000)
  }

  it.each(['thermometer1', 'camera2', 'scope2', 'laser3'])(
    'give the same %s, another seed another',
    async (id) => {
      const first = await look(1, id)
      expect(await look(1, id)).toEqual(first)
      expect(await look(2, id)).not.toEqual(first)
    },
  )
})
