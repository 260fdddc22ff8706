import { expect, test } from 'vitest'
import type { Command } from '#model/command.ts'
import { startQueue } from '#testing/queue.ts'

const STREAM = { stream: { url: '/jobs/{id}/events' } }
const CANCEL = { cancel: { url: '/jobs/{id}/cancel' } }

test('jobs of the list are tasks, from waiting to their results', async () => {
  const { clock, jobs, task, ask, source } = await startQueue()
  const id = jobs.add('train', 10)
  const bad = jobs.add('export', 10, 3)
  await clock.advance(2_000)
  expect(await task(id)).toMatchObject({ status: 'queued', type: 'train', startedAt: null, onServer: true })
  jobs.run(id)
  jobs.run(bad)
  const startedAt = clock.now()
  await clock.advance(2_000)
  expect(await task(id)).toMatchObject({
    status: 'running',
    statusOrigin: 'poll',
    startedAt,
    progress: { percent: 30 },
    message: 'train: step 3 of 10',
  })
  expect(await task(bad)).toMatchObject({
    status: 'failed',
    endedAt: startedAt + 1_500,
    error: { type: 'OutOfMemory', message: 'no memory at step 3' },
  })
  await clock.advance(4_000)
  expect(await task(id)).toMatchObject({
    status: 'completed',
    endedAt: startedAt + 5_000,
    progress: { percent: 100 },
    result: { state: 'available', preview: '{"steps":10,"seconds":5}' },
  })
  expect((await ask(`/tasks/queue/${id}/output`)).body).toEqual({ steps: 10, seconds: 5 })
  expect(await source()).toMatchObject({ state: 'ok', label: 'Job server' })
})

test('the list is asked for one request at a time, as often as is configured', async () => {
  const { clock, requests, answer } = await startQueue({ pollSeconds: 5 })
  await clock.advance(9_999)
  expect(requests).toHaveLength(2)
  // Headers come, and then nothing more.
  answer(() => new Response(new ReadableStream()))
  await clock.advance(10_000)
  expect(requests).toHaveLength(3)
})

test('lines and progress come over the stream of a job, once each, also when it was cut', async () => {
  const { clock, jobs, log, task, source, relay } = await startQueue(STREAM)
  const id = jobs.add('train', 12)
  jobs.run(id)
  await clock.advance(3_000)
  expect(await task(id)).toMatchObject({ stream: { name: 'open' }, progress: { percent: 50 } })
  expect(await source()).toMatchObject({ openStreams: 1, capabilities: { streams: true } })
  jobs.kill()
  await clock.advance(500)
  expect(await task(id)).toMatchObject({ stream: { name: 'reconnecting' } })
  jobs.revive()
  await clock.advance(6_000)
  expect(await log(id)).toEqual(Array.from({ length: 12 }, (_, k) => `train: step ${k + 1} of 12`))
  expect(await task(id)).toMatchObject({ status: 'completed', gapCount: 0 })
  await clock.advance(6_000)
  expect(await task(id)).toMatchObject({ stream: { name: 'closed' } })
  await relay.stop()
})

test('a log at an address of its own is read when the job has ended, and while somebody looks', async () => {
  const { clock, jobs, log, requests } = await startQueue({
    message: '/none',
    log: { url: '/jobs/{id}/log' },
  })
  const id = jobs.add('train', 4)
  jobs.run(id)
  await clock.advance(1_900)
  expect(requests.filter((what) => what.endsWith('/log'))).toEqual([])
  await clock.advance(4_000)
  expect(await log(id)).toEqual([1, 2, 3, 4].map((step) => `train: step ${step} of 4`))
  expect(requests.filter((what) => what.endsWith('/log'))).toHaveLength(1)
})

test('the log of a job that a page shows is read as it grows, line by line', async () => {
  const { clock, jobs, log, relay, answer } = await startQueue({ log: { url: '/jobs/{id}/log' } })
  const id = jobs.add('train', 100)
  jobs.run(id)
  await clock.advance(4_000)
  expect(await log(id)).toEqual([])
  const page = new AbortController()
  const url = `http://weir.test/api/stream?topic=queue/tasks/${id}`
  const response = await relay.fetch(new Request(url, { signal: page.signal }))
  const reader = response.body!.getReader()
  await clock.advance(2_000)
  expect((await log(id)).length).toBeGreaterThan(7)
  answer((what) => (what.endsWith('/log') ? new Response('anew\nhalf a li') : undefined))
  await clock.advance(2_000)
  expect((await log(id)).slice(-2)).toEqual(['its log begins anew', 'anew'])
  await reader.cancel()
  await relay.stop()
})

test('a cancel is sent, and takes effect when the list says so', async () => {
  const { clock, jobs, ask, task, source } = await startQueue(CANCEL)
  const id = jobs.add('train', 100)
  jobs.run(id)
  await clock.advance(2_000)
  expect((await source()).capabilities.cancel).toBe(true)
  expect((await ask(`/tasks/queue/${id}/cancel`, {})).status).toBe(200)
  await clock.advance(2_000)
  const { status, detail } = await task(id)
  expect(status).toBe('cancelled')
  expect(detail.commands[0]).toMatchObject({ verb: 'cancel', effectNote: 'ended: cancelled' })
})

test('what such a source cannot do says why, and is not sent', async () => {
  const { clock, jobs, ask, source, requests } = await startQueue()
  const id = jobs.add('train', 100)
  await clock.advance(2_000)
  const { capabilities } = await source()
  for (const name of ['start', 'cancel', 'pause', 'setParameter', 'streams'] as const)
    expect(capabilities[name]).toEqual({ absent: expect.stringMatching(/\.$/) as string })
  const asked = requests.length
  for (const verb of ['cancel', 'pause', 'resume']) await ask(`/tasks/queue/${id}/${verb}`, {})
  await ask('/tasks/queue', { type: 'train', params: {} })
  const { commands } = (await ask('/commands')).body as { commands: Command[] }
  expect(commands.map(({ error }) => error?.outcome)).toEqual([
    'not-sent',
    'not-sent',
    'not-sent',
    'not-sent',
  ])
  expect(requests).toHaveLength(asked)
})

test('a job that leaves the list is forgotten, lost or, where that was asked for, cancelled', async () => {
  const { clock, jobs, ask, task } = await startQueue(CANCEL)
  const [done, runs, asked] = ['a', 'b', 'c'].map((name) => jobs.add(name, name === 'a' ? 1 : 100))
  for (const id of [done!, runs!, asked!]) jobs.run(id)
  await clock.advance(2_000)
  await ask(`/tasks/queue/${asked!}/cancel`, {})
  for (const id of [done!, runs!, asked!]) jobs.forget(id)
  await clock.advance(2_000)
  expect(await task(done!)).toMatchObject({ status: 'completed', onServer: false })
  expect(await task(runs!)).toMatchObject({ status: 'lost', statusOrigin: 'inferred' })
  expect(await task(asked!)).toMatchObject({ status: 'cancelled' })
})

test('a server that is away and back is asked less and less often, and its jobs go on', async () => {
  const { clock, jobs, task, source, requests } = await startQueue()
  const id = jobs.add('train', 300)
  jobs.run(id)
  await clock.advance(2_000)
  jobs.kill()
  await clock.advance(20_000)
  expect(await source()).toMatchObject({
    state: 'unreachable',
    detail: expect.stringContaining('refused') as string,
  })
  expect(await task(id)).toMatchObject({ status: 'running' })
  const asked = requests.length
  await clock.advance(30_000)
  expect(requests.length - asked).toBeLessThan(4)
  jobs.revive()
  await clock.advance(30_000)
  expect(await source()).toMatchObject({ state: 'ok' })
  expect((await task(id)).progress?.percent).toBeGreaterThan(40)
})

test.each([
  ['no JSON', () => new Response('<html>geheim'), 'wrong', 'what answers is no JSON: <html>[secret]'],
  ['no list', () => Response.json({ a: 1 }), 'wrong', 'no array stands where the list should'],
  ['another answer', () => new Response('gone', { status: 404 }), 'wrong', 'it answers 404: gone'],
  ['no login', () => new Response('', { status: 401 }), 'refused', 'it answers 401'],
  ['a failure', () => new Response('', { status: 503 }), 'not_answering', 'it answers 503'],
  [
    'a redirect',
    () => new Response('', { status: 302, headers: { location: '/login' } }),
    'wrong',
    'redirects to',
  ],
  ['too much', () => new Response(' '.repeat(17 * 1024 * 1024)), 'wrong', 'larger than 16 MB'],
])('a server that answers with %s is said to, and asked again', async (_, answerOf, state, words) => {
  const { clock, jobs, answer, source, task } = await startQueue()
  const id = jobs.add('train', 10)
  await clock.advance(2_000)
  answer(answerOf)
  await clock.advance(2_000)
  expect(await source()).toMatchObject({ state, detail: expect.stringContaining(words) as string })
  answer(() => undefined)
  await clock.advance(30_000)
  expect(await source()).toMatchObject({ state: 'ok' })
  expect(await task(id)).toMatchObject({ status: 'queued' })
})

test('junk in the list costs itself alone, and an unknown word is shown', async () => {
  const { clock, answer, task, source } = await startQueue({ statuses: { odd: 'paused' } })
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
  answer(
    () =>
      new Response(
        `{"items":[null,7,{"id":{}},{"id":"a","status":"MELTING","progress":"12 %","result":${deep}},` +
          `{"id":"a","status":"done"},{"id":12345678901234567890,"status":"Odd","message":["x"],"started_at":"soon"}]}`,
      ),
  )
  await clock.advance(2_000)
  expect(await task('a')).toMatchObject({
    status: 'unknown',
    statusNote: 'its server says “MELTING”',
    progress: { percent: 12 },
  })
  expect(await task('12345678901234567890')).toMatchObject({
    status: 'paused',
    message: null,
    startedAt: null,
  })
  const { faults } = await source()
  expect(faults?.map(({ item }) => item)).toEqual([
    'task number 1 of the list',
    'task number 2 of the list',
    'task number 3 of the list',
    'task a',
  ])
})

test('a job that runs again under its id begins anew', async () => {
  const { clock, answer, task } = await startQueue()
  const says = (status: string) => answer(() => Response.json([{ id: 'nightly', status }]))
  says('done')
  await clock.advance(2_000)
  expect(await task('nightly')).toMatchObject({ status: 'completed', endedOrigin: 'inferred' })
  says('running')
  await clock.advance(2_000)
  expect(await task('nightly')).toMatchObject({ status: 'running', endedAt: null })
})
