import { afterEach, expect, test } from 'vitest'
import type { Command } from '#model/command.ts'
import type { Problem } from '#protocols/weir/api.ts'
import { startLab, type TestLab } from '#testing/lab.ts'

let lab: TestLab

afterEach(async () => {
  const stopped = lab.relay.stop()
  await lab.clock.advance(20_000)
  await stopped
  lab.lab.stop()
})

async function send(
  path: string,
  headers: Record<string, string> = {},
  body: object = {},
): Promise<Response> {
  const answer = lab.relay.fetch(
    new Request(`http://weir.test/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  )
  await lab.clock.advance(0)
  return answer
}

const commands = async () => ((await lab.ask('/commands')).body as { commands: Command[] }).commands

test('a browser is named by its public id, anything else is a script', async () => {
  lab = await startLab()
  await send('/tasks/lab', { 'x-weir-author': 'b1' }, { id: 'a', type: 'SlowTask' })
  await send('/tasks/lab/a/cancel')
  expect((await commands()).map(({ by }) => by)).toEqual([{ kind: 'page', id: 'b1' }, { kind: 'script' }])
})

test.each(['', 'a b', 'x'.repeat(65), '<b>', 'ä'])('no author is named %j: nothing is sent', async (id) => {
  lab = await startLab()
  const answer = await send('/tasks/lab', { 'x-weir-author': id }, { id: 'a', type: 'SlowTask' })
  expect(answer.status).toBe(400)
  expect((await answer.json()) as Problem).toMatchObject({ type: 'bad-author', outcome: 'not-sent' })
  expect(await commands()).toEqual([])
})

test('the session of a page stands in no answer and no event', async () => {
  lab = await startLab()
  const secret = 'secret-session'
  const stream = await lab.relay.fetch(new Request(`http://weir.test/api/stream?session=${secret}`))
  // Also where a page of an older version names itself by it.
  const named = { 'x-weir-session': secret }
  await send('/tasks/lab', named, { id: 'a', type: 'SlowTask', copies: 2 })
  await send('/devices/lab/laser1/connect', named)
  await lab.clock.advance(2_000)
  for (const path of ['/commands', '/tasks', '/tasks/lab/a-1', '/batches', '/devices', '/sources'])
    expect(JSON.stringify([path, (await lab.ask(path)).body])).not.toContain(secret)
  const other = await lab.relay.fetch(
    new Request('http://weir.test/api/stream?topic=commands&topic=batches&topic=devices&topic=tasks'),
  )
  await lab.clock.advance(100)
  const reader = other.body!.getReader()
  const { value } = await reader.read()
  expect(new TextDecoder().decode(value)).not.toContain(secret)
  await reader.cancel()
  await stream.body!.cancel()
})

test('a time limit of Weir’s own is its author', async () => {
  lab = await startLab()
  await send(
    '/tasks/lab',
    {},
    { id: 'a', type: 'SlowTask', params: { duration: 300 }, options: { cancel_after: 5 } },
  )
  await lab.clock.advance(6_000)
  expect((await commands()).at(-1)).toMatchObject({
    verb: 'cancel',
    by: { kind: 'weir', reason: 'time-limit', afterMs: 5_000 },
  })
})

test('no answer, a refusal and no connection are told apart to the asker and in the ledger', async () => {
  lab = await startLab()
  await lab.start('a', 'SlowTask', { duration: 300 })
  const { fetch } = lab.lab
  const broken = (code: string) => () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }))
  const cases = [
    ['not-answered', broken('ECONNRESET')],
    ['not-sent', broken('ECONNREFUSED')],
    [
      'refused',
      () =>
        Response.json(
          { error: { type: 'TaskError', message: 'no', origin: 'framework', timestamp: 1, context: null } },
          { status: 409 },
        ),
    ],
    ['not-answered', () => new Response('<html>504', { status: 504 })],
  ] as const
  for (const [outcome, answer] of cases) {
    lab.lab.fetch = (request) => (request.url.endsWith('/pause') ? Promise.resolve(answer()) : fetch(request))
    const told = (await (await send('/tasks/lab/a/pause')).json()) as Problem
    expect(told.outcome).toBe(outcome)
    expect((await commands()).at(-1)!.error).toMatchObject({ outcome })
  }
})
