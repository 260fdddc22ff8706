import { afterEach, expect, test } from 'vitest'
import { startLab, type TestLab } from '#testing/lab.ts'
import { MemoryStore } from '#testing/memory-store.ts'

let lab: TestLab

afterEach(async () => {
  const stopped = lab.relay.stop()
  await lab.clock.advance(20_000)
  await stopped
  lab.lab.stop()
})

async function cancelAfter(id: string, afterMs: number | null): Promise<number> {
  const answer = await lab.relay.fetch(
    new Request(`http://weir.test/api/tasks/lab/${id}/timeout`, {
      method: 'PUT',
      body: JSON.stringify({ afterMs }),
      headers: { 'content-type': 'application/json' },
    }),
  )
  return answer.status
}

/** Refuses the next cancels; returns when cancels were asked, ms since the start. */
function refuseCancels(times: number): number[] {
  const { fetch } = lab.lab
  const begun = lab.clock.now()
  const asked: number[] = []
  lab.lab.fetch = (request) => {
    if (!request.url.endsWith('/cancel')) return fetch(request)
    asked.push(lab.clock.now() - begun)
    if (asked.length > times) return fetch(request)
    return Promise.reject(
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
    )
  }
  return asked
}

test('a cancel that is refused is tried again every 15 s while the task runs', async () => {
  lab = await startLab()
  await lab.ask('/tasks/lab', {
    id: 'run-1',
    type: 'SlowTask',
    params: { duration: 300 },
    options: { cancel_after: 5 },
  })
  const asked = refuseCancels(2)
  await lab.clock.advance(60_000)
  expect(asked).toEqual([5_000, 20_000, 35_000])
  expect((await lab.task('run-1')).status).toBe('cancelled')
})

test('a time that is taken back stays so, refused or not', async () => {
  lab = await startLab()
  await lab.ask('/tasks/lab', {
    id: 'run-1',
    type: 'SlowTask',
    params: { duration: 300 },
    options: { cancel_after: 5 },
  })
  const asked = refuseCancels(9)
  await lab.clock.advance(8_000)
  expect(await cancelAfter('run-1', null)).toBe(204)
  await lab.clock.advance(60_000)
  expect(asked).toEqual([5_000])
})

test('a task that has ended is given no time', async () => {
  lab = await startLab()
  await lab.ask('/tasks/lab', { id: 'run-1', type: 'SlowTask', params: { duration: 1 } })
  await lab.clock.advance(5_000)
  expect(await cancelAfter('run-1', 60_000)).toBe(204)
  const { status, detail } = await lab.task('run-1')
  expect(status).toBe('completed')
  expect(detail.meta).not.toHaveProperty('cancelAt')
})

/** A lab in which `late` runs, whose limit of a minute Weir, killed, was not there for. */
async function limitMissed(awayMs: number): Promise<number> {
  lab = await startLab({}, new MemoryStore())
  await lab.start('late', 'SlowTask', { duration: 3_600 })
  await cancelAfter('late', 60_000)
  const limitAt = lab.clock.now() + 60_000
  await lab.clock.advance(1_000)
  await lab.restart(awayMs)
  await lab.clock.advance(60_000)
  return limitAt
}

test('a limit that passed less than five minutes before Weir came back is carried out', async () => {
  await limitMissed(5 * 60_000)
  expect(await lab.task('late')).toMatchObject({ status: 'cancelled', limitMissedAt: null })
})

test('one that passed earlier is said and not carried out, over further restarts', async () => {
  const limitAt = await limitMissed(10 * 60_000)
  for (let n = 0; n < 2; n++) {
    expect(await lab.task('late')).toMatchObject({
      status: 'running',
      limitMissedAt: limitAt,
      detail: { meta: { cancelAt: null } },
    })
    await lab.restart(1_000)
    await lab.clock.advance(1_000)
  }
})

test.each([null, 20_000])('whoever sets another limit, or none (%s ms), has settled it', async (afterMs) => {
  await limitMissed(10 * 60_000)
  expect(await cancelAfter('late', afterMs)).toBe(204)
  expect(await lab.task('late')).toMatchObject({ status: 'running', limitMissedAt: null })
  await lab.clock.advance(40_000)
  expect((await lab.task('late')).status).toBe(afterMs === null ? 'running' : 'cancelled')
})
