import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { testLab } from './test-lab.ts'
import type { TestLab } from './test-lab.ts'

/** A busy machine: every timer fires late. */
class LateClock extends ManualClock {
  override setTimeout(callback: () => void, ms: number): unknown {
    return super.setTimeout(callback, ms + 3.7)
  }
}

let clock: LateClock
let test: TestLab

beforeEach(() => {
  clock = new LateClock()
  test = testLab({ clock })
})
afterEach(() => test.lab.stop())

const pushed = async () => {
  const response = await test.post('/devices/counter1/call', { method: 'readings_pushed' })
  return ((await response.json()) as { result: number }).result
}

it('devices keep their rate though timers fire late', async () => {
  await test.post('/devices/counter1/call', { method: 'set_rate', args: [100] })
  const stream = await test.open('counter1')
  await clock.advance(10_000)
  expect(Math.abs((await pushed()) - 1_000)).toBeLessThanOrEqual(2)
  await stream.hangUp()
})
