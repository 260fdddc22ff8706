import { expect, test, vi } from 'vitest'
import { ManualClock, type Clock } from '#lib/clock.ts'
import { SteadyClock } from './steady-clock.ts'

const HOUR = 3_600_000

/** A machine whose wall clock can be set, and that can sleep. */
function machine(knowsSleep = true) {
  const time = new ManualClock()
  let set = 0
  let slept = 0
  const clock: Clock = {
    now: () => time.now() + set + slept,
    monotonic: () => time.monotonic(),
    setTimeout: (callback, ms) => time.setTimeout(callback, ms),
    clearTimeout: (handle) => {
      time.clearTimeout(handle)
    },
    ...(knowsSleep ? { slept: () => slept } : {}),
  }
  return {
    time,
    clock,
    set: (ms: number) => {
      set += ms
    },
    sleep: (ms: number) => {
      slept += ms
    },
  }
}

test.each([HOUR, -HOUR])(
  'the clock of the machine is set by %i ms: stamps go on as they were',
  async (by) => {
    const { time, clock, set } = machine()
    const steady = new SteadyClock(clock)
    const begun = steady.now()
    await time.advance(10_000)
    set(by)
    expect(steady.now() - begun).toBe(10_000)
    expect(steady.setAheadMs).toBe(by)
    await time.advance(10_000)
    expect(steady.now() - begun).toBe(20_000)
    steady.catchUp()
    expect(steady.now() - begun).toBe(20_000 + Math.max(0, by))
  },
)

test('time that the machine slept has passed', async () => {
  const { time, clock, sleep, set } = machine()
  const steady = new SteadyClock(clock)
  const begun = steady.now()
  sleep(8 * HOUR)
  expect(steady.now() - begun).toBe(8 * HOUR)
  expect(steady.setAheadMs).toBe(0)
  await time.advance(1_000)
  set(HOUR)
  expect(steady.now() - begun).toBe(8 * HOUR + 1_000)
  sleep(HOUR)
  expect(steady.now() - begun).toBe(9 * HOUR + 1_000)
})

test('a time server at work is followed slowly, and never back', async () => {
  const { time, clock, set } = machine()
  const steady = new SteadyClock(clock)
  set(-500)
  let before = steady.now()
  for (let i = 0; i < 700; i++) {
    await time.advance(1_000)
    const now = steady.now()
    expect(now - before).toBeGreaterThanOrEqual(998)
    before = now
  }
  expect(Math.abs(steady.now() - clock.now())).toBeLessThanOrEqual(1)
})

test('what one timer throws is reported, and the others fire', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const time = new ManualClock()
  const clock = new SteadyClock(time)
  const fired: string[] = []
  clock.setTimeout(() => {
    throw new Error('a fault')
  }, 5)
  clock.setTimeout(() => fired.push('after it'), 10)
  await time.advance(20)
  expect(fired).toEqual(['after it'])
  expect(said).toHaveBeenCalledOnce()
  said.mockRestore()
})
