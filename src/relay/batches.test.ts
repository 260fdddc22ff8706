import { afterEach, expect, test } from 'vitest'
import type { Batch } from '#model/batch.ts'
import type { TaskSummary } from '#model/task.ts'
import { startLab, type TestLab } from '#testing/lab.ts'
import { Batches } from './batches.ts'
import type { SourceAdapter } from './source-adapter.ts'
import { createTestRecord } from '#testing/hub.ts'
import { Tasks } from './record/doors.ts'

let lab: TestLab

afterEach(async () => {
  const stopped = lab.relay.stop()
  await lab.clock.advance(20_000)
  await stopped
  lab.lab.stop()
})

async function begin(inputs: object[], concurrency: number, type = 'SlowTask'): Promise<Batch> {
  lab = await startLab()
  const { body } = await lab.ask('/batches/lab', { type, name: 'test', inputs, concurrency, idPrefix: 'b' })
  return (body as { batch: Batch }).batch
}
const batch = async (id: string) => ((await lab.ask(`/batches/${id}`)).body as { batch: Batch }).batch
const running = async () =>
  ((await lab.ask('/tasks?status=running')).body as { tasks: TaskSummary[] }).tasks.map((task) => task.id)

test('so many at a time, the next as one ends, without a page', async () => {
  const { id } = await begin(
    Array.from({ length: 5 }, () => ({ duration: 4 })),
    2,
  )
  await lab.clock.advance(500)
  expect(await running()).toEqual(['b-1', 'b-2'])
  expect(await batch(id)).toMatchObject({ waiting: 3, taskIds: ['b-1', 'b-2', null, null, null] })
  await lab.clock.advance(6_000)
  expect(await running()).toEqual(['b-3', 'b-4'])
  await lab.clock.advance(15_000)
  expect(await batch(id)).toMatchObject({ waiting: 0, taskIds: ['b-1', 'b-2', 'b-3', 'b-4', 'b-5'] })
  expect(await lab.task('b-5')).toMatchObject({ status: 'completed', batch: id })
})

test('cancel all: what runs is cancelled, what waits never starts', async () => {
  const { id } = await begin(
    Array.from({ length: 4 }, () => ({ duration: 60 })),
    2,
  )
  await lab.clock.advance(500)
  await lab.ask(`/batches/${id}/cancel`, {})
  await lab.clock.advance(10_000)
  expect(await batch(id)).toMatchObject({ waiting: 0, taskIds: ['b-1', 'b-2', null, null] })
  expect((await lab.task('b-1')).status).toBe('cancelled')
  expect(await running()).toEqual([])
})

test('refused starts are counted and hold nothing up; rerun takes them and the failed again', async () => {
  const { id } = await begin([{}, { wavelength: 1550 }, {}], 1, 'StrictTask')
  await lab.clock.advance(8_000)
  const ended = await batch(id)
  expect(ended.refused.map((refusal) => refusal.index)).toEqual([0, 2])
  expect(ended.taskIds).toEqual([null, 'b-2', null])
  const again = (await lab.ask(`/batches/${id}/rerun`, {})).body as { batch: Batch }
  expect(again.batch.total).toBe(2)
})

test('a batch without failures has nothing to run again', async () => {
  const { id } = await begin([{ duration: 1 }], 1)
  await lab.clock.advance(5_000)
  expect((await lab.ask(`/batches/${id}/rerun`, {})).status).toBe(409)
})

test('a start without an answer counts as begun: it holds its place, and is not refused', async () => {
  lab = await startLab()
  const { fetch } = lab.lab
  let lost = 1
  lab.lab.fetch = async (request) => {
    const answer = await fetch(request)
    if (request.method === 'POST' && request.url.endsWith('/tasks') && lost-- > 0)
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      })
    return answer
  }
  const inputs = [{ duration: 4 }, { duration: 4 }]
  const { body } = await lab.ask('/batches/lab', {
    type: 'SlowTask',
    name: 'test',
    inputs,
    concurrency: 1,
    idPrefix: 'b',
  })
  const { id } = (body as { batch: Batch }).batch
  await lab.clock.advance(2_500)
  expect(await running()).toEqual(['b-1'])
  expect(await batch(id)).toMatchObject({ taskIds: ['b-1', null], refused: [], waiting: 1 })
  await lab.clock.advance(5_000)
  expect(await running()).toEqual(['b-2'])
})

test('cancel all while starts are queued: the one under way is cancelled, the rest never start', async () => {
  lab = await startLab()
  const { fetch } = lab.lab
  const posted: string[] = []
  let answer!: () => void
  const slow = new Promise<void>((resolve) => (answer = resolve))
  lab.lab.fetch = async (request) => {
    if (request.method === 'POST') posted.push(new URL(request.url).pathname)
    if (request.method !== 'POST' || !request.url.endsWith('/tasks')) return fetch(request)
    const response = await fetch(request)
    await slow
    return response
  }
  const { body } = await lab.ask('/batches/lab', {
    type: 'SlowTask',
    name: 'test',
    inputs: Array.from({ length: 4 }, () => ({ duration: 60 })),
    concurrency: 4,
    idPrefix: 'b',
  })
  const { id } = (body as { batch: Batch }).batch
  await lab.clock.advance(200)
  await lab.ask(`/batches/${id}/cancel`, {})
  answer()
  await lab.clock.advance(8_000)
  expect(posted).toEqual(['/tasks', '/tasks/b-1/cancel'])
  expect(await batch(id)).toMatchObject({ taskIds: ['b-1', null, null, null], refused: [], waiting: 0 })
  expect((await lab.task('b-1')).status).toBe('cancelled')
  const { commands } = (await lab.ask('/commands')).body as { commands: { error: unknown }[] }
  expect(commands.filter((command) => command.error !== null)).toMatchObject(
    Array(3).fill({
      verb: 'start',
      error: { message: 'not started: it was cancelled before its turn came' },
    }),
  )
})

test('a batch whose starts are under way is not forgotten, however many follow', async () => {
  lab = await startLab()
  let count = 0
  const record = createTestRecord(lab.clock)
  const batches = new Batches({
    clock: lab.clock,
    newId: () => `n${++count}`,
    record,
    book: new Tasks(record),
    adapters: new Map([['lab', { kind: 'labdaemon' } as SourceAdapter]]),
    startTask: () => new Promise(() => undefined),
  })
  const request = { type: 'SlowTask', name: 'test', inputs: [{}], concurrency: 1, idPrefix: 'b' }
  for (let n = 0; n < 205; n++) batches.start('lab', request, { kind: 'script' })
  expect(batches.get('n1')).toMatchObject({ id: 'n1' })
})
