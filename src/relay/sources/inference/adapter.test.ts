import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createInferenceCloud,
  type InferenceCloud,
  type InferenceCloudOptions,
} from '#emulator/inference/index.ts'
import { ManualClock } from '#lib/clock.ts'
import { inProcess } from '#lib/in-process.ts'
import type { Batch } from '#model/batch.ts'
import type { Command } from '#model/command.ts'
import type { Source } from '#model/source.ts'
import type { Task, TaskSummary } from '#model/task.ts'
import type {
  AppInfo,
  AppSummary,
  BatchSize,
  Problem,
  StartAnswer,
  TaskSchemas,
} from '#protocols/weir/api.ts'
import { createRelay, type Relay } from '../../relay.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

let clock: ManualClock
let cloud: InferenceCloud
let relay: Relay

function begin(key: string | undefined = 'inf_test', options: InferenceCloudOptions = {}): void {
  clock = new ManualClock()
  cloud = createInferenceCloud({
    clock,
    preset: 'empty',
    publicUrl: 'https://cloud.inference.sh',
    ...options,
  })
  relay = createRelay({
    version: 'test',
    clock,
    random: () => 0.5,
    sources: [
      {
        name: 'cloud',
        kind: 'inference',
        url: 'http://cloud.test',
        fetch: inProcess((request) => cloud.fetch(request)),
        ...(key ? { key } : {}),
      },
    ],
  })
  void relay.start()
}

beforeEach(() => {
  begin()
})
afterEach(async () => {
  await relay.stop()
  cloud.stop()
})

async function ask<T>(
  path: string,
  body?: unknown,
  init: RequestInit = {},
): Promise<{ status: number; body: T }> {
  const answer = relay.fetch(
    new Request(`http://weir.test/api${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: JSON_TYPE }),
      ...init,
    }),
  )
  await clock.advance(1_000)
  const response = await answer
  const text = await response.text()
  return { status: response.status, body: (text ? JSON.parse(text) : null) as T }
}
async function run(app: string, params: object = {}, options: object = {}): Promise<string> {
  const { body } = await ask<StartAnswer>('/tasks/cloud', { type: app, params, options })
  return body.started[0]!.id
}
const task = async (id: string) => (await ask<Task>(`/tasks/cloud/${id}`)).body
const source = async () => (await ask<{ sources: Source[] }>('/sources')).body.sources[0]!
const log = async (id: string) => (await ask<{ texts: string[] }>(`/tasks/cloud/${id}/log`)).body.texts

test('a run passes through its states with the service’s times, its logs and its output', async () => {
  const id = await run('weirdemo/landscape', { prompt: 'a weir', seed: 7 })
  await clock.advance(1_000)
  expect((await task(id)).status).not.toBe('completed')
  await clock.advance(120_000)
  const done = await task(id)
  expect(done).toMatchObject({
    kind: 'inference',
    type: 'weirdemo/landscape',
    status: 'completed',
    stream: { name: 'closed' },
    preview: { kind: 'image', provisional: false },
    result: { state: 'available' },
  })
  expect(done.phases.map((phase) => phase.status)).toEqual([
    'received',
    'queued',
    'scheduled',
    'preparing',
    'serving',
    'setting_up',
    'running',
    'uploading',
    'completed',
  ])
  expect(done.phases.every((phase, i) => i === 0 || phase.at >= done.phases[i - 1]!.at)).toBe(true)
  expect(done.detail.params).toMatchObject({ prompt: 'a weir' })
  expect(await log(id)).toContain('prompt: a weir')
  expect(JSON.parse(done.detail.output!.json!)).toMatchObject({
    image: expect.stringContaining('https://') as string,
  })
})

test('text that streams is shown as it grows, provisional until the end', async () => {
  const id = await run('weirdemo/narrator', { topic: 'rivers' })
  const seen: number[] = []
  let now = await task(id)
  for (let i = 0; i < 90 && now.status !== 'completed'; i++) {
    if (now.detail.output) {
      expect(now.detail.output.provisional).toBe(true)
      seen.push(now.detail.output.bytes)
    }
    now = await task(id)
  }
  expect(now).toMatchObject({ status: 'completed', detail: { output: { provisional: false } } })
  expect(new Set(seen).size).toBeGreaterThan(2)
})

test('a failure keeps its partial output beside its error', async () => {
  const id = await run('weirdemo/breaks', { mode: 'midway' })
  await clock.advance(120_000)
  const failed = await task(id)
  expect(failed.status).toBe('failed')
  expect(failed.error!.message).not.toBe('')
  expect(failed.detail.output).not.toBeNull()
})

test('cancel is asked, shown, and confirmed by the service', async () => {
  const id = await run('weirdemo/sleeper', { seconds: 600 })
  await clock.advance(10_000)
  await ask(`/tasks/cloud/${id}/cancel`, {})
  await clock.advance(20_000)
  const cancelled = await task(id)
  expect(cancelled.status).toBe('cancelled')
  expect(cancelled.detail.commands.at(-1)).toMatchObject({ verb: 'cancel', effectNote: 'ended: cancelled' })
})

test('what the service cannot do is refused with words', async () => {
  const id = await run('weirdemo/sleeper', { seconds: 600 })
  const paused = await ask<Problem>(`/tasks/cloud/${id}/pause`, {})
  expect(paused.body.source!.message).toBe('inference.sh cannot pause a run')
})

test('"cancel after" is kept without a page', async () => {
  const id = await run('weirdemo/sleeper', { seconds: 600 }, { cancel_after: 30 })
  await clock.advance(15_000)
  expect((await task(id)).status).toBe('running')
  await clock.advance(60_000)
  expect((await task(id)).status).toBe('cancelled')
})

test('an app that needs a secret says which, and what to do', async () => {
  const { status, body } = await ask<Problem>('/tasks/cloud', { type: 'weirdemo/vault', params: {} })
  expect(status).toBe(412)
  expect(body.source!.message).toMatch(/secret|VAULT|key/i)
  expect(body.requirements).toMatchObject([
    { type: 'secret', key: 'VAULT_TOKEN', action: { type: 'add_secret' } },
    { type: 'integration', key: 'google', action: { type: 'connect', provider_name: 'Google' } },
    {
      type: 'scope',
      action: {
        type: 'add_scopes',
        scope_descriptions: { 'https://www.googleapis.com/auth/drive.readonly': 'See files in Drive' },
      },
    },
  ])
  // No other refusal has any.
  const paused = await ask<Problem>(`/tasks/cloud/${await run('weirdemo/sleeper')}/pause`, {})
  expect(paused.body).not.toHaveProperty('requirements')
})

test('what a run was asked for is kept, for another one like it', async () => {
  const options = { infra: 'private', session: 'new', session_timeout: 60, cancel_after: 900 }
  const id = await run('weirdemo/sleeper@latest', { seconds: 600 }, options)
  await clock.advance(5_000)
  const { detail, type } = await task(id)
  expect(type).toBe('weirdemo/sleeper')
  expect(detail.meta.asked).toEqual({ app: 'weirdemo/sleeper@latest', ...options })
  expect(detail.meta.infra).toBe('private')
})

const startBatch = async (body: object) =>
  (await ask<{ batch: Batch }>('/batches/cloud', { name: 'test', ...body })).body.batch
const batchOf = async (id: string) => (await ask<{ batch: Batch }>(`/batches/${id}`)).body.batch

test('a rerun of what failed has the options of the first', async () => {
  const { id } = await startBatch({
    type: 'weirdemo/breaks',
    inputs: [{ mode: 'midway' }, { mode: 'midway' }],
    options: { infra: 'private', cancel_after: 600 },
  })
  await clock.advance(120_000)
  const { body } = await ask<{ batch: Batch }>(`/batches/${id}/rerun`, {})
  const again = await batchOf(body.batch.id)
  expect(again.taskIds).toHaveLength(2)
  for (const taskId of again.taskIds)
    expect((await task(taskId!)).detail.meta).toMatchObject({
      asked: { infra: 'private', cancel_after: 600 },
      cancelAt: expect.any(Number) as number,
    })
})

test('a batch waits for the limit on starts, and leaves out what was cancelled meanwhile', async () => {
  await relay.stop()
  cloud.stop()
  begin('inf_test', { runsPerMinute: 5, workers: 20 })
  const inputs = Array.from({ length: 12 }, () => ({ seconds: 600 }))
  const { id } = await startBatch({ type: 'weirdemo/sleeper', inputs, concurrency: 12 })
  const begun = async () => (await batchOf(id)).taskIds.filter((taskId) => taskId !== null).length
  await clock.advance(5_000)
  expect(await begun()).toBe(5)
  await clock.advance(60_000)
  expect(await begun()).toBe(10)
  expect((await batchOf(id)).refused).toEqual([])
  await ask(`/batches/${id}/cancel`, {})
  await clock.advance(120_000)
  expect(await begun()).toBe(10)
  const all = (await ask<{ tasks: TaskSummary[] }>('/tasks')).body.tasks
  expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'cancelled'))
})

test('a batch that is cancelled while it waits for the limit on starts does not wait it out', async () => {
  await relay.stop()
  cloud.stop()
  begin('inf_test', { runsPerMinute: 2, workers: 20 })
  const inputs = Array.from({ length: 4 }, () => ({ seconds: 600 }))
  const { id } = await startBatch({ type: 'weirdemo/sleeper', inputs, concurrency: 4 })
  const starts = async () =>
    (await ask<{ commands: Command[] }>('/commands')).body.commands.filter(({ verb }) => verb === 'start')
  await clock.advance(2_000)
  expect((await starts()).filter(({ acceptedAt }) => acceptedAt === null)).toHaveLength(2)
  await ask(`/batches/${id}/cancel`, {})
  await clock.advance(5_000)
  expect((await starts()).flatMap(({ error }) => (error ? [error.message] : []))).toEqual(
    Array.from({ length: 2 }, () => 'not started: it was cancelled before its turn came'),
  )
})

test('no more runs are followed at once than may be, also when one is to be followed again', async () => {
  await relay.stop()
  cloud.stop()
  begin('inf_test', { runsPerMinute: 1_000, workers: 300 })
  const first = await run('weirdemo/sleeper', { seconds: 600 })
  await put(`/tasks/cloud/${first}/follow`, { forMs: 1_000 })
  await clock.advance(3_000)
  const inputs = [{ seconds: 60 }, ...Array.from({ length: 199 }, () => ({ seconds: 500 }))]
  await startBatch({ type: 'weirdemo/sleeper', inputs, concurrency: 200 })
  await clock.advance(20_000)
  expect(cloud.openStreams()).toHaveLength(200)
  expect(await put(`/tasks/cloud/${first}/follow`, { forMs: null })).toBe(409)
  await ask(`/tasks/cloud/${first}/retry-stream`, {})
  await clock.advance(5_000)
  expect(cloud.openStreams()).not.toContain(first)
  // One of the others ends.
  await clock.advance(60_000)
  expect(cloud.openStreams()).toHaveLength(200)
  expect(cloud.openStreams()).toContain(first)
}, 30_000)

const put = async (path: string, body: object) =>
  (await ask(path, undefined, { method: 'PUT', body: JSON.stringify(body), headers: JSON_TYPE })).status

test('logs and outputs of a batch come as one text, with their size before', async () => {
  const { id } = await startBatch({
    type: 'weirdemo/landscape',
    inputs: [
      { prompt: 'one', steps: 10 },
      { prompt: 'two', steps: 900 },
      { prompt: 'three', steps: 10 },
    ],
    concurrency: 3,
  })
  await clock.advance(120_000)
  const { body: size } = await ask<BatchSize>(`/batches/${id}/size`)
  const response = await relay.fetch(new Request(`http://weir.test/api/batches/${id}/logs.txt`))
  const text = await response.text()
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="test.txt"')
  expect(text.match(/^==== .*$/gm)).toEqual([
    expect.stringMatching(/^==== run 1 of 3 · \S+ · completed · ran .* ====$/),
    '==== run 2 of 3 · refused ====',
    expect.stringMatching(/^==== run 3 of 3 · \S+ · completed · ran .* ====$/),
  ])
  expect(text).toContain('input: {"prompt":"three","steps":10}')
  expect(text).toContain('900 is greater than the maximum of 60')
  expect(text.match(/^---- output ----\n\{.*\}$/gm)).toHaveLength(2)
  const lines = text.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}/gm) ?? []
  expect(lines.length).toBeGreaterThan(10)
  expect(size).toMatchObject({ lines: lines.length, linesGone: 0 })
  // About right, not to the byte.
  expect(size.bytes / text.length).toBeGreaterThan(0.5)
  expect(size.bytes / text.length).toBeLessThan(2)
})

test('a run is followed as long as asked; its end is noticed, and it can be followed again', async () => {
  const id = await run('weirdemo/sleeper', { seconds: 600 })
  await clock.advance(10_000)
  expect(await put(`/tasks/cloud/${id}/follow`, { forMs: 60_000 })).toBe(204)
  expect((await task(id)).detail.meta.followUntil).toEqual(expect.any(Number))
  expect(cloud.openStreams()).toEqual([id])
  await clock.advance(61_000)
  const resting = await task(id)
  expect(resting).toMatchObject({ status: 'running', stream: { name: 'closed' } })
  expect(resting.stream.reason).toMatch(/^followed for 60 s as asked/)
  expect(cloud.openStreams()).toEqual([])
  const lines = resting.log.total
  await clock.advance(120_000)
  expect((await task(id)).log.total).toBe(lines)
  // "Follow again" brings what was said meanwhile.
  await ask(`/tasks/cloud/${id}/retry-stream`, {})
  await clock.advance(5_000)
  expect(await task(id)).toMatchObject({ stream: { name: 'open' }, detail: { meta: { followUntil: null } } })
  expect((await task(id)).log.total).toBeGreaterThan(lines)
  await put(`/tasks/cloud/${id}/follow`, { forMs: 1_000 })
  await clock.advance(5_000)
  expect((await task(id)).stream.name).toBe('closed')
  await clock.advance(600_000)
  const done = await task(id)
  expect(done).toMatchObject({ status: 'completed', stream: { reason: 'the task ended' } })
  expect(JSON.parse(done.result!.preview)).toEqual({ slept: 600 })
  expect(await put(`/tasks/cloud/${id}/follow`, { forMs: 1_000 })).toBe(409)
})

test('how long runs are followed is a setting of the source, which the source’s record tells', async () => {
  const settings = { retries: 5, delayMs: 500, mostMs: 2_000, followMs: 30_000 }
  expect((await source()).reconnect).toEqual({
    retries: null,
    delayMs: 1_000,
    mostMs: 30_000,
    followMs: null,
  })
  expect(await put('/sources/cloud/reconnect', settings)).toBe(200)
  expect((await source()).reconnect).toEqual(settings)
  const id = await run('weirdemo/sleeper', { seconds: 600 })
  await clock.advance(20_000)
  expect((await task(id)).stream.name).toBe('open')
  await clock.advance(20_000)
  expect((await task(id)).stream).toMatchObject({
    name: 'closed',
    reason: expect.stringContaining('30 s') as string,
  })
  expect(await put('/sources/cloud/reconnect', { ...settings, followMs: 0 })).toBe(400)
})

test('a service that does not answer does not make a run that is not followed ask without end', async () => {
  const id = await run('weirdemo/sleeper', { seconds: 6_000 })
  await clock.advance(10_000)
  await put(`/tasks/cloud/${id}/follow`, { forMs: 5_000 })
  cloud.restart(300_000)
  await clock.advance(250_000)
  expect((await task(id)).stream.name).toBe('closed')
  await clock.advance(400_000)
  expect(await task(id)).toMatchObject({ status: 'running', stream: { name: 'closed' } })
})

test.each(['end', 'reset', 'mid-line'] as const)(
  'a stream that is cut (%s) goes on, nothing is lost',
  async (how) => {
    const id = await run('weirdemo/trainer', { dataset: 'gauges', epochs: 3, steps: 50 })
    await clock.advance(20_000)
    cloud.cutStreams(how)
    await clock.advance(400_000)
    const done = await task(id)
    expect(done.status).toBe('completed')
    expect(done.stream.name).toBe('closed')
    expect((await source()).reconnects).toBeGreaterThan(0)
  },
)

test('silence without heartbeats is a dead stream', async () => {
  const id = await run('weirdemo/sleeper', { seconds: 600 })
  await clock.advance(10_000)
  cloud.silence()
  await clock.advance(44_000)
  cloud.silence(false)
  await clock.advance(10_000)
  expect((await source()).reconnects).toBeGreaterThan(0)
  expect((await task(id)).status).toBe('running')
})

test('a task of someone else appears by itself and is followed', async () => {
  await cloud.fetch(
    new Request('http://cloud.test/apps/run', {
      method: 'POST',
      headers: { authorization: 'Bearer inf_other', 'content-type': 'application/json' },
      body: JSON.stringify({ app: 'weirdemo/helper', input: {} }),
    }),
  )
  await clock.advance(90_000)
  const { tasks } = (await ask<{ tasks: TaskSummary[] }>('/tasks')).body
  expect(tasks).toMatchObject([{ type: 'weirdemo/helper', status: 'completed' }])
})

test('a revoked key is said, with what to do', async () => {
  await clock.advance(1_000)
  expect((await source()).state).toBe('ok')
  cloud.revokeKey('inf_test')
  await clock.advance(40_000)
  const refused = await source()
  expect(refused.state).toBe('refused')
  expect(refused.detail).toContain('INFERENCE_API_KEY')
})

test('apps are listed, searched and described with their schemas', async () => {
  const { apps } = (await ask<{ apps: AppSummary[] }>('/apps/cloud?text=landscape')).body
  expect(apps.map((app) => app.ref)).toContain('weirdemo/landscape')
  const { app } = (await ask<{ app: AppInfo }>('/apps/cloud/weirdemo/landscape')).body
  expect(app.functions[0]!.inputSchema).toHaveProperty('properties')
  expect((await ask('/apps/cloud/weirdemo/nope')).status).toBe(404)
})

test('the schema of the version that ran says what is a file, where its address does not', async () => {
  const id = await run('weirdemo/landscape', { prompt: 'a weir' })
  const { body } = await ask<TaskSchemas>(`/tasks/cloud/${id}/schemas`)
  expect(body.output).toMatchObject({ properties: { image: { format: 'file' } } })
  expect(body.input).toMatchObject({ properties: { prompt: {} } })
  const url = 'https://files.example/made/1'
  const said = { data: { output: { image: url, seed: 1 } }, fields: ['output'] }
  cloud.inject(id, `${JSON.stringify(said)}\n`)
  // Before the app has more to say.
  await clock.advance(20)
  const now = (await (
    await relay.fetch(new Request(`http://weir.test/api/tasks/cloud/${id}`))
  ).json()) as Task
  expect(now.preview).toMatchObject({ kind: 'file', url })
})

test('an app that is gone has no schemas, and is not asked for with every output', async () => {
  const id = await run('weirdemo/sleeper', { seconds: 600 })
  await clock.advance(10_000)
  let asked = 0
  const { fetch } = cloud
  cloud.fetch = (request) => {
    if (!new URL(request.url).pathname.startsWith('/apps/')) return fetch(request)
    asked += 1
    return Promise.resolve(Response.json({ detail: 'app not found' }, { status: 404 }))
  }
  for (let i = 0; i < 20; i++) {
    const said = { data: { output: { made: `https://files.example/${i}` } }, fields: ['output'] }
    cloud.inject(id, `${JSON.stringify(said)}\n`)
    await clock.advance(100)
  }
  expect((await task(id)).detail.output!.revision).toBeGreaterThanOrEqual(20)
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThanOrEqual(4)
  expect(await ask<TaskSchemas>(`/tasks/cloud/${id}/schemas`)).toEqual({
    status: 200,
    body: { input: null, output: null },
  })
})

test('a file’s type is told without its bytes', async () => {
  const id = await run('weirdemo/landscape', { prompt: 'a weir' })
  await clock.advance(120_000)
  const url = (await task(id)).preview!.url!
  const answer = relay.fetch(
    new Request(`http://weir.test/api/files?url=${encodeURIComponent(url)}`, { method: 'HEAD' }),
  )
  await clock.advance(1_000)
  const head = await answer
  expect(head.headers.get('content-type')).toBe('image/png')
  expect((await head.arrayBuffer()).byteLength).toBe(0)
})

test('files come through the relay, from the service’s hosts only, and cannot act as pages', async () => {
  const id = await run('weirdemo/landscape', { prompt: 'a weir' })
  await clock.advance(120_000)
  const { url } = (await task(id)).preview!
  const answer = relay.fetch(new Request(`http://weir.test/api/files?url=${encodeURIComponent(url!)}`))
  await clock.advance(1_000)
  const file = await answer
  expect(file.headers.get('content-type')).toBe('image/png')
  expect(file.headers.get('content-security-policy')).toContain('sandbox')
  expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100)
  expect((await ask('/files?url=http%3A%2F%2F169.254.169.254%2F')).status).toBe(403)
})

test('the SDK’s proxy adds the key, ignores the browser’s, and keeps to its host and routes', async () => {
  const through = (target: string, headers: Record<string, string> = {}) =>
    ask<{ data?: unknown; error?: string }>('/inference/proxy', undefined, {
      headers: { 'x-inf-target-url': target, authorization: 'Bearer inf_stolen_no', ...headers },
    })
  expect((await through('https://api.inference.sh/apps/weirdemo/landscape')).status).toBe(200)
  expect((await through('https://evil.test/apps')).status).toBe(412)
  expect((await through('https://api.inference.sh/teams')).status).toBe(403)
  expect((await ask('/inference/proxy')).status).toBe(400)
})

test('without a key the source says so', async () => {
  await relay.stop()
  cloud.stop()
  begin('')
  await clock.advance(2_000)
  expect(await source()).toMatchObject({ state: 'refused' })
})
