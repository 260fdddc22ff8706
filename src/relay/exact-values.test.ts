import { createParser } from 'eventsource-parser'
import { afterEach, expect, test } from 'vitest'
import { startCloud } from '#testing/cloud.ts'
import { startLab, type TestLab } from '#testing/lab.ts'

/*
 * Numbers that no float64 is, or that JavaScript would write in another way, on all the ways a value takes through
 * the relay: what was written is what arrives.
 */

const NUMBERS =
  '[9007199254740993,-9007199254740993,18446744073709551615,1e400,-1E-400,1.0,-0,2.50,1e5,0.1000000000000000055]'
const VALUE = `{"numbers":${NUMBERS},"deep":{"n":1.0,"__proto__":{"n":1.0}},"text":"1.0 \\"9007199254740993"}`

let stop: (() => Promise<void>) | undefined
afterEach(async () => {
  await stop?.()
  stop = undefined
})

type Weir = Pick<TestLab, 'relay' | 'clock'>

/** Asks the relay with a body that no parser of the test touches; the answer's own text. */
async function ask({ relay, clock }: Weir, path: string, body?: string, method = 'POST'): Promise<string> {
  const init = { method, headers: { 'content-type': 'application/json' }, body: body ?? null }
  const answer = relay.fetch(new Request(`http://weir.test/api${path}`, body === undefined ? {} : init))
  await clock.advance(100)
  return (await answer).text()
}

/** What pages are told of a topic, as text. */
function told({ relay }: Weir, topic: string): string[] {
  const texts: string[] = []
  void (async () => {
    const response = await relay.fetch(new Request(`http://weir.test/api/stream?topic=${topic}`))
    const parser = createParser({ onEvent: ({ data }) => texts.push(data) })
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) parser.feed(decoder.decode(chunk, { stream: true }))
  })()
  return texts
}

async function lab() {
  const weir = await startLab()
  const sent: string[] = []
  const { fetch } = weir.lab
  weir.lab.fetch = async (request) => {
    const body = request.body === null ? '' : await request.clone().text()
    if (body !== '') sent.push(`${request.method} ${new URL(request.url).pathname} ${body}`)
    return fetch(request)
  }
  stop = async () => {
    const stopped = weir.relay.stop()
    await weir.clock.advance(20_000)
    await stopped
    weir.lab.stop()
  }
  return { weir, sent }
}

test('parameters of a LabDaemon task: as they were typed, on the wire, in its record and to every page', async () => {
  const { weir, sent } = await lab()
  const before = told(weir, 'lab/tasks/a')
  await ask(weir, '/tasks/lab', `{"id":"a","type":"PausableTask","copies":1.0,"params":${VALUE}}`)
  expect(sent).toContain(`POST /tasks {"task_id":"a","task_type":"PausableTask","params":${VALUE}}`)
  expect(await ask(weir, '/tasks/lab/a')).toContain(`"params":${VALUE}`)
  const after = told(weir, 'lab/tasks/a')
  await weir.clock.advance(100)
  for (const texts of [before, after]) expect(texts.join('\n')).toContain(`"params":${VALUE}`)
})

test('a parameter that is set, and the words of its command', async () => {
  const { weir, sent } = await lab()
  const body = '{"id":"a","type":"PausableTask","params":{"steps":600,"delay":0.1}}'
  await ask(weir, '/tasks/lab', body)
  await ask(weir, '/tasks/lab/a/parameters', `{"key":"delay","value":${NUMBERS}}`)
  expect(sent).toContain(`POST /tasks/a/parameters {"key":"delay","value":${NUMBERS}}`)
  expect(await ask(weir, '/commands')).toContain(`set delay = ${NUMBERS}`)
})

test('inputs of a batch, and its export as text', async () => {
  const { weir, sent } = await lab()
  const answer = await ask(
    weir,
    '/batches/lab',
    `{"type":"SlowTask","name":"b","idPrefix":"b","concurrency":2.0,"inputs":[${VALUE},{"n":1.0}]}`,
  )
  const { id } = (JSON.parse(answer) as { batch: { id: string } }).batch
  await weir.clock.advance(1_000)
  expect(sent).toContain(`POST /tasks {"task_id":"b-1","task_type":"SlowTask","params":${VALUE}}`)
  expect(await ask(weir, `/batches/${id}`)).toContain(`"inputs":[${VALUE},{"n":1.0}]`)
  expect(await ask(weir, `/batches/${id}/logs.txt`)).toContain(`input: ${VALUE}`)
})

test('arguments of a call, its result, and the default of a parameter', async () => {
  const { weir, sent } = await lab()
  const { fetch } = weir.lab
  weir.lab.fetch = async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname.endsWith('/call')) {
      await fetch(request)
      return json(`{"result": {"spaced": ${NUMBERS}}, "success": true}`)
    }
    if (!pathname.endsWith('/methods')) return fetch(request)
    return json(
      '{"methods":[{"name":"m","parameters":[{"name":"n","type":"integer","required":false,"default":9007199254740993}],"doc":null}]}',
    )
  }
  const call = `{"method":"m","args":[${NUMBERS}],"kwargs":{"value":${VALUE}}}`
  const answer = await ask(weir, '/devices/lab/laser1/call', call)
  expect(sent).toContain(`POST /devices/laser1/call ${call}`)
  expect(answer).toContain(`"args":[${NUMBERS}],"kwargs":{"value":${VALUE}}`)
  expect(answer).toContain(JSON.stringify(`{"spaced":${NUMBERS}}`))
  expect(await ask(weir, '/devices/lab/laser1/calls')).toContain(`"args":[${NUMBERS}]`)
  expect(await ask(weir, '/devices/lab/laser1/methods')).toContain('"default":9007199254740993')
  await ask(weir, '/devices/lab', `{"id":"new1","type":"Laser","params":${VALUE}}`)
  expect(sent).toContain(`POST /devices {"device_id":"new1","device_type":"Laser","params":${VALUE}}`)
})

test('the result of a LabDaemon task', async () => {
  const { weir } = await lab()
  const { fetch } = weir.lab
  weir.lab.fetch = async (request) =>
    new URL(request.url).pathname === '/tasks/a' && request.method === 'GET'
      ? json(`{"task_id":"a","task_type":"SlowTask","running":false,"result":${VALUE},"exception":null}`)
      : fetch(request)
  await ask(weir, '/tasks/lab', '{"id":"a","type":"SlowTask","params":{"seconds":1}}')
  await weir.clock.advance(3_000)
  expect(await ask(weir, '/tasks/lab/a/output')).toBe(VALUE)
  expect(await ask(weir, '/tasks/lab/a')).toContain(`"preview":${JSON.stringify(VALUE)}`)
})

test('input, setup and output of an inference.sh run, whole and in pieces', async () => {
  const weir = await startCloud()
  stop = () => weir.stop()
  const answer = await ask(
    weir,
    '/tasks/cloud',
    `{"type":"weirdemo/sleeper","params":${VALUE},"options":{"setup":${VALUE},"cancel_after":600.0}}`,
  )
  const { id } = (JSON.parse(answer) as { started: { id: string }[] }).started[0]!
  const run = weir.requests.find(({ what }) => what === 'POST /apps/run')!.body
  expect(run).toContain(`"input":${VALUE}`)
  expect(run).toContain(`"setup":${VALUE}`)
  expect(run).not.toContain('cancel_after')
  // A number for Weir itself is one, however it is written.
  expect((await weir.task(id)).detail.meta['cancelAt']).toBeTypeOf('number')
  const page = told(weir, `cloud/tasks/${id}`)
  await weir.clock.advance(10_000)
  weir.cloud.inject(
    id,
    `{"data":{"output":${VALUE},"setup":${VALUE},"input":${VALUE},"session_timeout":60.0},"fields":["output","setup","input","session_timeout"]}\n`,
  )
  await weir.clock.advance(500)
  const task = await ask(weir, `/tasks/cloud/${id}`)
  expect(task).toContain(`"params":${VALUE}`)
  expect(task).toContain(`"setup":${VALUE}`)
  expect(task).toMatch(/"sessionTimeout":60[,}]/)
  expect(await ask(weir, `/tasks/cloud/${id}/output`)).toBe(VALUE)
  expect(await ask(weir, `/tasks/cloud/${id}/raw`)).toContain(JSON.stringify(VALUE).slice(1, -1))
  weir.cloud.inject(id, `{"event":"delta","data":{"delta":{"usage":${NUMBERS}},"seq":0.0}}\n`)
  await weir.clock.advance(500)
  expect(await ask(weir, `/tasks/cloud/${id}/output`)).toContain(`"usage":${NUMBERS}`)
  // Nothing that is the same is told as a change.
  const changes = page.join('\n').split('"k":"output"').length
  weir.cloud.inject(id, `{"data":{"output":${VALUE}},"fields":["output"]}\n`)
  await weir.clock.advance(500)
  expect(page.join('\n').split('"k":"output"').length).toBe(changes)
  expect(page.join('\n')).toContain(`"params":${VALUE}`)
})

test('the schema of an app, with bounds and a default that no float64 is', async () => {
  const weir = await startCloud()
  stop = () => weir.stop()
  const schema =
    '{"type":"object","properties":{"seed":{"type":"integer","maximum":18446744073709551615,"default":1.0}}}'
  weir.answer((what) =>
    what === 'GET /apps/x/y'
      ? json(`{"data":{"id":"i","namespace":"x","name":"y","version":{"input_schema":${schema}}}}`)
      : undefined,
  )
  expect(await ask(weir, '/apps/cloud/x/y')).toContain(`"inputSchema":${schema}`)
})

function json(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
