import { fuzzRuns } from '#testing/fuzz-runs.ts'
import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { pathSegment } from '#lib/segment.ts'
import type { Source } from '#model/source.ts'
import type { Task, TaskSummary } from '#model/task.ts'
import type { Problem } from '#protocols/weir/api.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { readAddress } from '#topics/address.ts'
import { startLab, type TestLab } from '#testing/lab.ts'
import { createRelay, type Relay } from '../../relay.ts'

// prettier-ignore
const AWKWARD = [
  '', '.', '..', '~', '~.', '%2e%2e', '%', '%2F', '?', '#', ' ', '\n', '\0', '__proto__', 'constructor', 'a/b', '/',
  '\ud800', 'x\udc00y', '😀', 'שלום', 'é', 'e\u0301', 'a~~b', 'x'.repeat(10_000), 'run.1',
]

let stop: (() => Promise<void>) | undefined

afterEach(async () => {
  await stop?.()
  stop = undefined
})

/** A relay whose lab lists tasks of these ids, and knows nothing more. */
async function listing(
  rows: readonly unknown[],
): Promise<{ relay: Relay; get<T>(path: string): Promise<T> }> {
  const clock = new ManualClock()
  const text = JSON.stringify({ tasks: rows })
  const relay = createRelay({
    version: 'test',
    clock,
    sources: [
      {
        name: 'lab',
        kind: 'labdaemon',
        url: 'http://lab.test',
        fetch: (url) => {
          const { pathname } = new URL(url)
          if (pathname === '/tasks') return Promise.resolve(new Response(text))
          if (pathname === '/devices') return Promise.resolve(Response.json({ devices: [] }))
          if (pathname === '/') return Promise.resolve(Response.json({ name: 'lab', endpoints: {} }))
          const error = { type: 'DeviceNotFound', message: 'Device not found' }
          return Promise.resolve(Response.json({ error }, { status: 404 }))
        },
      },
    ],
  })
  void relay.start()
  await clock.advance(0)
  stop = async () => {
    const stopped = relay.stop()
    await clock.advance(20_000)
    await stopped
  }
  const get = async <T>(path: string) => {
    const response = await relay.fetch(new Request(`http://weir.test/api${path}`))
    return (await response.json()) as T
  }
  return { relay, get }
}

const row = (id: unknown) => ({ task_id: id, task_type: 'T', running: true })

test('tasks of any id are listed, each by its own, and answer to it', async () => {
  const { get } = await listing(AWKWARD.map(row))
  const { tasks } = await get<{ tasks: TaskSummary[] }>('/tasks')
  expect(tasks.map(({ id }) => id)).toEqual(AWKWARD)
  for (const id of AWKWARD) expect((await get<Task>(`/tasks/lab/${pathSegment(id)}`)).id).toBe(id)
  const [source] = (await get<{ sources: Source[] }>('/sources')).sources
  expect(source!.state).toBe('ok')
  expect(source!.faults).toBeUndefined()
})

test('any id at all goes through list, address and topic', async () => {
  const anyIds = fc.uniqueArray(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
        .map((each) => String.fromCharCode(...each)),
      fc.string({
        unit: fc.constantFrom('.', '~', '/', '%', '2', 'e', '\\', '\ud800', '\udc00', '?', '#', '+'),
      }),
    ),
    { minLength: 1, maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(anyIds, async (ids) => {
      const { get } = await listing(ids.map(row))
      const { tasks } = await get<{ tasks: TaskSummary[] }>('/tasks')
      expect(tasks.map(({ id }) => id)).toEqual(ids)
      for (const id of ids) {
        expect((await get<Task>(`/tasks/lab/${pathSegment(id)}`)).id).toBe(id)
        expect(readAddress(taskTopic('lab', id))).toEqual({ source: 'lab', kind: 'tasks', id })
      }
      await stop?.()
    }),
    { numRuns: fuzzRuns(25) },
  )
})

test('numbers and booleans are ids, and what cannot be read is said while all else is shown', async () => {
  const { get } = await listing([row(7), row(true), row('7'), { task_id: 'broken' }, 5, row('fine')])
  const { tasks } = await get<{ tasks: TaskSummary[] }>('/tasks')
  expect(tasks.map(({ id }) => id)).toEqual(['7 (number)', 'true', '7', 'fine'])
  const [source] = (await get<{ sources: Source[] }>('/sources')).sources
  expect(source!.faults).toMatchObject([
    { item: 'task broken', text: expect.stringContaining('cannot be read') as string },
    { item: 'task number 5 of the list' },
  ])
})

test('a task that LabDaemon cannot be asked for is shown to its end, and says what is not known', async () => {
  const lab: TestLab = await startLab()
  stop = async () => {
    const stopped = lab.relay.stop()
    await lab.clock.advance(20_000)
    await stopped
    lab.lab.stop()
  }
  const startElsewhere = async (id: unknown, type: string, params: object) => {
    const answer = await lab.lab.fetch(
      new Request('http://lab.test/tasks', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ task_id: id, task_type: type, params }),
      }),
    )
    expect(await answer.text()).toMatch(/started/)
  }
  for (const id of ['a/b', 7]) await startElsewhere(id, 'SlowTask', { seconds: 6 })
  await startElsewhere('..', 'LongRunningTask', { steps: 60, delay: 0.1, enable_streaming: true })
  await startElsewhere('plain', 'SlowTask', { seconds: 6 })
  await lab.clock.advance(4_000)
  const path = (id: string) => `/tasks/lab/${pathSegment(id)}`
  for (const id of ['a/b', '7']) {
    const { body } = await lab.ask(path(id))
    expect(body).toMatchObject({ id, status: 'running', stream: { name: 'none' } })
    expect((body as Task).stream.reason).toMatch(
      /^it cannot be followed, since LabDaemon cannot be asked for/,
    )
    const cancelled = await lab.ask(`${path(id)}/cancel`, {})
    expect((cancelled.body as Problem).detail).toMatch(/^not sent: LabDaemon cannot be asked for this id/)
    expect((await lab.ask(path(id))).body).toMatchObject({ status: 'running' })
  }
  // Its stream has a name that can be asked for.
  expect((await lab.ask(path('..'))).body).toMatchObject({ status: 'running', stream: { name: 'open' } })
  await lab.clock.advance(12_000)
  for (const id of ['a/b', '7', '..'])
    expect((await lab.ask(path(id))).body).toMatchObject({
      status: 'completed',
      statusOrigin: 'inferred',
      result: { state: 'unreadable' },
    })
  expect((await lab.ask(path('plain'))).body).toMatchObject({ status: 'completed', statusOrigin: 'poll' })
})
