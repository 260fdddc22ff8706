import { unpackNumbers } from '#lib/pack.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import { afterEach, expect, test } from 'vitest'
import type { Problem } from '#protocols/weir/api.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { startLab, type TestLab } from '#testing/lab.ts'

let lab: TestLab | undefined

async function begin(options?: Parameters<typeof startLab>[0]): Promise<TestLab> {
  lab = await startLab(options)
  return lab
}

afterEach(async () => {
  if (!lab) return
  const stopped = lab.relay.stop()
  await lab.clock.advance(20_000)
  await stopped
  lab.lab.stop()
  expect(lab.lab.violations).toEqual([])
  lab = undefined
})

const STREAMED = { enable_streaming: true }

/** Answers in the server's place where `act` says so: with a response, or by a throw. */
function intercept(server: TestLab['lab'], act: (request: Request) => Promise<Response> | undefined): void {
  const { fetch } = server
  server.fetch = (request) => act(request) ?? fetch(request)
}

function networkError(code: string): Promise<never> {
  return Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }))
}

const pathOf = (request: Request) => `${request.method} ${new URL(request.url).pathname}`

test('a task started here is streamed from its first steps to its end', async () => {
  const { clock, start, task, log, lab: server } = await begin()
  expect(await start('run-1', 'LongRunningTask', { steps: 40, delay: 0.1, ...STREAMED })).toBe(201)
  await clock.advance(2_000)
  const running = await task('run-1')
  expect(running).toMatchObject({ status: 'running', statusOrigin: 'command', stream: { name: 'open' } })
  expect(running.progress!.step).toBeGreaterThan(10)
  expect(running.progress!.percent).toBe((running.progress!.step! / 40) * 100)
  await clock.advance(8_000)
  const ended = await task('run-1')
  expect(ended).toMatchObject({
    status: 'completed',
    statusOrigin: 'poll',
    progress: { percent: 100, step: 39, total: 40 },
    stream: { name: 'closed' },
    result: { state: 'available' },
  })
  expect((await log('run-1')).at(-1)).toBe('Processing step 39/40')
  expect(server.openStreams()).toEqual([])
})

test('twelve tasks started at once are attached one by one', async () => {
  const { clock, start, task } = await begin()
  expect(await start('many', 'LongRunningTask', { steps: 200, delay: 0.1, ...STREAMED }, 12)).toBe(201)
  await clock.advance(5_000)
  for (let i = 1; i <= 12; i++) {
    const one = await task(`many-${i}`)
    expect(one.stream.name).toBe('open')
    expect(one.progress!.step).toBeGreaterThan(20)
    expect(one.batch).toBeTruthy()
  }
})

test('a task found running says what was not recorded', async () => {
  const { clock, lab: server, task, log } = await begin()
  await server.fetch(
    new Request('http://lab.test/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        task_id: 'theirs',
        task_type: 'LongRunningTask',
        params: { steps: 400, delay: 0.02, ...STREAMED },
      }),
    }),
  )
  await clock.advance(4_000)
  const found = await task('theirs')
  expect(found).toMatchObject({ startedAt: null, statusOrigin: 'poll' })
  expect(found.detail.gaps[0]).toMatchObject({ cause: 'late' })
  expect(found.detail.gaps[0]!.text).toMatch(/^not recorded before step \d+$/)
  expect((await log('theirs'))[0]).toBe(found.detail.gaps[0]!.text)
})

test('a task that ends before its stream can be opened says that nothing was recorded', async () => {
  const { clock, start, task } = await begin()
  await start('quiet', 'LongRunningTask', { steps: 40, delay: 0.1, start_delay: 30, ...STREAMED })
  await start('short', 'FailingTask', { fail_at: 3, delay: 0.2, ...STREAMED })
  await clock.advance(5_000)
  expect((await task('short')).detail.gaps).toMatchObject([
    { cause: 'late', text: 'nothing recorded: it ended before Weir could listen' },
  ])
})

test('a task that never streams is followed by its list alone', async () => {
  const { clock, start, task } = await begin()
  await start('quiet', 'SlowTask', { seconds: 5 })
  await clock.advance(4_000)
  expect(await task('quiet')).toMatchObject({ status: 'running', progress: null, stream: { name: 'none' } })
  await clock.advance(4_000)
  expect(await task('quiet')).toMatchObject({ status: 'completed', progress: { percent: 100, step: null } })
})

test('a pause is shown as asked, confirmed by silence, and ends with resume', async () => {
  const { clock, start, task, ask } = await begin()
  await start('hold', 'PausableTask', { steps: 600, delay: 0.1, ...STREAMED })
  await clock.advance(2_000)
  expect((await ask('/tasks/lab/hold/pause', {})).status).toBe(200)
  expect(await task('hold')).toMatchObject({
    status: 'paused',
    statusOrigin: 'command',
    statusNote: 'requested',
  })
  await clock.advance(4_000)
  const paused = await task('hold')
  expect(paused.status).toBe('paused')
  expect(paused.detail.commands.at(-1)).toMatchObject({ verb: 'pause', effectNote: 'no step since' })
  await ask('/tasks/lab/hold/resume', {})
  await clock.advance(2_000)
  const resumed = await task('hold')
  expect(resumed).toMatchObject({ status: 'running', gapCount: paused.gapCount })
  expect(resumed.detail.commands.at(-1)).toMatchObject({ verb: 'resume', effectNote: 'steps arrive again' })
})

test('steps that go on take back a pause that is not honoured', async () => {
  const { clock, start, task, ask } = await begin()
  await start('deaf', 'StubbornTask', { seconds: 60, delay: 0.2, ...STREAMED })
  await clock.advance(2_000)
  await ask('/tasks/lab/deaf/pause', {})
  expect((await task('deaf')).status).toBe('paused')
  await clock.advance(5_000)
  expect((await task('deaf')).status).toBe('running')
})

test('a parameter that is set is confirmed, one that is rejected says why', async () => {
  const { clock, start, task, ask } = await begin()
  await start('hold', 'PausableTask', { steps: 600, delay: 0.1, ...STREAMED })
  await clock.advance(500)
  expect((await ask('/tasks/lab/hold/parameters', { key: 'delay', value: 0.2 })).status).toBe(200)
  const refused = await ask('/tasks/lab/hold/parameters', { key: 'delay', value: 99 })
  expect(refused.status).toBe(502)
  expect((refused.body as Problem).source).toMatchObject({ type: 'TaskParameterError' })
  const { detail } = await task('hold')
  expect(detail.settings).toMatchObject([{ key: 'delay', value: 0.2 }])
  expect(detail.commands.map((c) => [c.verb, c.effectiveAt !== null, c.failedAt !== null])).toEqual([
    ['start', true, false],
    ['parameter', true, false],
    ['parameter', false, true],
  ])
})

test('cancel: cancelling until it has ended, then what the result says', async () => {
  const { clock, start, task, ask } = await begin()
  await start('run-1', 'LongRunningTask', { steps: 400, delay: 0.1, ...STREAMED })
  await clock.advance(1_000)
  await ask('/tasks/lab/run-1/cancel', {})
  await clock.advance(4_000)
  const ended = await task('run-1')
  expect(ended.status).toBe('cancelled')
  expect(ended.phases.map((phase) => phase.status)).toEqual(['running', 'cancelling', 'cancelled'])
  expect(ended.progress!.percent).toBeLessThan(100)
  expect(ended.detail.commands.at(-1)).toMatchObject({ verb: 'cancel', effectNote: 'ended: cancelled' })
})

test('a silent cancel is inferred, an ignored one is completed and says so', async () => {
  const { clock, start, task, ask } = await begin()
  await start('silent', 'SlowTask', { seconds: 60 })
  await start('stubborn', 'StubbornTask', { seconds: 3 })
  await clock.advance(500)
  await ask('/tasks/lab/silent/cancel', {})
  await ask('/tasks/lab/stubborn/cancel', {})
  expect((await task('stubborn')).status).toBe('cancelling')
  await clock.advance(8_000)
  expect(await task('silent')).toMatchObject({ status: 'cancelled', statusOrigin: 'inferred' })
  expect((await task('stubborn')).status).toBe('completed')
})

test('a failure has its type, its words and its own time', async () => {
  const { clock, start, task } = await begin()
  await start('bad', 'FailingTask', { fail_at: 3, delay: 0.3, steps: 10, ...STREAMED })
  await clock.advance(6_000)
  const failed = await task('bad')
  expect(failed.status).toBe('failed')
  expect(failed.error).toMatchObject({ type: 'RuntimeError' })
  expect(failed.error!.message).toContain('<i>photodiode</i>')
  expect(failed.progress!.percent).toBeLessThan(100)
})

test('refused starts say what the server said, and who holds the device', async () => {
  const { clock, start, ask } = await begin()
  await start('sweep-1', 'SweepTask', { steps: 400 })
  await clock.advance(200)
  const held = await ask('/tasks/lab', { id: 'sweep-2', type: 'SweepTask', params: {} })
  expect(held.status).toBe(409)
  expect((held.body as Problem).source).toMatchObject({ type: 'DeviceInUse', owner: 'sweep-1' })
  const unknown = await ask('/tasks/lab', { id: 'x', type: 'Nope' })
  expect((unknown.body as Problem).source).toMatchObject({ type: 'TaskTypeNotFound' })
  expect((await ask('/tasks/lab', { id: 'a/b', type: 'SlowTask' })).status).toBe(400)
})

test('a start that fails at once has made a task all the same', async () => {
  const { clock, start, task } = await begin()
  expect(await start('door', 'InstantFailTask')).toBe(400)
  await clock.advance(100)
  expect(await task('door')).toMatchObject({ status: 'failed', error: { message: 'refused at the door' } })
})

test('a result that cannot be read is said once and not asked for again', async () => {
  const { clock, start, task } = await begin()
  await start('nan', 'ResultTask', { kind: 'nan' })
  await clock.advance(5_000)
  const ended = await task('nan')
  expect(ended).toMatchObject({
    status: 'completed',
    statusOrigin: 'inferred',
    result: { state: 'unreadable' },
  })
})

test('a stream that someone else stops is noticed and opened again', async () => {
  const { clock, start, task, lab: server } = await begin({ strict: false })
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(2_000)
  await server.fetch(new Request('http://lab.test/devices/stream-run-1/stream/stop', { method: 'POST' }))
  await clock.advance(12_000)
  const again = await task('run-1')
  expect(again.stream.name).toBe('open')
  expect(again.detail.gaps.map((gap) => gap.cause)).toContain('disconnected')
  const { progress } = again
  await clock.advance(1_000)
  expect((await task('run-1')).progress!.step).toBeGreaterThan(progress!.step!)
})

test('a stream held by another client is left alone until it is free', async () => {
  const { clock, task, lab: server } = await begin({ strict: false })
  await server.fetch(
    new Request('http://lab.test/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        task_id: 'theirs',
        task_type: 'LongRunningTask',
        params: { steps: 4_000, delay: 0.1, ...STREAMED },
      }),
    }),
  )
  const theirs = await server.fetch(new Request('http://lab.test/stream/devices/stream-theirs'))
  await clock.advance(5_000)
  expect((await task('theirs')).stream).toMatchObject({ name: 'in_use' })
  expect((await task('theirs')).stream.retryAt).toBeGreaterThan(clock.now() + 20_000)
  await theirs.body!.cancel()
  await clock.advance(60_000)
  expect((await task('theirs')).stream.name).toBe('open')
})

test.each(['clean', 'error', 'mid-line'] as const)(
  'a stream that is cut (%s) comes back, with a gap',
  async (how) => {
    const { clock, start, task, lab: server } = await begin({ strict: false })
    await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
    await clock.advance(2_000)
    server.cutStreams(how)
    await clock.advance(8_000)
    const again = await task('run-1')
    expect(again.stream.name).toBe('open')
    expect(again.stepsMissed).toBeGreaterThan(0)
    const causes = again.detail.gaps.map((gap) => gap.cause)
    expect(causes).toContain('disconnected')
    if (how === 'mid-line') expect(causes).toContain('malformed')
  },
)

test('killed and restarted: what ran is lost with its server, what had ended stays', async () => {
  const { clock, start, task, source, lab: server } = await begin()
  await start('done', 'quick-look')
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(3_000)
  server.kill()
  await clock.advance(3_000)
  expect((await source()).state).toBe('unreachable')
  expect(await task('run-1')).toMatchObject({ status: 'running', stream: { name: 'reconnecting' } })
  server.restart()
  await clock.advance(15_000)
  expect(await source()).toMatchObject({ state: 'ok', restarts: 1 })
  const lost = await task('run-1')
  expect(lost).toMatchObject({ status: 'lost', statusOrigin: 'inferred' })
  expect(lost.detail.gaps.at(-1)).toMatchObject({ cause: 'disconnected' })
  expect(await task('done')).toMatchObject({ status: 'completed', onServer: false })
})

test('an id that the restarted server uses again begins anew', async () => {
  const { clock, start, task, log, lab: server } = await begin()
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(2_000)
  server.kill()
  server.restart()
  await clock.advance(15_000)
  expect((await task('run-1')).status).toBe('lost')
  await start('run-1', 'LongRunningTask', { steps: 50, delay: 0.1, ...STREAMED })
  await clock.advance(1_000)
  expect(await task('run-1')).toMatchObject({ status: 'running', error: null, endedAt: null })
  expect(await log('run-1')).toContain('started again under the same id')
})

test('a server that falls silent is waited for, not reconnected to', async () => {
  const { clock, start, task, source, lab: server } = await begin()
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(2_000)
  server.block(9_000)
  await clock.advance(6_000)
  expect((await source()).state).toBe('not_answering')
  expect((await task('run-1')).stream.name).toBe('stalled')
  await clock.advance(6_000)
  expect((await source()).state).toBe('ok')
  expect((await task('run-1')).stream.name).toBe('open')
})

test('a server that hangs is named as such and asked for no more streams', async () => {
  // Not strict: when Weir stops, hanging up is all that can be done.
  const { clock, start, source, lab: server } = await begin({ strict: false })
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(2_000)
  server.hang()
  await clock.advance(20_000)
  const state = await source()
  expect(state.state).toBe('not_answering')
  expect(state.detail).toContain('may need a restart')
  expect(server.openStreams().map((stream) => stream.deviceId)).toEqual(['stream-run-1'])
})

test('a server that is shutting down is let go of', async () => {
  const { clock, start, source, lab: server } = await begin({ strict: false })
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(2_000)
  server.shutdown()
  await clock.advance(3_000)
  expect((await source()).state).toMatch(/stopping|unreachable/)
  expect(server.openStreams()).toEqual([])
})

test.each([
  ['ECONNRESET', 3],
  ['ECONNREFUSED', 1],
] as const)('streams outlive polls that fail by the network (%s, %i in a row)', async (code, times) => {
  const { clock, start, task, source, lab: server } = await begin()
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(2_000)
  let left: number = times
  const states = new Set<string>()
  intercept(server, (request) =>
    pathOf(request) === 'GET /tasks' && left-- > 0 ? networkError(code) : undefined,
  )
  for (let second = 0; second < 15; second++) {
    await clock.advance(1_000)
    states.add((await source()).state)
  }
  expect([...states].sort()).toEqual(['ok', 'unreachable'])
  expect(await task('run-1')).toMatchObject({ stream: { name: 'open' }, gapCount: 0 })
})

test.each([
  ['ECONNRESET', () => networkError('ECONNRESET')],
  ['a plain 500', () => Promise.resolve(new Response('Internal Server Error', { status: 500 }))],
] as const)('a start whose answer is lost (%s) is found by the next list', async (_, fail) => {
  const { clock, start, task, ask, lab: server } = await begin()
  const { fetch } = server
  intercept(server, (request) => (pathOf(request) === 'POST /tasks' ? fetch(request).then(fail) : undefined))
  await start('run-1', 'LongRunningTask', { steps: 400, delay: 0.1, ...STREAMED })
  server.fetch = fetch
  await clock.advance(3_000)
  const found = await task('run-1')
  expect(found).toMatchObject({ status: 'running', stream: { name: 'open' }, type: 'LongRunningTask' })
  expect(found.detail.params).toMatchObject({ steps: 400 })
  const { commands } = (await ask('/commands')).body as { commands: unknown[] }
  expect(commands.at(-1)).toMatchObject({ verb: 'start', failedAt: null, error: null })
  expect(commands.at(-1)).toMatchObject({ effectNote: 'not answered, but found on the server' })
})

test('a start without an answer that the server does not know is lost; one that was refused a connection is not', async () => {
  const { clock, start, task, source, ask, lab: server } = await begin()
  const { fetch } = server
  intercept(server, (request) => (pathOf(request) === 'POST /tasks' ? networkError('ECONNRESET') : undefined))
  await start('run-1', 'SlowTask')
  server.fetch = fetch
  intercept(server, (request) =>
    pathOf(request) === 'POST /tasks' ? networkError('ECONNREFUSED') : undefined,
  )
  await start('run-2', 'SlowTask')
  server.fetch = fetch
  await clock.advance(5_000)
  expect(await task('run-1')).toMatchObject({
    status: 'lost',
    statusNote: 'its start was not answered, and the server does not know it',
  })
  expect((await ask('/tasks/lab/run-2')).status).toBe(404)
  expect((await source()).restarts).toBe(0)
})

test('a start that the server is too slow to answer stands in the book, its fate not known yet', async () => {
  const { clock, ask, task, lab: server } = await begin()
  server.block(40_000)
  void ask('/tasks/lab', { id: 'late', type: 'SlowTask', params: { seconds: 60 } })
  await clock.advance(36_000)
  expect((await task('late')).status).toBe('unknown')
})

test.each([-3_600_000, 3_600_000])(
  'a failure ends on the relay’s clock, whatever the server’s says (%i ms)',
  async (skew) => {
    const { clock, start, task, lab: server } = await begin()
    const { fetch } = server
    intercept(server, (request) =>
      pathOf(request) === 'GET /tasks/bad/error'
        ? fetch(request).then(async (answer) => {
            const body = (await answer.json()) as { error: { timestamp: unknown } }
            body.error.timestamp = new Date(clock.now() + skew).toISOString()
            return Response.json(body)
          })
        : undefined,
    )
    await start('bad', 'FailingTask', { fail_at: 3, delay: 0.3, steps: 10, ...STREAMED })
    await clock.advance(6_000)
    const failed = await task('bad')
    expect(failed.status).toBe('failed')
    expect(failed.endedAt).toBeGreaterThanOrEqual(failed.eventAt!)
    expect(failed.endedAt).toBeLessThanOrEqual(clock.now())
    expect(Math.abs(failed.error!.at! - failed.endedAt!)).toBeGreaterThan(3_500_000)
  },
)

test('what was found of a pause stays when its task ends; it took effect no sooner than it was accepted', async () => {
  const { clock, start, task, ask } = await begin()
  await start('silent', 'SlowTask', { duration: 60 })
  await start('hold', 'PausableTask', { steps: 600, delay: 0.4, ...STREAMED })
  await clock.advance(2_000)
  await ask('/tasks/lab/silent/pause', {})
  await ask('/tasks/lab/hold/pause', {})
  await clock.advance(5_000)
  await ask('/tasks/lab/silent/cancel', {})
  await clock.advance(5_000)
  const ended = await task('silent')
  expect(ended.status).toBe('cancelled')
  expect(ended.detail.commands.at(-2)).toMatchObject({ effectNote: 'the server cannot confirm a pause' })
  const pause = (await task('hold')).detail.commands.at(-1)!
  // Steps come every 400 ms: that none came is known no sooner than that.
  expect(pause).toMatchObject({ inferred: true, effectNote: 'no step since' })
  expect(pause.effectiveAt! - pause.acceptedAt!).toBeGreaterThan(1_000)
})

test('a task whose stream another client held to the end says so', async () => {
  const { clock, task, lab: server } = await begin({ strict: false })
  await server.fetch(
    new Request('http://lab.test/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        task_id: 'theirs',
        task_type: 'LongRunningTask',
        params: { steps: 80, delay: 0.1, ...STREAMED },
      }),
    }),
  )
  const theirs = await server.fetch(new Request('http://lab.test/stream/devices/stream-theirs'))
  await clock.advance(15_000)
  expect((await task('theirs')).detail.gaps).toMatchObject([
    { cause: 'late', text: 'nothing recorded: another client of the server held its stream' },
  ])
  await theirs.body!.cancel()
})

test('raw messages are kept of the 200 tasks that ended last, 100 of each', async () => {
  const { clock, start, relay } = await begin()
  const raw = async (id: string) => {
    const answer = await relay.fetch(new Request(`http://weir.test/api/tasks/lab/${id}/raw`))
    return ((await answer.json()) as { items: unknown[] }).items.length
  }
  await start('long', 'LongRunningTask', { steps: 150, delay: 0.02, ...STREAMED })
  await clock.advance(8_000)
  expect(await raw('long')).toBe(100)
  for (let n = 0; n < 4; n++) {
    await start(`more${n}`, 'SlowTask', { duration: 1 }, 50)
    await clock.advance(5_000)
  }
  expect(await raw('long')).toBe(0)
})

test.each(['now', 'monotonic'] as const)(
  'a clock that is set, or sleep, is no silence of streams (%s leaps)',
  async (which) => {
    const { clock, start, task, source } = await begin()
    await start('run-1', 'LongRunningTask', { steps: 400, delay: 0.3, ...STREAMED })
    await clock.advance(1_950)
    const told = clock[which].bind(clock)
    clock[which] = () => told() + 60_000
    const seen = new Set<string>()
    for (let tenth = 0; tenth < 50; tenth++) {
      seen.add((await task('run-1')).stream.name)
      await clock.advance(100)
    }
    expect([...seen]).toEqual(['open'])
    expect(await source()).toMatchObject({ state: 'ok', reconnects: 0 })
  },
)

test('the numbers a task reports are channels, kept for whoever looks, broken where steps are missing', async () => {
  const { clock, start, relay } = await begin()
  await start('run-1', 'LongRunningTask', { steps: 20, delay: 0.1, ...STREAMED })
  await clock.advance(5_000)
  const answer = await relay.fetch(
    new Request('http://weir.test/api/tasks/lab/run-1/samples?from=0&to=4000000000000&points=1000'),
  )
  const { series } = (await answer.json()) as SamplesAnswer
  const percent = series.find(({ c }) => c === 'progress_percent')!
  const values = Array.from(unpackNumbers(percent.v))
  expect(values.length).toBeGreaterThan(15)
  expect(values.at(-1)).toBe(95)
  expect(values).toEqual([...values].sort((a, b) => a - b))
})

/** The server denies that it knows any task, until the function returned is called. */
function denyTasks(server: TestLab['lab']): () => void {
  const { fetch } = server
  server.fetch = (request) => {
    const { pathname } = new URL(request.url)
    if (request.method !== 'GET' || !/^\/tasks(\/|$)/.test(pathname)) return fetch(request)
    return Promise.resolve(
      pathname === '/tasks'
        ? Response.json({ tasks: [] })
        : Response.json(
            { detail: { error: { type: 'TaskNotFound', message: 'no such task' } } },
            { status: 404 },
          ),
    )
  }
  return () => {
    server.fetch = fetch
  }
}

test('a task that its server denies for a while is lost only until it is listed again', async () => {
  const { clock, start, task, log, ask, lab: server } = await begin()
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(3_000)
  const admit = denyTasks(server)
  await clock.advance(5_000)
  expect(await task('run-1')).toMatchObject({ status: 'lost', statusOrigin: 'inferred' })
  // What was inferred refuses nothing.
  await ask('/tasks/lab/run-1/parameters', { key: 'gain', value: 2 })
  expect((await task('run-1')).detail.commands.at(-1)).toMatchObject({ verb: 'parameter' })
  admit()
  await clock.advance(10_000)
  const again = await task('run-1')
  expect(again).toMatchObject({
    status: 'running',
    statusNote: 'the server says that it runs',
    endedAt: null,
    stream: { name: 'open' },
  })
  expect(again.phases.map(({ status }) => status)).toEqual(['running', 'lost', 'running'])
  expect(await log('run-1')).not.toContain('started again under the same id')
  expect(again.progress!.step).toBeGreaterThan(100)
})

test('a lost task can be asked about again, and cancelled', async () => {
  const { clock, start, task, ask, lab: server } = await begin()
  await start('run-1', 'LongRunningTask', { steps: 2_000, delay: 0.1, ...STREAMED })
  await clock.advance(3_000)
  const admit = denyTasks(server)
  await clock.advance(5_000)
  admit()
  await ask('/tasks/lab/run-1/retry-stream', {})
  expect((await task('run-1')).status).toBe('running')
  denyTasks(server)
  await clock.advance(5_000)
  expect((await task('run-1')).status).toBe('lost')
  await ask('/tasks/lab/run-1/cancel', {})
  expect((await task('run-1')).detail.commands.at(-1)).toMatchObject({
    verb: 'cancel',
    acceptedAt: expect.any(Number) as number,
  })
})

test('what is inferred to be cancelled refuses no command: the server itself says what it thinks of it', async () => {
  const { clock, start, task, ask } = await begin()
  await start('run-1', 'SlowTask', { seconds: 60 })
  await clock.advance(2_000)
  await ask('/tasks/lab/run-1/cancel', {})
  await clock.advance(10_000)
  expect(await task('run-1')).toMatchObject({ status: 'cancelled', statusOrigin: 'inferred' })
  const before = (await task('run-1')).detail.commands.length
  await ask('/tasks/lab/run-1/pause', {})
  expect((await task('run-1')).detail.commands).toHaveLength(before + 1)
  expect((await task('run-1')).status).toBe('cancelled')
})

/** A task that somebody else starts on the server itself. */
async function startThere(server: TestLab['lab'], id: string, params: Record<string, unknown>) {
  const answer = await server.fetch(
    new Request('http://lab.test/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ task_id: id, task_type: 'LongRunningTask', params: { ...STREAMED, ...params } }),
    }),
  )
  expect(answer.status).toBe(200)
}

/** Streams asked for, in order. */
function streamsAsked(server: TestLab['lab']): string[] {
  const asked: string[] = []
  intercept(server, (request) => {
    const id = /^\/stream\/devices\/stream-(.+)$/.exec(new URL(request.url).pathname)?.[1]
    if (id !== undefined) asked.push(id)
    return undefined
  })
  return asked
}

test('a task just started is streamed before all that wait; they say so', async () => {
  const { clock, start, task, log, lab: server } = await begin()
  const asked = streamsAsked(server)
  await start('slow', 'LongRunningTask', { steps: 6, delay: 5, ...STREAMED }, 15)
  await clock.advance(3_000)
  expect((await task('slow-9')).stream).toMatchObject({ name: 'connecting', reason: 'waiting for its turn' })
  await start('new', 'LongRunningTask', { steps: 300, delay: 0.05, ...STREAMED })
  const before = asked.length
  await clock.advance(2_500)
  expect(asked[before]).toBe('new')
  expect((await task('new')).progress!.step).toBeGreaterThan(30)
  expect(Number(/\d+/.exec((await log('new'))[0]!)![0])).toBeLessThan(25)
  await startThere(server, 'theirs', { steps: 300, delay: 0.05 })
  await clock.advance(3_500)
  expect((await task('theirs')).progress!.step).toBeGreaterThan(0)
  await clock.advance(18_000)
  expect(new Set(asked).size).toBe(17)
  await clock.advance(30_000)
})

test('of tasks found running, those on a screen are streamed first', async () => {
  const { clock, relay, lab: server } = await begin()
  const { fetch } = server
  // The relay is told of all at once.
  server.fetch = (request) =>
    pathOf(request) === 'GET /tasks' ? Promise.resolve(Response.json({ tasks: [] })) : fetch(request)
  await clock.advance(3_000)
  server.fetch = fetch
  const asked = streamsAsked(server)
  for (let n = 1; n <= 8; n++) await startThere(server, `t${n}`, { steps: 300, delay: 5 })
  await clock.advance(40_000)
  server.cutStreams('error')
  const stream = await relay.fetch(new Request(`http://weir.test/api/stream?topic=${taskTopic('lab', 't6')}`))
  asked.length = 0
  await clock.advance(40_000)
  expect(asked.slice(0, 2)).toContain('t6')
  expect(asked).toHaveLength(8)
  await stream.body!.cancel()
})

test('a task that ends before its turn has come says that nothing was recorded', async () => {
  const { clock, start, task } = await begin()
  await start('first', 'LongRunningTask', { steps: 30, delay: 0.1, ...STREAMED })
  await start('slow', 'LongRunningTask', { steps: 300, delay: 5, ...STREAMED }, 10)
  await start('plain', 'SlowTask', { seconds: 2 })
  await clock.advance(8_000)
  expect(await task('plain')).toMatchObject({ status: 'completed', stream: { name: 'none' }, gapCount: 0 })
})

test('a run of the same id after a crash between two polls is another run', async () => {
  const { clock, start, task, log, source, lab: server } = await begin()
  await start('nightly', 'LongRunningTask', { steps: 500, delay: 0.1, ...STREAMED })
  await clock.advance(5_500)
  const { firstSeenAt } = await task('nightly')
  server.kill()
  server.restart()
  await startThere(server, 'nightly', { steps: 100, delay: 0.1 })
  await clock.advance(3_000)
  const again = await task('nightly')
  expect(again).toMatchObject({
    status: 'running',
    startedAt: null,
    progress: { total: 100 },
    stream: { name: 'open' },
  })
  expect(again.firstSeenAt).toBeGreaterThan(firstSeenAt)
  expect(again.detail.gaps).toMatchObject([{ cause: 'restarted' }, { cause: 'late' }])
  expect(again.detail.gaps[0]!.text).toMatch(/the run before, seen to step \d+ of 500, was lost with it/)
  const lines = await log('nightly')
  const border = lines.indexOf('started again under the same id')
  expect(lines[border - 1]).toMatch(/\/500$/)
  expect(lines[border + 1]).toBe(again.detail.gaps[0]!.text)
  expect(lines.slice(border).filter((line) => line.endsWith('/500'))).toEqual([])
  expect((await source()).restarts).toBe(1)
})

test.each([
  ['steps that fell', 54, 500, 0],
  ['a server that was down', 20, 500, 3_000],
] as const)('so it is by %s alone', async (_, steps, total, down) => {
  const { clock, start, task, source, log, lab: server } = await begin()
  await start('nightly', 'LongRunningTask', { steps: total, delay: 0.1, ...STREAMED })
  await clock.advance(steps * 100)
  server.kill()
  await clock.advance(down)
  server.restart()
  await startThere(server, 'nightly', { steps: total, delay: 0.1 })
  await clock.advance(12_000)
  expect(await log('nightly')).toContain('started again under the same id')
  expect((await task('nightly')).status).toBe('running')
  expect((await source()).restarts).toBe(1)
})

test('a task without a stream that runs again after its server was down is another run', async () => {
  const { clock, start, task, source, log, lab: server } = await begin()
  await start('quiet', 'LongRunningTask', { steps: 5_000, delay: 0.1 })
  await clock.advance(3_000)
  server.kill()
  await clock.advance(4_000)
  server.restart()
  await startThere(server, 'quiet', { enable_streaming: false, steps: 5_000 })
  await clock.advance(12_000)
  expect(await log('quiet')).toEqual([
    'started again under the same id',
    'the server restarted and runs this id again: the run before was lost with it',
  ])
  expect((await task('quiet')).status).toBe('running')
  expect((await source()).restarts).toBe(1)
})

test('several runs that began anew are one restart; a run that goes on is none', async () => {
  const { clock, start, task, source, log, lab: server } = await begin({ strict: false })
  await start('a', 'LongRunningTask', { steps: 900, delay: 0.1, ...STREAMED }, 4)
  await clock.advance(4_000)
  server.cutStreams('error')
  await clock.advance(15_000)
  expect((await source()).restarts).toBe(0)
  expect(await log('a-1')).not.toContain('started again under the same id')
  server.kill()
  server.restart()
  for (let n = 1; n <= 4; n++) await startThere(server, `a-${n}`, { steps: 900, delay: 0.1 })
  await clock.advance(15_000)
  for (let n = 1; n <= 4; n++) expect(await log(`a-${n}`)).toContain('started again under the same id')
  expect((await source()).restarts).toBe(1)
  expect((await task('a-3')).progress!.step).toBeGreaterThan(50)
})

test('a server that is away is asked less and less often, and at once when somebody retries', async () => {
  const { clock, ask, source, lab: server } = await begin()
  await clock.advance(3_000)
  server.kill()
  const polls: number[] = []
  intercept(server, (request) => {
    if (['GET /', 'GET /tasks'].includes(pathOf(request))) polls.push(clock.now())
    return undefined
  })
  await clock.advance(120_000)
  const pauses = polls.slice(1).map((at, i) => at - polls[i]!)
  expect(pauses.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000])
  expect(Math.max(...pauses)).toBe(10_000)
  server.restart()
  await ask('/sources/lab/retry', {})
  expect((await source()).state).toBe('ok')
})
