import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN, testLab } from './test-lab.ts'
import type { TestLab } from './test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab({ strict: true })
})
afterEach(() => test.lab.stop())

const ask = (device: string) => test.lab.fetch(new Request(`${ORIGIN}/stream/devices/${device}`))

describe('strict mode names every breach', () => {
  it('nothing to say about a careful guest', async () => {
    await test.start('t-1', 'LongRunningTask', { steps: 10, enable_streaming: true })
    const first = await test.open('stream-t-1')
    await test.clock.advance(1_200)
    const second = await test.open('thermo1')
    await test.clock.advance(100)
    for (const [id, stream] of [
      ['stream-t-1', first],
      ['thermo1', second],
    ] as const) {
      await test.post(`/devices/${id}/stream/stop`)
      await test.clock.advance(1_100)
      expect(stream.ended).toBe('end')
      await stream.hangUp()
    }
    expect(test.lab.violations).toEqual([])
  })

  it('§5.1: a stream request while another is under way', async () => {
    await ask('thermo1')
    const answer = await ask('counter1')
    expect(answer.status).toBe(500)
    expect(await answer.text()).toBe(
      "LabDaemon wire contract §5.1: a stream request for 'counter1' arrived while the one for 'thermo1' was under way",
    )
    expect(test.lab.violations).toHaveLength(1)
    expect(test.lab.hung).toBe(false)
  })

  it('§5.1: a stream request while another is being refused', async () => {
    await test.open('thermo1')
    await test.clock.advance(100)
    await ask('thermo1')
    expect((await ask('daq1')).status).toBe(500)
    expect(test.lab.violations).toEqual([
      "LabDaemon wire contract §5.1: a stream request for 'daq1' arrived while the one for 'thermo1' was being refused",
    ])
  })

  it('§5.2: a refused stream retried within 25 s, but not after', async () => {
    await test.open('thermo1')
    await test.clock.advance(100)
    await test.open('thermo1')
    await test.clock.advance(3_000)
    expect((await ask('thermo1')).status).toBe(500)
    await test.clock.advance(23_000)
    expect((await ask('thermo1')).status).toBe(200)
    expect(test.lab.violations).toEqual([
      "LabDaemon wire contract §5.2: the refused stream of 'thermo1' was retried after 3000 ms",
    ])
  })

  it("§5.5: a task's device", async () => {
    await test.start('sweep-1', 'SweepTask')
    expect((await ask('daq1')).status).toBe(500)
    expect((await ask('stream-sweep-1')).status).toBe(200)
    expect(test.lab.violations).toEqual([
      "LabDaemon wire contract §5.5: the stream of 'daq1' was opened while task 'sweep-1' owns it",
    ])
  })

  it('§5.3: hanging up, and not waiting for the end', async () => {
    const first = await test.open('thermo1')
    await test.clock.advance(100)
    await first.hangUp()
    await test.clock.advance(100)
    const second = await test.open('thermo1')
    await test.clock.advance(100)
    await test.post('/devices/thermo1/stream/stop')
    await second.hangUp()
    expect(test.lab.violations).toEqual([
      "LabDaemon wire contract §5.3: the client hung up on the stream of 'thermo1', not stopped first",
      "LabDaemon wire contract §5.3: the client hung up on the stream of 'thermo1', asked to stop but did not wait for its end",
    ])
  })

  it('§5.14: but a client must let go of a server that shuts down', async () => {
    const stream = await test.open('thermo1')
    await test.clock.advance(100)
    test.lab.shutdown()
    await stream.hangUp()
    expect(test.lab.violations).toEqual([])
  })

  it('says nothing in normal mode', async () => {
    test.lab.stop()
    test = testLab()
    await test.start('sweep-1', 'SweepTask')
    const stream = await test.open('daq1')
    await stream.hangUp()
    expect(test.lab.violations).toEqual([])
  })
})
