import { expect, it } from 'vitest'
import { testCloud, textOf } from './test-cloud.ts'
import type { JsonObject } from './wire.ts'

it('a demo has a past, is at work, begins fresh runs and queues a batch', async () => {
  const lab = testCloud({ preset: 'demo' })
  const list = async () =>
    (await lab.post('/tasks/list', { limit: 50 })).items as (JsonObject & { status: number })[]
  const first = await list()
  const statuses = new Set(first.map(({ status }) => status))
  expect(first.length).toBeGreaterThanOrEqual(14)
  for (const status of [7, 10, 11, 12]) expect(statuses).toContain(status)
  expect(first.every(({ created_at: at }) => Date.parse(textOf(at)) <= lab.clock.now())).toBe(true)

  const seen = new Set<number>()
  let idle = 0
  for (let second = 0; second < 420; second += 3) {
    await lab.clock.advance(3_000)
    const now = await list()
    for (const { status } of now) seen.add(status)
    if (now.every(({ status }) => status >= 10)) idle++
  }
  for (const status of [2, 5, 6, 7, 10]) expect(seen).toContain(status)
  expect(idle).toBeLessThan(3)
  expect((await list()).length).toBeGreaterThan(first.length + 15)
  lab.cloud.stop()
}, 30_000)
