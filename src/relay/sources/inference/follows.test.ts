import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refusalOf, startCloud, type TestCloud } from '#testing/cloud.ts'

let weir: TestCloud

beforeEach(async () => {
  weir = await startCloud()
})
afterEach(() => weir.stop())

const states = async (id: string) => (await weir.task(id)).phases.map(({ status }) => status)
const lists = () => weir.requests.filter(({ what }) => what === 'POST /tasks/list').length
const streams = () => weir.requests.filter(({ what }) => what.endsWith('/stream')).length

/** The service denies that it knows the run; its lists name it or not. */
function deny(id: string, isListed: boolean): void {
  weir.answer(async (what, request) => {
    if (what === `GET /tasks/${id}` || what === `GET /tasks/${id}/stream`) return refusalOf(404)
    if (what !== 'POST /tasks/list' || isListed) return undefined
    const response = await weir.cloud.fetch(request)
    const body = (await response.json()) as { data: { items: { id: string }[] } }
    body.data.items = body.data.items.filter((row) => row.id !== id)
    return Response.json(body)
  })
}

describe('a run that the service says it does not know', () => {
  test('is not lost by one answer: its list names it, and it is followed on', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 600 })
    await weir.clock.advance(10_000)
    deny(id, true)
    weir.cloud.cutStreams('reset', id)
    await weir.clock.advance(20_000)
    expect(await weir.task(id)).toMatchObject({
      status: 'running',
      stream: {
        name: 'reconnecting',
        reason: 'the service says that it does not know the task, though its list names it',
      },
    })
    weir.answer(() => undefined)
    await weir.clock.advance(40_000)
    expect(await weir.task(id)).toMatchObject({ status: 'running', stream: { name: 'open' } })
    expect(await states(id)).not.toContain('lost')
  })

  test('is lost when its list lacks it too; named again, the same record goes on', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 600 })
    await weir.clock.advance(20_000)
    deny(id, false)
    weir.cloud.cutStreams('reset', id)
    await weir.clock.advance(5_000)
    const lost = await weir.task(id)
    expect(lost).toMatchObject({ status: 'lost', statusOrigin: 'inferred', stream: { name: 'closed' } })
    const before = await weir.log(id)
    weir.answer(() => undefined)
    await weir.clock.advance(40_000)
    const again = await weir.task(id)
    expect(again).toMatchObject({
      status: 'running',
      statusNote: 'the service knows it after all',
      endedAt: null,
      endedOrigin: null,
      stream: { name: 'open' },
    })
    expect((await states(id)).slice(-3)).toEqual(['running', 'lost', 'running'])
    // No line twice.
    const lines = await weir.log(id)
    expect(lines.slice(0, before.length)).toEqual(before)
    expect(new Set(lines.filter((line) => /\d/.test(line))).size).toBe(
      lines.filter((line) => /\d/.test(line)).length,
    )
    expect((await weir.tasks()).map((task) => task.id)).toEqual([id])
    await weir.clock.advance(600_000)
    expect((await weir.task(id)).status).toBe('completed')
  })

  test('can be asked about again, and is what it is when it ended meanwhile', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 60 })
    await weir.clock.advance(20_000)
    deny(id, false)
    weir.cloud.cutStreams('reset', id)
    await weir.clock.advance(120_000)
    expect((await weir.task(id)).status).toBe('lost')
    const { endedAt } = await weir.task(id)
    // Denied once more: still the same loss.
    await weir.ask(`/tasks/cloud/${id}/retry-stream`, {})
    await weir.clock.advance(5_000)
    expect(await weir.task(id)).toMatchObject({ status: 'lost', endedAt })
    weir.answer(() => undefined)
    await weir.ask(`/tasks/cloud/${id}/retry-stream`, {})
    await weir.clock.advance(5_000)
    expect(await weir.task(id)).toMatchObject({ status: 'completed', statusOrigin: 'stream' })
  })

  test('can be cancelled while it is lost: what the service says of it counts', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 600 })
    await weir.clock.advance(10_000)
    deny(id, false)
    weir.cloud.cutStreams('reset', id)
    await weir.clock.advance(5_000)
    expect((await weir.task(id)).status).toBe('lost')
    expect((await weir.ask(`/tasks/cloud/${id}/cancel`, {})).status).toBe(200)
    weir.answer(() => undefined)
    await weir.clock.advance(60_000)
    const cancelled = await weir.task(id)
    expect(cancelled).toMatchObject({ status: 'cancelled', statusOrigin: 'stream' })
    expect(cancelled.detail.commands.at(-1)).toMatchObject({ effectNote: 'ended: cancelled' })
  })

  test('keeps its time limit while it is lost', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 600 })
    await weir.ask(`/tasks/cloud/${id}/timeout`, { afterMs: 60_000 }, 'PUT')
    await weir.clock.advance(10_000)
    deny(id, false)
    weir.cloud.cutStreams('reset', id)
    await weir.clock.advance(5_000)
    expect((await weir.task(id)).status).toBe('lost')
    await weir.clock.advance(60_000)
    expect(weir.requests.some(({ what }) => what === `POST /tasks/${id}/cancel`)).toBe(true)
  })
})

describe('a stream that falls silent', () => {
  test('is stalled after 12 s, open again with the next sign of life, dead after 45 s', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
    await weir.clock.advance(30_000)
    weir.cloud.silence()
    // Whatever came last: a heartbeat comes every 10 s.
    await weir.clock.advance(12_000)
    const { stream } = await weir.task(id)
    expect(stream).toMatchObject({ name: 'stalled', reason: expect.stringContaining('12 s') as string })
    expect(stream.since).toBeLessThanOrEqual(weir.clock.now())
    weir.cloud.silence(false)
    await weir.clock.advance(10_000)
    expect((await weir.task(id)).stream).toMatchObject({ name: 'open', reason: 'receiving' })
    const { reconnects } = await weir.source()
    weir.cloud.silence()
    // The last heartbeat is at most 10 s old.
    await weir.clock.advance(34_000)
    expect((await weir.task(id)).stream.name).toBe('stalled')
    await weir.clock.advance(12_000)
    expect((await weir.source()).reconnects).toBe(reconnects + 1)
  })

  test('makes its source one that does not answer, at once and until it does', async () => {
    await weir.run('weirdemo/sleeper', { seconds: 6_000 })
    await weir.clock.advance(31_000)
    expect(await weir.source()).toMatchObject({ state: 'ok', quietSince: null })
    const heard = weir.clock.now()
    // The service is stopped: nothing is refused, nothing is answered.
    weir.cloud.silence()
    weir.answer(() => new Promise<Response>(() => undefined))
    await weir.clock.advance(2_000)
    expect(await weir.source()).toMatchObject({ state: 'ok', quietSince: null })
    await weir.clock.advance(2_000)
    const { quietSince } = await weir.source()
    expect(heard - quietSince!).toBeLessThan(1_500)
    await weir.clock.advance(7_000)
    expect(await weir.source()).toMatchObject({ state: 'ok', quietSince })
    await weir.clock.advance(2_000)
    const silent = await weir.source()
    expect(silent.state).toBe('not_answering')
    expect(silent.detail).toContain('no heartbeat on its streams')
    weir.answer(() => undefined)
    weir.cloud.silence(false)
    await weir.clock.advance(10_000)
    const again = await weir.source()
    expect(again.state).toBe('ok')
    expect(again.quietSince).not.toBe(quietSince)
  })

  test('a source without streams is silent when its list is not answered', async () => {
    await weir.clock.advance(1_000)
    weir.answer(() => new Promise<Response>(() => undefined))
    // The next poll, and the silence after it.
    await weir.clock.advance(30_000 + 13_000)
    expect((await weir.source()).state).toBe('not_answering')
  })

  test('a connection that breaks counts at once', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
    await weir.clock.advance(10_000)
    weir.cloud.restart(60_000)
    await weir.clock.advance(1_500)
    expect((await weir.task(id)).stream.name).toBe('reconnecting')
    expect((await weir.source()).state).toBe('unreachable')
  })
})

describe('tries', () => {
  test('are counted until there is news: an opening snapshot that says nothing new is none', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
    await weir.clock.advance(20_000)
    const whole = await (await weir.cloud.fetch(request(`/tasks/${id}`))).json()
    weir.answer((what) =>
      what.endsWith('/stream')
        ? new Response(`${JSON.stringify((whole as { data: unknown }).data)}\n`, {
            headers: { 'content-type': 'application/x-ndjson' },
          })
        : undefined,
    )
    weir.cloud.cutStreams('end', id)
    const before = streams()
    await weir.clock.advance(60_000)
    expect(streams() - before).toBeLessThanOrEqual(7)
    expect((await weir.task(id)).status).toBe('running')
  })

  test('end where a person set an end to them, and begin anew with Retry', async () => {
    await weir.ask('/sources/cloud/reconnect', { retries: 3, delayMs: 100, mostMs: 500 }, 'PUT')
    const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
    await weir.clock.advance(20_000)
    weir.answer((what) =>
      what.endsWith('/stream')
        ? new Response('{"type":"heartbeat"}\n', { headers: { 'content-type': 'application/x-ndjson' } })
        : undefined,
    )
    weir.cloud.cutStreams('end', id)
    const before = streams()
    await weir.clock.advance(60_000)
    expect(streams() - before).toBe(3)
    expect((await weir.task(id)).stream).toMatchObject({
      name: 'failed',
      reason: expect.stringContaining('gave up after 3 tries') as string,
    })
    weir.answer(() => undefined)
    await weir.ask(`/tasks/cloud/${id}/retry-stream`, {})
    await weir.clock.advance(1_000)
    expect((await weir.task(id)).stream.name).toBe('open')
  })
})

describe('the limit of the key', () => {
  test('is one for all: while it lasts nothing is asked, then one asks first', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => weir.runElsewhere('weirdemo/sleeper', { seconds: 6_000 })),
    )
    await weir.clock.advance(60_000)
    expect(weir.cloud.openStreams()).toHaveLength(8)
    let refused = 0
    weir.answer(() => {
      refused += 1
      return refusalOf(429, { 'retry-after': '40' })
    })
    weir.cloud.cutStreams('reset')
    await weir.clock.advance(3_000)
    // Those that had asked before the first answer came; no other.
    const first = refused
    expect(first).toBeLessThanOrEqual(8)
    await weir.clock.advance(36_000)
    expect(refused).toBe(first)
    const source = await weir.source()
    expect(source.detail).toContain('Too many requests: the limit of the key is reached')
    expect(source.detail).toContain('40 s')
    expect((await weir.task(ids[0]!)).stream).toMatchObject({
      name: 'reconnecting',
      retryAt: expect.any(Number) as number,
    })
    // Its time is over, and the limit is still reached: one asks, and all wait again.
    await weir.clock.advance(5_000)
    expect(refused).toBe(first + 1)
    weir.answer(() => undefined)
    await weir.clock.advance(45_000)
    expect(weir.cloud.openStreams()).toHaveLength(8)
    expect(await weir.source()).toMatchObject({ state: 'ok', detail: 'Connected' })
    // No try of any stream.
    for (const id of ids) expect((await weir.task(id)).stream.name).toBe('open')
  })

  test('does not keep a person from cancelling', async () => {
    const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
    await weir.clock.advance(10_000)
    weir.answer((what) =>
      what === 'POST /tasks/list' ? refusalOf(429, { 'retry-after': '600' }) : undefined,
    )
    await weir.clock.advance(40_000)
    await weir.ask(`/tasks/cloud/${id}/cancel`, {})
    await weir.clock.advance(20_000)
    expect((await weir.task(id)).status).toBe('cancelled')
  })
})

describe('lists', () => {
  test('are read on while pages bring new runs: seventy at once all appear', async () => {
    await weir.stop()
    weir = await startCloud({ workers: 100 })
    await weir.clock.advance(1_000)
    const ids: string[] = []
    for (let i = 0; i < 70; i++) ids.push(await weir.runElsewhere('weirdemo/helper'))
    await weir.clock.advance(30_000)
    expect((await weir.tasks()).map(({ id }) => id).sort()).toEqual(ids.sort())
  })

  test('are read when somebody begins to look, but not with every reload', async () => {
    await weir.clock.advance(5_000)
    await weir.runElsewhere('weirdemo/sleeper', { seconds: 600 })
    const before = lists()
    for (let i = 0; i < 20; i++) {
      const page = new AbortController()
      const stream = await weir.relay.fetch(
        new Request(`http://weir.test/api/stream?topic=tasks`, { signal: page.signal }),
      )
      await weir.clock.advance(20)
      await stream.body!.cancel()
    }
    expect(await weir.tasks()).toHaveLength(1)
    expect(lists() - before).toBeLessThanOrEqual(2)
  })
})

test('a status that Weir does not know is shown in the service’s word, and left when it is another', async () => {
  const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
  await weir.clock.advance(10_000)
  const say = (data: object) => {
    weir.cloud.inject(id, `${JSON.stringify({ data, fields: Object.keys(data) })}\n`)
  }
  say({ status: 13, status_text: 'throttled' })
  await weir.clock.advance(100)
  expect(await weir.task(id)).toMatchObject({
    status: 'unknown',
    // The service told no time of it: it is when Weir came to know.
    statusOrigin: 'poll',
    statusNote: 'the service says “throttled”',
  })
  say({ status: 14, status_text: null })
  await weir.clock.advance(100)
  expect((await weir.task(id)).statusNote).toBe('the service says “14”')
  say({ status: 7, status_text: 'running' })
  await weir.clock.advance(100)
  expect(await weir.task(id)).toMatchObject({ status: 'running', statusNote: null })
})

test('what is nested too deep ends no following', async () => {
  const id = await weir.run('weirdemo/sleeper', { seconds: 600 })
  await weir.clock.advance(10_000)
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
  weir.cloud.inject(id, `{"event":"delta","data":{"delta":{"response":${deep}},"seq":0}}\n`)
  weir.cloud.inject(
    id,
    `{"data":{"output":{"made":${deep}},"setup":${deep},"input":${deep}},"fields":["output","setup","input"]}\n`,
  )
  weir.cloud.inject(id, `{"data":{"logs":[{"log_type":4,"content":${deep}}]},"fields":["logs"]}\n`)
  await weir.clock.advance(5_000)
  const task = await weir.task(id)
  expect(task).toMatchObject({ status: 'running', stream: { name: 'open' } })
  expect(task.detail.output!.json).toContain('nested deeper than')
  await weir.clock.advance(700_000)
  expect((await weir.task(id)).status).toBe('completed')
})

test('an app that both sends pieces and replaces its output shows both, in one form', async () => {
  const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
  await weir.clock.advance(10_000)
  const shapes = new Set<string>()
  for (let i = 0; i < 12; i++) {
    weir.cloud.inject(
      id,
      `${JSON.stringify({ event: 'delta', data: { delta: { response: `w${i} ` }, seq: i } })}\n`,
    )
    if (i % 3 === 0) {
      const output = { text: `part ${i}`, progress: { current: i, total: 12 } }
      weir.cloud.inject(id, `${JSON.stringify({ data: { output }, fields: ['output'] })}\n`)
    }
    await weir.clock.advance(250)
    const { output } = (await weir.task(id)).detail
    shapes.add(
      Object.keys(JSON.parse(output!.json!) as object)
        .sort()
        .join(),
    )
  }
  expect([...shapes]).toEqual(['progress,response,text'])
  const last = JSON.parse((await weir.task(id)).detail.output!.json!) as { response: string }
  expect(last.response).toBe(Array.from({ length: 12 }, (_, i) => `w${i} `).join(''))
})

test('of many outputs the newest twenty are kept, and that is said', async () => {
  const id = await weir.run('weirdemo/sleeper', { seconds: 6_000 })
  await weir.clock.advance(10_000)
  for (let i = 0; i < 51; i++) {
    weir.cloud.inject(id, `${JSON.stringify({ data: { output: { i } }, fields: ['output'] })}\n`)
    await weir.clock.advance(10)
  }
  const { output } = (await weir.task(id)).detail
  expect(output!.revision - output!.oldest).toBe(19)
  const at = async (revision: number) =>
    (await weir.ask(`/tasks/cloud/${id}/output?revision=${revision}`)).status
  expect(await at(output!.oldest)).toBe(200)
  expect(await at(output!.oldest - 1)).toBe(404)
})

function request(path: string): Request {
  return new Request(`http://cloud.test${path}`, { headers: { authorization: 'Bearer inf_test' } })
}

test('a row that cannot be read is a fault of that row alone', async () => {
  const id = await weir.runElsewhere('weirdemo/sleeper', { seconds: 600 })
  weir.answer(async (what, request) => {
    if (what !== 'POST /tasks/list') return undefined
    const body = (await (await weir.cloud.fetch(request)).json()) as { data: { items: unknown[] } }
    body.data.items.push({ id: { odd: true } }, 17, { status: 7 })
    return Response.json(body)
  })
  await weir.clock.advance(40_000)
  expect((await weir.tasks()).map((task) => task.id)).toEqual([id])
  const { state, faults } = await weir.source()
  expect(state).toBe('ok')
  expect(faults!.map(({ item }) => item)).toEqual([2, 3, 4].map((n) => `task number ${n} of the list`))
  weir.answer(() => undefined)
  await weir.clock.advance(40_000)
  expect((await weir.source()).faults).toEqual([])
})
