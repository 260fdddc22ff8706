import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { payloads, testLab } from '../../test-lab.ts'
import type { TestLab } from '../../test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab({ preset: 'demo', strict: true })
})
afterEach(() => test.lab.stop())

const call = async (device: string, method: string, kwargs: object = {}) => {
  const response = await test.post(`/devices/${device}/call`, { method, kwargs })
  return (await response.json()) as { result?: unknown; error?: { type: string; message: string } }
}

const stream = async (device: string, ms: number) => {
  const reading = await test.open(device)
  await test.clock.advance(ms)
  await test.post(`/devices/${device}/stream/stop`)
  await test.clock.advance(1_100)
  return payloads(reading.text)
}

describe('the thermometer', () => {
  it('sends bare floats ten times a second', async () => {
    const texts = await stream('thermometer1', 5_050)
    expect(texts.length).toBeGreaterThanOrEqual(50)
    for (const text of texts) expect(text).toMatch(/^2[0-2]\.\d{1,3}$/)
  })

  it('takes a correction', async () => {
    const before = Number((await call('thermometer1', 'read')).result)
    await call('thermometer1', 'set_offset', { offset_c: 4 })
    expect(Number((await call('thermometer1', 'read')).result) - before).toBeCloseTo(4, 0)
    expect((await call('thermometer1', 'set_offset', { offset_c: 6 })).error).toMatchObject({
      type: 'ValueError',
      message: 'offset 6.0 °C is outside -5 to 5 °C',
    })
  })
})

interface Frame {
  frame: number
  exposure_ms: number
  image: string
}

/** Width and height of a PNG in a data URL. */
function sizeOf(url: string): [number, number] {
  const [head, data = ''] = url.split(',')
  expect(head).toBe('data:image/png;base64')
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
  expect(String.fromCharCode(...bytes.subarray(1, 4))).toBe('PNG')
  expect(String.fromCharCode(...bytes.subarray(-8, -4))).toBe('IEND')
  const view = new DataView(bytes.buffer)
  return [view.getUint32(16), view.getUint32(20)]
}

describe('the microscope camera', () => {
  it('sends five numbered frames a second, no two alike', async () => {
    const frames = (await stream('camera2', 2_050)).map((text) => JSON.parse(text) as Frame)
    expect(frames.slice(0, 10).map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(new Set(frames.map(({ image }) => image)).size).toBe(frames.length)
    expect(sizeOf(frames[0]?.image ?? '')).toEqual([240, 180])
  })

  it('sends the image alone, in the size that was asked for', async () => {
    await call('camera2', 'configure_streaming', { width: 64, height: 48, layout: 'url', rate_hz: 10 })
    const [first = '""'] = await stream('camera2', 150)
    expect(sizeOf(JSON.parse(first) as string)).toEqual([64, 48])
  })

  it('refuses a size it has not got, and keeps the old one', async () => {
    const { error } = await call('camera2', 'configure_streaming', { width: 1_000 })
    expect(error?.message).toBe('width 1000 pixels is outside 16 to 640 pixels')
    expect(sizeOf(String((await call('camera2', 'snapshot')).result))).toEqual([240, 180])
  })
})

describe('method lists', () => {
  it('say what each parameter is for, with units', async () => {
    const { methods } = (await test.json('/devices/camera2/methods')) as {
      methods: { name: string; doc: string; parameters: object[] }[]
    }
    expect(methods.find(({ name }) => name === 'set_exposure')).toEqual({
      name: 'set_exposure',
      parameters: [{ name: 'exposure_ms', type: 'number', required: false, default: 20 }],
      doc: 'Set the exposure time; longer is brighter.\n\nParameters\n----------\nexposure_ms : float\n    Exposure, 0.1 to 200 ms.',
    })
  })
})
