import { afterEach, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { Task } from '#model/task.ts'
import type { Problem } from '#protocols/weir/api.ts'
import { createRelay } from './relay.ts'

let stop: (() => Promise<void>) | undefined

afterEach(async () => {
  await stop?.()
  stop = undefined
})

/** A relay whose source answers `paths`, 404 for all else, and nothing at all where there are none. */
async function begin(kind: 'labdaemon' | 'inference', paths: Record<string, object> | null) {
  const clock = new ManualClock()
  const asked: string[] = []
  const relay = createRelay({
    version: 'test',
    clock,
    sources: [
      {
        name: 'src',
        kind,
        url: 'http://source.test',
        fetch: (url, init) => {
          const path = `${init.method ?? 'GET'} ${new URL(url).pathname}`
          asked.push(path)
          const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
          if (!paths) return Promise.reject(new TypeError('fetch failed', { cause: refused }))
          const body = paths[path]
          if (body) return Promise.resolve(Response.json(body))
          const words = { type: 'TaskNotFound', message: 'Task not found' }
          const missing = kind === 'labdaemon' ? { error: words } : { title: 'no such run' }
          return Promise.resolve(Response.json(missing, { status: 404 }))
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
  const ask = async (path: string) => {
    const answer = relay.fetch(new Request(`http://weir.test/api${path}`))
    await clock.advance(0)
    return (await (await answer).json()) as unknown
  }
  return { ask, asked, clock }
}

const LAB = {
  'GET /': { name: 'lab', endpoints: {} },
  'GET /tasks': { tasks: [] },
  'GET /devices': { devices: [] },
}

test('a source that was never reached has not said that it has no such task', async () => {
  for (const kind of ['labdaemon', 'inference'] as const) {
    const { ask } = await begin(kind, null)
    expect(await ask('/tasks/src/run')).toMatchObject({
      status: 503,
      type: 'not-known',
      title: 'Not known: src could not be asked for task run',
    } satisfies Partial<Problem>)
    await stop?.()
  }
})

test('nor that it has no such device', async () => {
  const away = await begin('labdaemon', null)
  for (const path of ['', '/methods', '/raw', '/samples'])
    expect(await away.ask(`/devices/src/daq1${path}`)).toMatchObject({ status: 503, type: 'not-known' })
  await stop?.()
  const lab = await begin('labdaemon', LAB)
  expect(await lab.ask('/devices/src/daq1')).toMatchObject({
    status: 404,
    type: 'no-such-device',
    title: 'src lists no device daq1',
  })
})

test('that there is no such task is the source’s own word', async () => {
  const lab = await begin('labdaemon', LAB)
  expect(await lab.ask('/tasks/src/run')).toMatchObject({ status: 404, detail: 'Task not found' })
  expect(lab.asked).toContain('GET /tasks/run')
  await stop?.()
  const cloud = await begin('inference', { 'POST /tasks/list': { items: [] } })
  const problem = (await cloud.ask('/tasks/src/run')) as Problem
  expect(problem).toMatchObject({ status: 404, type: 'no-such-task' })
  expect(problem.detail).toContain('no such run')
})

test('a task that the relay lacks is asked for, and kept', async () => {
  const task = { task_id: 'old', task_type: 'T', running: false, result: 1, exception: null }
  const lab = await begin('labdaemon', { ...LAB, 'GET /tasks/old': task })
  expect(((await lab.ask('/tasks/src/old')) as Task).id).toBe('old')
  await lab.clock.advance(100)
  expect(await lab.ask('/tasks/src/old')).toMatchObject({ type: 'T', status: 'completed' })
  await stop?.()
  const run = { id: 'old', status: 10, created_at: '2025-06-01T00:00:00Z', output: { a: 1 } }
  const cloud = await begin('inference', { 'POST /tasks/list': { items: [] }, 'GET /tasks/old': run })
  expect(((await cloud.ask('/tasks/src/old')) as Task).id).toBe('old')
  await cloud.clock.advance(100)
  expect(await cloud.ask('/tasks/src/old')).toMatchObject({ status: 'completed' })
  expect(cloud.asked.filter((path) => path.endsWith('/logs'))).toHaveLength(1)
})
