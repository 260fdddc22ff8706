import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { payloads, testLab } from '../../test-lab.ts'
import type { TestLab } from '../../test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab({ preset: 'demo' })
})
afterEach(() => test.lab.stop())

interface Listed {
  device_id: string
  streaming: boolean
  owned_by: string | null
}

const device = async (id: string) => (await test.json(`/devices/${id}`)) as Listed
const task = async (id: string) =>
  (await test.json(`/tasks/${id}`)) as { running: boolean; result: unknown; exception: unknown }

/** The demo's own recording. */
const recordingId = async () => {
  const { owned_by } = await device('digitizer1')
  if (owned_by === null) throw new Error('nobody records')
  return owned_by
}

describe("a recording from a task's own device (LabDaemon wire contract §5.5)", () => {
  it('is at work in the demo, beside devices that are owned and do not stream', async () => {
    const { devices } = (await test.json('/devices')) as { devices: Listed[] }
    const owned = devices.filter(({ owned_by }) => owned_by !== null)
    expect(owned.filter(({ streaming }) => streaming).map(({ device_id }) => device_id)).toEqual([
      'digitizer1',
    ])
    expect(owned.filter(({ streaming }) => !streaming).map(({ device_id }) => device_id)).toContain('laser2')
  })

  it('gets every block while nobody looks', async () => {
    const stream = await test.open(`stream-${await recordingId()}`)
    await test.clock.advance(5_000)
    const results = payloads(stream.text).map((text) => JSON.parse(text) as { current_result: number })
    expect(results.length).toBeGreaterThanOrEqual(4)
    for (const { current_result } of results) expect(current_result).toBe(10)
  })

  it('starves and is given up when a visitor opens the stream and leaves', async () => {
    const id = await recordingId()
    const visit = await test.open('digitizer1')
    await test.clock.advance(2_000)
    expect(payloads(visit.text)).toEqual([])
    await visit.hangUp()
    await test.clock.advance(12_000)
    expect(await task(id)).toMatchObject({
      running: false,
      exception: {
        error: {
          type: 'DeviceTimeoutError',
          message: 'digitizer1: no block for 10 steps, recording given up',
        },
      },
    })
  })

  it('ends well when it is cancelled, and leaves the device free and quiet', async () => {
    const id = await recordingId()
    await test.clock.advance(3_000)
    await test.post(`/tasks/${id}/cancel`)
    await test.clock.advance(0)
    expect(await task(id)).toMatchObject({ running: false, result: { status: 'cancelled' } })
    expect(await device('digitizer1')).toMatchObject({ streaming: false, owned_by: null })
  })

  it('completes with what it counted', async () => {
    await test.start('mine', 'StreamRecordingTask', { device_id: 'daq8', steps: 4 })
    expect(await device('daq8')).toMatchObject({ streaming: true, owned_by: 'mine' })
    await test.clock.advance(4_500)
    expect(await task('mine')).toMatchObject({ running: false, result: { status: 'completed', blocks: 40 } })
  })

  it('is refused by a device that cannot stream', async () => {
    const response = await test.start('mine', 'StreamRecordingTask', { devices: ['plain1'] })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { message: "Task failed to start: Device 'plain1' does not support streaming" },
    })
  })
})
