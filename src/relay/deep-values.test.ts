import { fuzzRuns } from '#testing/fuzz-runs.ts'
import fc from 'fast-check'
import { createParser } from 'eventsource-parser'
import { afterEach, describe, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { inProcess } from '#lib/in-process.ts'
import { isDeeperThan, TOO_DEEP } from '#lib/json-depth.ts'
import type { Source } from '#model/source.ts'
import type { Call } from '#protocols/weir/api.ts'
import { refusalOf, startCloud, type TestCloud } from '#testing/cloud.ts'
import { startLab, type TestLab } from '#testing/lab.ts'
import { createRelay } from './relay.ts'

/*
 * Values nested deeper than anything that walks them by recursion can bear, in every place where a source may
 * send one: the relay goes on, the rest of the message is kept, and a note stands for what is too deep.
 */

const KINDS = {
  arrays: (levels: number) => `${'['.repeat(levels)}0${']'.repeat(levels)}`,
  objects: (levels: number) => `${'{"a":'.repeat(levels)}0${'}'.repeat(levels)}`,
  mixed: (levels: number) => `${'[{"]":'.repeat(levels / 2)}"}"${'}]'.repeat(levels / 2)}`,
}
const CASES = [5_000, 100_000].flatMap((levels) =>
  Object.entries(KINDS).map(([kind, make]) => ({ levels, kind, deep: make(levels) })),
)

let stop: (() => Promise<void>) | undefined
afterEach(async () => {
  await stop?.()
  stop = undefined
})

/** Everything a page is told of these topics, as text. */
function watch(relay: TestLab['relay'], topics: string[]) {
  const query = topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&')
  const told: string[] = []
  void (async () => {
    const response = await relay.fetch(new Request(`http://weir.test/api/stream?${query}`))
    const parser = createParser({ onEvent: ({ data }) => told.push(data) })
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) parser.feed(decoder.decode(chunk, { stream: true }))
  })()
  return told
}

async function lab(): Promise<TestLab> {
  const started = await startLab()
  stop = async () => {
    const stopped = started.relay.stop()
    await started.clock.advance(20_000)
    await stopped
    started.lab.stop()
  }
  return started
}

async function cloud(): Promise<TestCloud> {
  const started = await startCloud()
  stop = () => started.stop()
  return started
}

describe.each(CASES)('$kind, $levels deep', ({ deep }) => {
  test('as the result of a task, as the answer of a call, in the words of a refusal', async () => {
    const weir = await lab()
    const { fetch } = weir.lab
    weir.lab.fetch = async (request) => {
      const what = `${request.method} ${new URL(request.url).pathname}`
      if (what === 'GET /tasks/deep')
        return json(
          `{"task_id":"deep","task_type":"SlowTask","running":false,"result":{"n":1.0,"deep":${deep},"nan":NaN},"exception":null}`,
        )
      if (what.endsWith('/call')) return json(`{"result":[1.0,${deep}],"success":true}`)
      if (what === 'POST /tasks/deep/cancel')
        return json(`{"error":{"type":"Refused","message":"no","context":${deep}}}`, 409)
      return fetch(request)
    }
    const told = watch(weir.relay, ['tasks', 'lab/tasks/deep', 'lab/tasks/other', 'commands', 'sources'])
    await weir.start('deep', 'SlowTask', { seconds: 4 })
    await weir.start('other', 'LongRunningTask', { steps: 40, delay: 0.1, enable_streaming: true })
    expect((await weir.ask('/tasks/lab/deep/cancel', {})).status).toBe(409)
    await weir.clock.advance(8_000)
    expect(await weir.task('deep')).toMatchObject({ status: 'completed', result: { state: 'available' } })
    const output = await text(weir, '/tasks/lab/deep/output')
    expect(output).toMatch(/^\{"n":1\.0,"deep":.*,"nan":NaN\}$/)
    expect(output).toContain(TOO_DEEP)
    expect((await weir.task('other')).status).toBe('completed')
    const called = await weir.ask('/devices/lab/laser1/call', { method: 'status', args: [], kwargs: {} })
    const { call } = called.body as { call: Call }
    expect(call.result!.preview).toMatch(/^\[1\.0,.*\]$/)
    expect(call.result!.preview).toContain(TOO_DEEP)
    expect((await weir.source()).state).toBe('ok')
    expectShallow(told)
  })

  test('in what a task streams and in what a device streams', async () => {
    const weir = await lab()
    const { fetch } = weir.lab
    weir.lab.fetch = async (request) => {
      const response = await fetch(request)
      if (!new URL(request.url).pathname.startsWith('/stream/devices/') || !response.body) return response
      const extra = `event: device_data\ndata: {"step":3,"total":40,"message":${deep},"more":${deep}}\n\nevent: device_data\ndata: {"power_mw":1.5,"deep":${deep},"list":[1,2,${deep}]}\n\n`
      return new Response(response.body.pipeThrough(prefixed(extra)), response)
    }
    const told = watch(weir.relay, ['lab/tasks/run', 'lab/devices/laser1', 'devices'])
    await weir.start('run', 'LongRunningTask', { steps: 40, delay: 0.1, enable_streaming: true })
    await weir.clock.advance(4_000)
    const task = await weir.task('run')
    expect(task).toMatchObject({ status: 'running', stream: { name: 'open' } })
    expect(task.progress!.step).toBeGreaterThan(10)
    expect((await weir.log('run')).join('\n')).toContain(TOO_DEEP)
    const opened = weir.ask('/devices/lab/laser1/stream/start', {})
    await weir.clock.advance(3_000)
    expect((await opened).status).toBe(200)
    await weir.clock.advance(2_000)
    const { body } = await weir.ask('/devices/lab/laser1')
    expect((body as { record: { messages: number } }).record.messages).toBe(2)
    const raw = await weir.ask('/tasks/lab/run/raw')
    expect(JSON.stringify(raw.body)).toContain('nested deeper than')
    expectShallow(told)
  })

  test('in what inference.sh says of a run, and in each kind of line of its stream', async () => {
    const weir = await cloud()
    const id = await weir.run('weirdemo/sleeper', { seconds: 600 })
    const told = watch(weir.relay, ['tasks', `cloud/tasks/${id}`])
    weir.answer(async (what, request) => {
      if (what !== `GET /tasks/${id}`) return undefined
      const response = await weir.cloud.fetch(request)
      const row = await response.text()
      const more = `"setup":${deep},"metadata":${deep},"usage_events":[{"deep":${deep}}],"app":{"name":"x","deep":${deep}},`
      return json(row.replace('"id":', `${more}"id":`))
    })
    await weir.clock.advance(5_000)
    const line = (fields: string) =>
      weir.cloud.inject(id, `{"data":{${fields}},"fields":[${namesOf(fields)}]}\n`)
    line(`"setup":${deep}`)
    line(`"input":{"a":1,"deep":${deep}}`)
    line(`"metadata":${deep}`)
    line(`"output":{"made":${deep},"kept":1}`)
    line(`"partial_output":{"made":${deep}}`)
    line(`"error":${deep}`)
    line(`"logs":[{"log_type":4,"content":${deep}}]`)
    line(`"logs":[${deep}]`)
    line(`"logs":${deep}`)
    line(`"progress":${deep}`)
    line(`"events":[{"status":7,"deep":${deep}}]`)
    weir.cloud.inject(id, `{"event":"delta","data":{"delta":{"response":${deep}},"seq":0}}\n`)
    weir.cloud.inject(id, `{"event":"delta","data":{"delta":{"tool_calls":[${deep}]},"seq":1}}\n`)
    weir.cloud.inject(id, `{"event":"error","data":${deep}}\n`)
    weir.cloud.inject(id, `{"event":"whatever","data":${deep}}\n`)
    weir.cloud.inject(id, `${deep}\n`)
    weir.cloud.inject(id, `${'['.repeat(5_000)}\n`)
    await weir.clock.advance(1_000)
    weir.cloud.cutStreams('reset', id)
    await weir.clock.advance(20_000)
    const task = await weir.task(id)
    expect(task).toMatchObject({ status: 'running', stream: { name: 'open' } })
    expect(JSON.stringify(task.detail.meta)).toContain(TOO_DEEP)
    expect(task.detail.output!.json).toContain('nested deeper than')
    await weir.clock.advance(700_000)
    expect((await weir.task(id)).status).toBe('completed')
    expect((await weir.source()).state).toBe('ok')
    expectShallow(told)
  })

  test('in a row of a list: the others are shown', async () => {
    const weir = await cloud()
    const other = await weir.runElsewhere('weirdemo/sleeper', { seconds: 60 })
    weir.answer(async (what, request) => {
      if (what !== 'POST /tasks/list') return undefined
      const rows = await (await weir.cloud.fetch(request)).text()
      return json(rows.replace('"items":[', `"items":[{"id":"deep","input":${deep}},${deep},`))
    })
    await weir.clock.advance(40_000)
    const listed = (await weir.tasks()).map(({ id }) => id)
    expect(listed).toContain(other)
    expect(listed).toContain('deep')
    expect((await weir.source()).state).toBe('ok')
  })
})

test('a refusal that nests too deep is one like any other', async () => {
  const weir = await cloud()
  const id = await weir.run('weirdemo/sleeper', { seconds: 600 })
  weir.answer((what) =>
    what.endsWith('/cancel')
      ? json(`{"title":"no","status":409,"deep":${KINDS.mixed(5_000)}}`, 409)
      : undefined,
  )
  expect((await weir.ask(`/tasks/cloud/${id}/cancel`, {})).body).toMatchObject({
    title: expect.stringContaining('no. It has changed') as string,
  })
  weir.answer((what) => (what.endsWith('/cancel') ? refusalOf(500) : undefined))
  expect((await weir.ask(`/tasks/cloud/${id}/cancel`, {})).status).toBe(502)
})

test('whatever a source answers with, at whatever depth, the relay stands and its other source is shown', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 190, max: 20_000 }),
      fc.constantFrom(...Object.values(KINDS)),
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(
        '',
        '{"id":"x","task_id":"x","data":',
        '{"items":[',
        '{"tasks":[',
        '{"error":{"message":',
      ),
      fc.constantFrom(200, 404, 500),
      async (levels, make, value, before, status) => {
        const clock = new ManualClock()
        const closing = before.replaceAll(/[^[{]/g, '').split('').reverse().join('')
        const body = `${before}{"deep":${make(levels)},"value":${JSON.stringify(value)}}${closing.replaceAll('{', '}').replaceAll('[', ']')}`
        const fetch = inProcess(() => Promise.resolve(json(body, status)))
        const relay = createRelay({
          version: 'test',
          clock,
          random: () => 0.5,
          sources: [
            { name: 'lab', kind: 'labdaemon', url: 'http://lab.test', fetch },
            { name: 'cloud', kind: 'inference', url: 'http://cloud.test', key: 'inf_test', fetch },
          ],
        })
        void relay.start()
        await clock.advance(10_000)
        const response = await relay.fetch(new Request('http://weir.test/api/sources'))
        const { sources } = (await response.json()) as { sources: Source[] }
        for (const { detail } of sources) expect(detail).not.toContain('RangeError')
        const stopped = relay.stop()
        await clock.advance(20_000)
        await stopped
      },
    ),
    { numRuns: fuzzRuns(30) },
  )
})

function json(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'application/json' } })
}

function namesOf(fields: string): string {
  return `"${/^"(\w+)"/.exec(fields)![1]}"`
}

async function text(weir: TestLab, path: string): Promise<string> {
  return (await weir.relay.fetch(new Request(`http://weir.test/api${path}`))).text()
}

/** A stream whose first bytes are these. */
function prefixed(first: string): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(first))
    },
  })
}

function expectShallow(told: string[]): void {
  expect(told.length).toBeGreaterThan(1)
  for (const data of told) expect(isDeeperThan(data, 250)).toBe(false)
}
