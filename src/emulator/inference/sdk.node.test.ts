import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Inference, TaskDTO } from '@inferencesh/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sdk } from '#testing/official-sdk.node.ts'
import { createInferenceCloud } from './index.ts'
import type { InferenceCloud } from './index.ts'

/*
 * The official SDK as a client, over real HTTP and in real time: what it is satisfied with is the contract
 * (inference.sh wire contract, [S]).
 */

const { StreamManager, createClient, createLLMDeltaAccumulator, inference, isRequirementsNotMetException } =
  sdk

const cloud: InferenceCloud = createInferenceCloud({ preset: 'empty', speed: 25, workers: 3 })
const listener = getRequestListener((request) => cloud.fetch(request), { overrideGlobalObjects: false })
const server = createServer((request, response) => void listener(request, response))
let baseUrl = ''
let client: Inference

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  client = inference({ apiKey: 'inf_sdk', baseUrl })
})

afterAll(async () => {
  cloud.stop()
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
})

const landscape = { app: 'weirdemo/landscape', input: { prompt: 'a weir at dawn', steps: 8, seed: 42 } }

/** The error that something ends with. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

async function startSleeper(): Promise<string> {
  const task = await client.run({ app: 'weirdemo/sleeper', input: { seconds: 3_600 } }, { wait: false })
  return task.id
}

describe('run', () => {
  it('over NDJSON: statuses, provisional and final output', async () => {
    const statuses: unknown[] = []
    const outputs: string[] = []
    const seen = (task: TaskDTO) => {
      if (statuses.at(-1) !== task.status) statuses.push(task.status)
      const { image } = (task.output ?? {}) as { image?: string }
      if (image !== undefined && outputs.at(-1) !== image) outputs.push(image)
    }
    const task = await client.run(landscape, { onUpdate: seen, onPartialUpdate: seen })
    expect(task.status).toBe(10)
    expect(statuses.at(-1)).toBe(10)
    expect(statuses).toContain(7)
    expect(outputs.length).toBeGreaterThan(2)
    const { image } = task.output as { image: string }
    const picture = await fetch(image)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
  })

  it('by polling', async () => {
    const polling = inference({ apiKey: 'inf_sdk', baseUrl, stream: false, pollIntervalMs: 60 })
    const updates: unknown[] = []
    const task = await polling.run(
      { app: 'weirdemo/helper', input: {} },
      { onUpdate: ({ status }) => updates.push(status) },
    )
    expect(task.status).toBe(10)
    expect(task.output).toMatchObject({ station: 'lower weir' })
    expect(updates.at(-1)).toBe(10)
  })

  it('with deltas that add up to the output', async () => {
    const accumulator = createLLMDeltaAccumulator()
    const numbers: unknown[] = []
    const task = await client.run(
      { app: 'weirdemo/oracle', input: { text: 'How much?' } },
      {
        onDelta: (delta, seq) => {
          accumulator.apply(delta)
          numbers.push(seq)
        },
      },
    )
    const { response, reasoning, usage } = task.output as Record<string, unknown>
    expect(accumulator.toOutput()).toMatchObject({
      response,
      reasoning,
      usage,
      tool_calls: [{ id: 'call_gauge_1', function: { arguments: '{"station":"lower weir","unit":"m"}' } }],
    })
    expect(numbers).toEqual(numbers.map((_, index) => index))
  })

  it('rejects with the error of a failed task', async () => {
    const error = await failure(client.run({ app: 'weirdemo/breaks', input: { mode: 'oom' } }))
    expect((error as Error).message).toContain('CUDA out of memory')
  })

  it('uploads what is to be a file', async () => {
    const blob = new Blob(['a river\n'], { type: 'text/plain' })
    const task = await client.run({ app: 'weirdemo/blackbox', input: { note: blob } })
    const { got } = task.output as { got: { note: string } }
    const answer = await fetch(got.note)
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/plain', 'a river\n'])
  })

  it('in a session', async () => {
    const run = { app: 'weirdemo/workbench', input: { name: 'x', count: 1 } }
    const first = await client.run({ ...run, session: 'new', session_timeout: 60 })
    const session = first.session_id ?? ''
    expect((await client.sessions.get(session)).data).toMatchObject({ status: 'active', call_count: 1 })
    const second = await client.run({ ...run, session })
    expect(second.output).toMatchObject({ calls: 1 })
    expect((await client.sessions.keepalive(session)).data.status).toBe('active')
    await client.sessions.end(session)
    expect((await client.sessions.list()).data.map(({ status }) => status)).toContain('ended')
    expect(await failure(client.run({ ...run, session }))).toMatchObject({ statusCode: 410 })
  })
})

describe('streams by SSE', () => {
  it('the stream manager reads a task to its end', async () => {
    const { id } = await client.run(landscape, { wait: false })
    let partials = 0
    const task = await new Promise<TaskDTO>((resolve, reject) => {
      let current: Partial<TaskDTO> = {}
      const take = (data: Partial<TaskDTO>) => {
        current = { ...current, ...data }
        if (data.status !== 10) return
        manager.stop()
        resolve(current as TaskDTO)
      }
      const manager = new StreamManager<Partial<TaskDTO>>({
        createEventSource: () => client.streamTask(id),
        onData: take,
        onPartialData: (data, fields) => {
          partials++
          take(Object.fromEntries(fields.map((field) => [field, (data as Record<string, unknown>)[field]])))
        },
        onError: reject,
      })
      void manager.connect()
    })
    expect(partials).toBeGreaterThan(4)
    expect(task).toMatchObject({ id, status: 10, output: { seed: 42 } })
  })
})

describe('tasks', () => {
  it('are cancelled', async () => {
    const id = await startSleeper()
    await client.cancel(id)
    const { data } = await client.getTask(id)
    const error = await failure(client.tasks.watch(data).done)
    expect((error as Error).message).toBe('task cancelled')
    expect((await client.getTask(id)).data).toMatchObject({ status: 12, error: 'cancelled by user' })
  })

  it('have logs, timings and telemetry', async () => {
    const { id } = await client.run(landscape)
    const { data: logs } = await client.tasks.getLogs(id)
    const log = logs.logs.find((each) => each.log_type === 4)
    expect(Buffer.from(log?.content ?? '', 'base64').toString()).toContain('prompt: a weir at dawn')
    const { data: timings } = await client.tasks.getTimings(id)
    expect(timings.groups.map(({ label }) => label)).toEqual(['queue', 'startup', 'run', 'upload'])
    expect((await client.tasks.getTelemetry(id)).data).toEqual([])
    expect((await client.tasks.feature(id, true)).data.is_featured).toBe(true)
    await client.tasks.delete(id)
    expect(await failure(client.getTask(id))).toMatchObject({ statusCode: 404 })
  })

  it('are listed by cursor, there and back', async () => {
    for (let count = 0; count < 5; count++)
      await client.run({ app: 'weirdemo/helper', input: {} }, { wait: false })
    const seen: string[] = []
    let cursor = ''
    let previous = ''
    do {
      const { data } = await client.tasks.list({ cursor, direction: 'next', limit: 3 })
      seen.push(...data.items.map(({ id }) => id))
      cursor = data.has_next ? data.next_cursor : ''
      previous = data.prev_cursor
      expect(data.total_items).toBeGreaterThanOrEqual(5)
    } while (cursor !== '')
    expect(new Set(seen).size).toBe(seen.length)
    const { data: back } = await client.tasks.list({ cursor: previous, direction: 'prev', limit: 3 })
    const start = seen.indexOf(back.items[0]?.id ?? '')
    expect(back.items.map(({ id }) => id)).toEqual(seen.slice(start, start + 3))
  })
})

describe('apps, files and flows', () => {
  it('are found', async () => {
    const { data: app } = await client.apps.getByName('weirdemo/landscape')
    expect(app.version?.input_schema).toMatchObject({ required: ['prompt'] })
    expect((await client.apps.get(app.id)).data.name).toBe('landscape')
    expect((await client.apps.getByVersionId(app.id, app.version_id)).data.name).toBe('landscape')
    expect((await client.apps.listVersions(app.id)).data.total_items).toBe(1)
    const { data: found } = await client.apps.list({ search: { term: 'melody', exact: false } })
    expect(found.items.map(({ name }) => name)).toEqual(['chime'])
    const { data: suggestions } = await client.search.suggest({ query: 'sleeper' })
    expect(suggestions.results[0]?.name).toBe('weirdemo/sleeper')
  })

  it('files are uploaded, read, listed and deleted', async () => {
    const file = await client.uploadFile(new Blob(['x'], { type: 'text/plain' }), { filename: 'x.txt' })
    expect((await client.files.get(file.id)).data).toMatchObject({ filename: 'x.txt', size: 1 })
    expect((await client.files.list()).data.items.map(({ id }) => id)).toContain(file.id)
    await client.files.delete(file.id)
    expect(await failure(client.files.get(file.id))).toMatchObject({ statusCode: 404 })
  })

  it('a flow runs and streams', async () => {
    const { data: run } = await client.flowRuns.create('2tfgsk2qx87xgfhawvza3psrmw', { prompt: 'a weir' })
    const source = await client.flowRuns.stream(run.id)
    const statuses = await new Promise<unknown[]>((resolve) => {
      const seen: unknown[] = []
      source?.addEventListener('message', (event) => {
        const line = JSON.parse(String(event.data)) as { status?: number; data?: { status?: number } }
        const status = line.status ?? line.data?.status
        if (status !== undefined) seen.push(status)
        if (status === 3) resolve(seen)
      })
    })
    source?.close()
    // Those from before the stream was open are not told.
    expect(statuses).toEqual([1, 2, 3].slice(-statuses.length))
    expect((await client.flowRuns.get(run.id)).data.status).toBe(3)
    expect((await client.flowRuns.list()).data.items.map(({ id }) => id)).toContain(run.id)
  })
})

describe('refusals', () => {
  it('412 with what is missing', async () => {
    const error = await failure(client.run({ app: 'weirdemo/vault', input: {} }))
    if (!isRequirementsNotMetException(error)) throw error
    expect(error.errors.map(({ type, key }) => [type, key])).toEqual([
      ['secret', 'VAULT_TOKEN'],
      ['integration', 'google'],
      ['scope', 'drive.readonly'],
    ])
  })

  it.each([
    [400, { app: 'weirdemo/landscape', input: {} }, 'input.prompt is required'],
    [404, { app: 'weirdemo/nothing', input: {} }, 'app not found: weirdemo/nothing'],
    [
      422,
      { app: 'weirdemo/landscape', input: { prompt: 'x', steps: 900 } },
      'greater than the maximum of 60',
    ],
    [422, { app: 'weirdemo/breaks', input: {}, wait: true }, 'CUDA out of memory'],
  ])('%i with its detail', async (statusCode, params, detail) => {
    const error = await failure(client.run(params))
    expect(error).toMatchObject({ name: 'InferenceError', statusCode })
    expect((error as Error).message).toContain(detail)
  })

  it.each([402, 429, 500, 503])('%i', async (statusCode) => {
    cloud.failNext(statusCode, { retryAfter: 7 })
    expect(await failure(client.run(landscape))).toMatchObject({ name: 'InferenceError', statusCode })
  })

  it('429 carries Retry-After', async () => {
    cloud.failNext(429, { retryAfter: 7 })
    const answer = await fetch(`${baseUrl}/tasks/list`, {
      method: 'POST',
      headers: { authorization: 'Bearer inf_sdk' },
    })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '7'])
  })

  it('401 for a key that is none, and one revoked midway', async () => {
    expect(await failure(inference({ apiKey: 'sk_x', baseUrl }).apps.list())).toMatchObject({
      statusCode: 401,
    })
    const own = inference({ apiKey: 'inf_revoked', baseUrl })
    expect((await own.apps.list()).data.has_next).toBe(true)
    cloud.revokeKey('inf_revoked')
    expect(await failure(own.apps.list())).toMatchObject({ statusCode: 401 })
  })

  it('notices reach whoever listens', async () => {
    const codes: string[] = []
    const listening = createClient({
      apiKey: 'inf_sdk',
      baseUrl,
      onMessage: (messages) => codes.push(...messages.map(({ code }) => code)),
    })
    const ids: string[] = []
    for (let count = 0; count < 14; count++) ids.push(await startSleeper())
    await new Promise((resolve) => setTimeout(resolve, 120))
    ids.push((await listening.run({ app: 'weirdemo/sleeper', input: {} }, { wait: false })).id)
    expect(codes).toEqual(['concurrency_near_limit'])
    for (const id of ids) await client.cancel(id)
  })
})
