import { afterEach, expect, test } from 'vitest'
import { createLabDaemon } from '#emulator/labdaemon/index.ts'
import { inProcess } from '#lib/in-process.ts'
import { ManualClock, type Clock } from '#lib/clock.ts'
import type { Source } from '#model/source.ts'
import type { Task } from '#model/task.ts'
import { createRelay } from './relay.ts'

const HOUR = 3_600_000

let stop: (() => Promise<void>) | undefined

afterEach(async () => {
  await stop?.()
  stop = undefined
})

/** The same time, another wall clock. */
function shifted(time: ManualClock, by: () => number): Clock {
  return {
    now: () => time.now() + by(),
    monotonic: () => time.monotonic(),
    setTimeout: (callback, ms) => time.setTimeout(callback, ms),
    clearTimeout: (handle) => {
      time.clearTimeout(handle)
    },
  }
}

async function begin(skew: { lab?: number } = {}) {
  const time = new ManualClock()
  let set = 0
  const lab = createLabDaemon({ clock: shifted(time, () => skew.lab ?? 0), preset: 'bench' })
  const relay = createRelay({
    version: 'test',
    clock: shifted(time, () => set),
    random: () => 0.5,
    sources: [
      { name: 'lab', kind: 'labdaemon', url: 'http://lab.test', fetch: inProcess((each) => lab.fetch(each)) },
    ],
  })
  void relay.start()
  await time.advance(0)
  stop = async () => {
    const stopped = relay.stop()
    await time.advance(20_000)
    await stopped
    lab.stop()
  }
  const ask = async <T>(path: string, body?: object) => {
    const answer = relay.fetch(
      new Request(
        `http://weir.test/api${path}`,
        body && {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        },
      ),
    )
    await time.advance(0)
    return (await (await answer).json()) as T
  }
  return {
    time,
    ask,
    setClock: (by: number) => {
      set += by
    },
  }
}

test.each([26 * HOUR, 2 * HOUR, -2 * HOUR])(
  'a lab whose clock is %i ms away ends tasks in Weir’s time',
  async (by) => {
    const { time, ask } = await begin({ lab: by })
    await ask('/tasks/lab', {
      id: 'run',
      type: 'FailingTask',
      params: { fail_at: 30, delay: 0.1, steps: 100 },
    })
    await time.advance(6_000)
    const task = await ask<Task>('/tasks/lab/run')
    expect(task.status).toBe('failed')
    const lasted = task.endedAt! - task.startedAt!
    expect(lasted).toBeGreaterThanOrEqual(2_000)
    expect(lasted).toBeLessThanOrEqual(5_000)
    expect(Math.abs(task.error!.at! - task.endedAt!)).toBeLessThanOrEqual(2_000)
    const [source] = (await ask<{ sources: Source[] }>('/sources')).sources
    expect(Math.abs(source!.clockAheadMs! - by)).toBeLessThanOrEqual(1_000)
  },
)

test.each([HOUR, -HOUR])('Weir’s own clock is set by %i ms while a task runs', async (by) => {
  const { time, ask, setClock } = await begin()
  const params = { steps: 100, delay: 0.1, enable_streaming: true }
  await ask('/tasks/lab', { id: 'run', type: 'LongRunningTask', params })
  await time.advance(5_000)
  setClock(by)
  await time.advance(2_000)
  const running = await ask<Task>('/tasks/lab/run')
  expect(running.eventAt! - running.startedAt!).toBeLessThanOrEqual(7_000)
  expect(running.eventAt! - running.startedAt!).toBeGreaterThan(6_000)
  await time.advance(8_000)
  const ended = await ask<Task>('/tasks/lab/run')
  expect(ended.status).toBe('completed')
  expect(ended.endedAt! - ended.startedAt!).toBeGreaterThan(9_000)
  expect(ended.endedAt! - ended.startedAt!).toBeLessThan(13_000)
  const { at, texts } = await ask<{ at: number[]; texts: string[] }>('/tasks/lab/run/log')
  expect(at).toEqual(at.toSorted((a, b) => a - b))
  expect(texts.filter((text) => /was set .*(ahead|back)\./.test(text))).toHaveLength(1)
})
