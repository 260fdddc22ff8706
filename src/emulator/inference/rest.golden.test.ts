import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recording, shapeOf, testCloud, textOf } from './test-cloud.ts'
import { isObject } from './wire.ts'
import type { JsonObject } from './wire.ts'

interface Exchange {
  readonly name: string
  readonly request: { readonly method: string; readonly path: string; readonly body?: JsonObject }
  readonly response: {
    readonly status: number
    readonly headers: Record<string, string>
    readonly body: unknown
  }
}

function exchanges(file: string): readonly Exchange[] {
  return (JSON.parse(recording(file)) as { exchanges: readonly Exchange[] }).exchanges
}

function byName(file: string, name: string): Exchange {
  const found = exchanges(file).find((each) => each.name === name)
  if (!found) throw new Error(`no exchange ${name}`)
  return found
}

const lab = testCloud()
const { cloud, clock, request, run } = lab
afterAll(() => cloud.stop())

/** Ids of the recordings and what they are here. */
const IDS = new Map<string, string>()
const here = (text: string) => [...IDS].reduce((path, [recorded, id]) => path.replace(recorded, id), text)

async function play({ request: asked }: Exchange): Promise<Response> {
  const body = asked.body && (JSON.parse(here(JSON.stringify(asked.body))) as JsonObject)
  return request(asked.method, here(asked.path), body)
}

/** What the recording shows, without its values. */
function shown({ response }: Exchange) {
  return {
    status: response.status,
    type: response.headers['content-type'] ?? null,
    shape: shapeOf(response.body),
  }
}

/** The same of an answer. */
async function seen(answer: Response) {
  const text = await answer.text()
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    shape: shapeOf(text === '' ? null : (JSON.parse(text) as unknown)),
  }
}

describe('apps', () => {
  it.each(exchanges('rest-apps.json').filter(({ name }) => !name.includes('page')))(
    '$name',
    async (exchange) => {
      expect(await seen(await play(exchange))).toEqual(shown(exchange))
    },
  )

  it('are listed in pages by cursor, the recorded ones first', async () => {
    const [first] = exchanges('rest-apps.json')
    if (!first) throw new Error('no page')
    const answer = await play(first)
    expect(await seen(answer.clone())).toEqual(shown(first))
    const { data } = (await answer.json()) as { data: { items: JsonObject[]; next_cursor: string } }
    const recorded = (first.response.body as { data: { items: JsonObject[] } }).data
    expect(data.items).toEqual(recorded.items)
    const next = await lab.post('/apps/list', { limit: 4, cursor: data.next_cursor, direction: 'next' })
    expect((next.items as JsonObject[]).slice(0, 2).map(({ name }) => name)).toEqual(['sleeper', 'vault'])
    const back = await lab.post('/apps/list', { limit: 4, cursor: next.prev_cursor, direction: 'prev' })
    expect(back.items).toEqual(data.items)
  })

  it('have the recorded schemas', async () => {
    const { request: asked, response } = byName('rest-apps.json', 'apps.getByName')
    expect(await (await request(asked.method, asked.path)).json()).toEqual(response.body)
  })
})

describe('tasks', () => {
  beforeAll(async () => {
    IDS.set(
      '274rjkhawgvs85w3rmev1kqj8r',
      await run('landscape', { prompt: 'a weir at dawn', steps: 28, seed: 42 }),
    )
    IDS.set('6ad7h0gn16jb6b60dhn0j8cy7s', await run('breaks', { mode: 'oom' }))
    IDS.set('2qz56rvmeeap3pmz1s3fkb1t50', await run('sleeper', { seconds: 3_600 }))
    await clock.advance(40_000)
  })

  const SAME = [
    'apps.run',
    'tasks.get',
    'tasks status',
    'tasks.getLogs',
    'tasks.getTimings',
    'tasks.cancel',
    'tasks.cancel with force',
    'apps.run in a new session',
  ]
  it.each(SAME)('%s', async (name) => {
    const exchange = byName('rest-tasks.json', name)
    expect(await seen(await play(exchange))).toEqual(shown(exchange))
  })

  it('telemetry', async () => {
    const exchange = byName('rest-tasks.json', 'tasks.getTelemetry')
    expect(await seen(await play(exchange))).toEqual(shown(exchange))
  })

  it.each([
    'apps.run with wait: the server answers when the task ends',
    'apps.run with wait: a failed task answers 422',
  ])('%s', async (name) => {
    const exchange = byName('rest-tasks.json', name)
    const pending = play(exchange)
    await clock.advance(30_000)
    const answer = await pending
    expect(await seen(answer.clone())).toEqual(shown(exchange))
  })

  it('lists, newest first, in pages', async () => {
    const exchange = byName('rest-tasks.json', 'tasks.list page 1')
    const { data: page } = (await (await play(exchange)).json()) as { data: { items: JsonObject[] } }
    const recorded = (exchange.response.body as { data: { items: JsonObject[] } }).data
    expect(shapeOf({ ...page, items: [] })).toEqual(shapeOf({ ...recorded, items: [] }))
    const completed = await lab.post('/tasks/list', {
      filters: [{ field: 'status', operator: 'eq', value: 10 }],
    })
    const [row] = completed.items as JsonObject[]
    expect(shapeOf(row)).toEqual(shapeOf(recorded.items[0]))
    const { items, total_items: total } = await lab.post('/tasks/list', {
      filters: [{ field: 'status', operator: 'in', value: [11, 12] }],
    })
    expect((items as JsonObject[]).map(({ status }) => status)).toEqual([11, 12, 11])
    expect(total).toBe(3)
  })

  it('gives a notice when many wait', async () => {
    for (let count = 0; count < 14; count++) await run('sleeper', { seconds: 1_000 })
    await clock.advance(1_000)
    const exchange = byName('rest-tasks.json', 'apps.run with a notice')
    expect(await seen(await play(exchange))).toEqual(shown(exchange))
  })

  it('deletes what is over, and refuses what is not', async () => {
    const exchange = byName('rest-tasks.json', 'tasks.delete')
    const answer = await play(exchange)
    expect(answer.status).toBe(204)
    expect((await play({ ...exchange, request: { ...exchange.request, method: 'GET' } })).status).toBe(404)
    const running = await run('sleeper')
    expect((await request('DELETE', `/tasks/${running}`)).status).toBe(409)
  })
})

describe('sessions and flow runs', () => {
  const other = testCloud()
  afterAll(() => other.cloud.stop())
  const file = 'rest-sessions-flows.json'

  it('a session lives, is kept alive and ends', async () => {
    await other.run('workbench', { name: 'x', count: 1 }, { session: 'new', session_timeout: 300 })
    await other.clock.advance(20_000)
    const list = await other.request('GET', '/sessions')
    expect(await seen(list.clone())).toEqual(shown(byName(file, 'sessions.list')))
    const [session] = ((await list.json()) as { data: JsonObject[] }).data
    const path = `/sessions/${textOf(session?.id)}`
    expect(await seen(await other.request('GET', path))).toEqual(shown(byName(file, 'sessions.get')))
    expect(await seen(await other.request('POST', `${path}/keepalive`))).toEqual(
      shown(byName(file, 'sessions.keepalive')),
    )
    expect((await other.request('DELETE', path)).status).toBe(204)
    expect(await seen(await other.request('GET', path))).toEqual(
      shown(byName(file, 'sessions.get after the end')),
    )
  })

  it('a flow runs', async () => {
    const created = await other.request('POST', '/flowruns', byName(file, 'flowRuns.create').request.body)
    expect(await seen(created.clone())).toEqual(shown(byName(file, 'flowRuns.create')))
    const { id } = ((await created.json()) as { data: JsonObject }).data
    await other.clock.advance(3_000)
    expect(await seen(await other.request('GET', `/flowruns/${textOf(id)}`))).toEqual(
      shown(byName(file, 'flowRuns.get')),
    )
    await other.clock.advance(60_000)
    const run = await other.get(`/flowruns/${textOf(id)}`)
    expect(run).toMatchObject({ status: 3, node_statuses: { paint: 'completed', write: 'completed' } })
    expect(await seen(await other.request('POST', `/flowruns/${textOf(id)}/cancel`))).toEqual(
      shown(byName(file, 'flowRuns.cancel')),
    )
  })
})

describe('errors', () => {
  const other = testCloud()
  afterAll(() => other.cloud.stop())
  const file = 'rest-errors.json'

  const PLAIN = ['400', '404', '412 requirements', '422']
  it.each(PLAIN)('%s', async (name) => {
    const { request: asked, response } = byName(file, name)
    const answer = await other.request(asked.method, asked.path, asked.body)
    expect(answer.status).toBe(response.status)
    expect(answer.headers.get('content-type')).toBe(response.headers['content-type'])
    expect(await answer.json()).toEqual(response.body)
  })

  it.each([
    ['402', 402],
    ['409', 409],
    ['500 without JSON', 500],
    ['502 from a gateway', 502],
    ['503', 503],
    ['429 with a date', 429],
    ['403 one-time password wanted', 403],
  ])('%s when asked to fail', async (name, status) => {
    const { response } = byName(file, name)
    const after = response.headers['retry-after']
    const retryAfter = after === undefined ? undefined : Number(after) || new Date(after)
    other.cloud.failNext(status, retryAfter === undefined ? {} : { retryAfter })
    const answer = await other.request('GET', '/tasks/x')
    expect(answer.status).toBe(status)
    for (const [key, value] of Object.entries(response.headers)) expect(answer.headers.get(key)).toBe(value)
    const text = await answer.text()
    expect(isObject(response.body) ? JSON.parse(text) : text).toEqual(response.body)
    expect((await other.request('GET', '/apps/weirdemo/landscape')).status).toBe(200)
  })

  it('401 without a key, with another key and with a revoked one', async () => {
    const { response } = byName(file, '401')
    const answer = await other.request('GET', '/tasks/x', undefined, { authorization: 'Bearer sk_x' })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toEqual(response.body)
    other.cloud.revokeKey('inf_old')
    const old = { authorization: 'Bearer inf_old' }
    expect((await other.request('POST', '/apps/list', {}, old)).status).toBe(401)
  })

  it('403 for a key that may less', async () => {
    const { request: asked, response } = byName(file, '403 scope')
    other.cloud.limitKey('inf_small', ['apps:execute'])
    const answer = await other.request(asked.method, asked.path, asked.body, {
      authorization: 'Bearer inf_small',
    })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toEqual(response.body)
  })

  it('410 when a session is over', async () => {
    const id = await other.run('workbench', { name: 'x', count: 1 }, { session: 'new', session_timeout: 60 })
    const task = await other.after(10, id)
    await other.clock.advance(61_000)
    const answer = await other.request('POST', `/sessions/${textOf(task.session_id)}/keepalive`)
    expect(answer.status).toBe(410)
    expect(await answer.json()).toEqual(byName(file, '410 session over').response.body)
    const again = await other.request('POST', '/apps/run', {
      app: 'weirdemo/workbench',
      input: { name: 'x', count: 1 },
      session: task.session_id,
    })
    expect(again.status).toBe(410)
    expect((await other.request('GET', '/sessions/nope')).status).toBe(404)
  })

  it('429 beyond the limit of a minute', async () => {
    const small = testCloud({ runsPerMinute: 2 })
    await small.run('helper')
    await small.clock.advance(20_000)
    await small.run('helper')
    const answer = await small.request('POST', '/run', { app: 'weirdemo/helper' })
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('40')
    expect(shapeOf(await answer.json())).toEqual(shapeOf(byName(file, '429 with seconds').response.body))
    await small.clock.advance(41_000)
    await small.run('helper')
    small.cloud.stop()
  })

  it('speaks the older envelopes', async () => {
    const bare = await other.request('GET', '/apps/weirdemo/vault', undefined, { 'x-api-version': '2' })
    expect(await bare.json()).toMatchObject({ name: 'vault' })
    const old = testCloud({ envelope: 1 })
    expect(await (await old.request('GET', '/apps/weirdemo/vault')).json()).toMatchObject({
      success: true,
      status: 200,
      data: { name: 'vault' },
    })
    expect(await (await old.request('GET', '/tasks/nope')).json()).toEqual(
      byName(file, 'envelope 1, error').response.body,
    )
    old.cloud.stop()
  })

  it.each(['/agents/run', '/chats/list', '/tools/x', '/events'])('501 for %s', async (path) => {
    expect((await other.request('POST', path, {})).status).toBe(501)
  })
})

it('keeps the numbers that a run was given as they were written', async () => {
  const { cloud: own, request: ask } = testCloud()
  const body = '{"app":"weirdemo/sleeper","input":{"seconds":1.0,"note":9007199254740993}}'
  const asked = await own.fetch(
    new Request('http://cloud.test/apps/run', {
      method: 'POST',
      headers: { authorization: 'Bearer inf_test', 'content-type': 'application/json' },
      body,
    }),
  )
  const [, id] = /"id":"(\w+)"/.exec(await asked.text())!
  expect(await (await ask('GET', `/tasks/${id}`)).text()).toContain(
    '"input":{"seconds":1.0,"note":9007199254740993}',
  )
  own.stop()
})
