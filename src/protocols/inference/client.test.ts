import { describe, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { InferenceClient } from './client.ts'
import { ERROR_KINDS, InferenceError, openEnvelope, type InferenceErrorKind } from './envelope.ts'
import { proxyTarget, TARGET_HEADER } from './proxy-target.ts'
import { appRef, functionsOf } from './schemas.ts'

interface Exchange {
  name: string
  request: { method: string; path: string; body?: unknown; headers?: Record<string, string> }
  response: { status: number; headers: Record<string, string>; body: unknown }
}

const texts = import.meta.glob<string>('../../testing/wire/inference/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})
function exchanges(name: string): Exchange[] {
  return (JSON.parse(texts[`../../testing/wire/inference/${name}.json`]!) as { exchanges: Exchange[] })
    .exchanges
}

const NOW = Date.UTC(2026, 9, 2, 9, 14, 30)
const KEY = 'inf_0123456789'

function bodyText(body: unknown): string | null {
  return body === null ? null : typeof body === 'string' ? body : JSON.stringify(body)
}

function answering(
  { response: { status, headers, body } }: Pick<Exchange, 'response'>,
  seen: Request[] = [],
) {
  return new InferenceClient(
    'https://api.inference.sh/',
    KEY,
    (url, init) => {
      seen.push(new Request(url, init))
      return Promise.resolve(new Response(status === 204 ? null : bodyText(body), { status, headers }))
    },
    new ManualClock(NOW),
  )
}

/** The client's function for a recorded request; null for what no client asks yet. */
function call(client: InferenceClient, { method, path, body }: Exchange['request']): Promise<unknown> | null {
  const [, kind, id = '', act, more] = path.split('/')
  const asked = body as never
  if (kind === 'apps') {
    if (method === 'GET') return client.app(act ? `${id}/${act}` : id)
    return id === 'list' ? client.apps(asked) : id === 'run' ? client.run(asked) : null
  }
  if (kind === 'tasks') {
    if (id === 'list') return client.tasks(asked)
    if (method === 'DELETE') return client.deleteTask(id)
    if (act === 'cancel') return client.cancelTask(id, asked)
    if (act === undefined) return client.task(id)
    if (act === 'status') return client.taskStatus(id)
    if (act === 'logs') return client.taskLogs(id)
    if (act === 'timings') return client.taskTimings(id)
    return act === 'telemetry' ? client.taskTelemetry(id) : null
  }
  if (kind === 'sessions') {
    if (method === 'DELETE') return client.endSession(id)
    if (act === 'keepalive') return client.keepSession(id)
    return id ? client.session(id) : client.sessions()
  }
  if (kind === 'flowruns') {
    if (act === 'cancel') return client.cancelFlowRun(id)
    if (id === 'list') return client.flowRuns(asked)
    if (method === 'GET') return client.flowRun(id)
    const { flow, input } = body as { flow: string; input: unknown }
    return client.startFlow(flow, input)
  }
  return more === undefined ? null : null
}

const all = ['rest-apps', 'rest-tasks', 'rest-sessions-flows', 'rest-errors', 'rest-chats'].flatMap((file) =>
  exchanges(file).map((exchange) => ({ ...exchange, file })),
)
const failed = ({ response: { status, body } }: Pick<Exchange, 'response'>) =>
  status >= 400 || (body as { success?: boolean } | null)?.success === false

/** Of chats, which no client asks for yet, the envelope is read alone. */
const asked = all.filter(({ request: { path } }) => /^\/(?:apps|tasks|sessions|flowruns)\b/.test(path))
const unasked = all.filter((exchange) => !asked.includes(exchange))

function open({ response: { status, headers, body } }: Exchange) {
  return openEnvelope({ status, headers: new Headers(headers), text: bodyText(body) ?? '', at: NOW })
}

async function sent(exchange: Exchange) {
  const seen: Request[] = []
  const outcome = await call(answering(exchange, seen), exchange.request)!.catch((error: unknown) => error)
  const [request] = seen
  const text = await request!.text()
  return {
    outcome,
    request: {
      method: request!.method,
      path: new URL(request!.url).pathname,
      ...(text === '' ? {} : { body: JSON.parse(text) as unknown }),
    },
    headers: request!.headers,
    redirect: request!.redirect,
  }
}

describe('REST recordings', () => {
  test('are all played', () => {
    expect(asked.length).toBeGreaterThan(40)
    expect(
      unasked.every(({ request: { path } }) =>
        /^\/(?:chats|agents|tools|interrupts|agent-runs)\b/.test(path),
      ),
    ).toBe(true)
  })

  test.each(asked)('$file: $name is asked for as recorded', async (exchange) => {
    const { request, headers, redirect } = await sent(exchange)
    expect(request).toEqual(exchange.request)
    expect(headers.get('authorization')).toBe(`Bearer ${KEY}`)
    expect(headers.get('x-api-version')).toBeNull()
    expect(redirect).toBe('manual')
  })

  test.each(asked.filter(failed))('$file: $name is an error with words', async (exchange) => {
    const { outcome } = await sent(exchange)
    expect(outcome).toBeInstanceOf(InferenceError)
    const { message, advice } = outcome as InferenceError
    expect(message).toMatch(/^[^<{[]/)
    expect(advice).not.toBe('')
  })

  test.each(asked.filter((exchange) => !failed(exchange)))('$file: $name is read', async (exchange) => {
    const silent = exchange.response.body === null || exchange.request.path.endsWith('/cancel')
    const { outcome } = await sent(exchange)
    expect(outcome).not.toBeInstanceOf(Error)
    expect(outcome === undefined).toBe(silent)
  })

  test.each(unasked.filter(failed))('$file: $name is an error', (exchange) => {
    expect(() => open(exchange)).toThrow(InferenceError)
  })

  test.each(unasked.filter((exchange) => !failed(exchange)))('$file: $name is opened', (exchange) => {
    expect(open(exchange).data).toEqual((exchange.response.body as { data?: unknown } | null)?.data)
  })

  test('the three generations of envelope are one', async () => {
    const tasks = exchanges('rest-errors').filter(({ name }) => /^envelope \d \(/.test(name))
    expect(tasks).toHaveLength(3)
    const read = await Promise.all(tasks.map((exchange) => answering(exchange).task('x')))
    for (const task of read)
      expect(task).toEqual({
        id: '274rjkhawgvs85w3rmev1kqj8r',
        status: 10,
        output: { image: 'https://cloud.inference.sh/app/files/t/4ydrgwr0/2t1x8wym.png' },
      })
  })

  test('a notice beside an answer is passed on', async () => {
    const { notices } = await answering(
      exchanges('rest-tasks').find(({ name }) => name.includes('notice'))!,
    ).run({ input: {} })
    expect(notices).toMatchObject([
      { level: 'warning', code: 'concurrency_near_limit', message: '9 of 10 concurrent tasks in use' },
    ])
  })

  test('lists are read page by page', async () => {
    const [first, second] = exchanges('rest-apps')
    const page = await answering(first!).apps({ limit: 4 })
    expect(page).toMatchObject({ next: 'b2Zmc2V0OjQ=', previous: null, total: 6 })
    expect(page.items.map(appRef)).toEqual([
      'weirdemo/landscape',
      'weirdemo/narrator',
      'weirdemo/press',
      'weirdemo/breaks',
    ])
    expect(await answering(second!).apps()).toMatchObject({ next: null, previous: 'b2Zmc2V0OjA=' })
  })

  test('an app says what it can do', async () => {
    const named = exchanges('rest-apps').find(({ name }) => name === 'apps.getByName')!
    const [run] = functionsOf(await answering(named).app('weirdemo/landscape@1f7j00an:run'))
    expect(run).toMatchObject({ name: 'run', kind: 'run', description: 'Paint one picture.' })
    expect(Object.keys(run!.inputSchema!['properties'] as object)).toContain('reference')
    const byId = exchanges('rest-apps').find(({ name }) => name === 'apps.get by id')!
    const functions = functionsOf(await answering(byId).app('5ge8karc29qbx85j4n88e9ybe1'))
    expect(functions.map(({ name, inputSchema }) => [name, inputSchema !== null])).toEqual([['run', true]])
    expect(functionsOf({ version: null, description: null })).toMatchObject([
      { name: 'run', inputSchema: null },
    ])
  })
})

describe('errors', () => {
  const errorOf = async (name: string) => {
    const exchange = exchanges('rest-errors').find((each) => each.name === name)!
    return (await answering(exchange)
      .task('x')
      .catch((reason: unknown) => reason)) as InferenceError
  }
  test.each<[string, InferenceErrorKind, string, Partial<InferenceError>]>([
    ['envelope 1, error', 'missing', 'task not found', { status: 404, code: 'not_found' }],
    [
      'envelope 1, failure under HTTP 200',
      'invalid',
      'input.prompt is required',
      { status: 400, code: 'invalid_request' },
    ],
    ['400', 'invalid', 'input.prompt is required', {}],
    ['401', 'key', 'no valid key in the Authorization header', { code: 'unauthorized', passing: false }],
    ['402', 'balance', 'The balance of this workspace is too low for this run', {}],
    ['403 scope', 'scope', 'this key lacks the scope apps:read', {}],
    ['403 one-time password wanted', 'otp', 'one-time password required', {}],
    ['403 account closed', 'account', 'this account is deactivated', {}],
    ['404', 'missing', 'task not found', { passing: false }],
    ['409', 'conflict', 'that option is no longer offered', {}],
    ['410 session over', 'gone', 'session expired', { passing: false }],
    ['422', 'invalid', 'input.steps: 900 is greater than the maximum of 60', {}],
    [
      '429 with seconds',
      'rate',
      'rate limit of 100 runs a minute reached',
      { retryAfterMs: 7_000, passing: true },
    ],
    ['429 with a date', 'rate', 'slow down', { retryAfterMs: 30_000 }],
    [
      '429 as the older pages have it',
      'rate',
      'Too many requests',
      { code: 'rate_limited', retryAfterMs: 1_790_932_500_000 - NOW },
    ],
    ['500 without JSON', 'server', 'internal error', { passing: true }],
    ['502 from a gateway', 'server', 'HTTP 502 with an HTML page', {}],
    ['503', 'server', 'maintenance', { retryAfterMs: 30_000 }],
  ])('%s is of kind %s', async (name, kind, message, rest) => {
    expect(await errorOf(name)).toMatchObject({ kind, message, ...rest })
  })

  test('requirements say what is missing and what to do', async () => {
    const error = await errorOf('412 requirements')
    expect(error.kind).toBe('requirements')
    expect(error.requirements.map(({ type, key, action }) => [type, key, action?.type])).toEqual([
      ['secret', 'VAULT_TOKEN', 'add_secret'],
      ['integration', 'google', 'connect'],
      ['scope', 'drive.readonly', 'add_scopes'],
    ])
    expect(error.requirements[2]!.action).toMatchObject({
      provider_name: 'Google',
      scopes: ['https://www.googleapis.com/auth/drive.readonly'],
    })
    expect(error.message).toContain('secret VAULT_TOKEN is not set')
  })

  test('a limit of the plan is not waited for', () => {
    const open = () =>
      openEnvelope({
        status: 429,
        headers: new Headers(),
        text: '{"detail":"10 of 10 tasks run","meta":{"resource":"concurrency","limit":10,"current":10}}',
        at: NOW,
      })
    expect(open).toThrow(expect.objectContaining({ kind: 'plan', passing: false }))
  })

  test('every kind has words that say what to do', () => {
    for (const kind of ERROR_KINDS) expect(new InferenceError(kind, 'x').advice.length).toBeGreaterThan(20)
  })

  test.each([
    ['<!DOCTYPE html><html>no</html>', 'an HTML page'],
    ['hello', '“hello”'],
    ['[]', 'not what was asked for'],
    ['{"data":{"name":"no id"}}', 'not what was asked for'],
    ['', 'not what was asked for'],
  ])('an answer that is none is named: %j', async (body, words) => {
    const client = answering({ response: { status: 200, headers: {}, body } })
    await expect(client.task('x')).rejects.toMatchObject({ kind: 'foreign' })
    await expect(client.task('x')).rejects.toThrow(words)
  })

  test('a key that the server repeats goes no further', async () => {
    const body = { detail: `bad key ${KEY}`, meta: { header: `Bearer ${KEY}` } }
    const error = (await answering({ response: { status: 401, headers: {}, body } })
      .task('x')
      .catch((reason: unknown) => reason)) as InferenceError
    expect(error).toMatchObject({ kind: 'key', message: 'bad key [key]' })
    expect(JSON.stringify(error)).not.toContain(KEY)
  })
})

describe('exchanges', () => {
  test('a redirect is not followed', async () => {
    const seen: Request[] = []
    const client = answering(
      { response: { status: 302, headers: { location: 'https://evil.example/' }, body: null } },
      seen,
    )
    await expect(client.task('x')).rejects.toMatchObject({ kind: 'redirect' })
    await expect(client.task('x')).rejects.toThrow('https://evil.example/')
    await expect(client.stream('x', new AbortController().signal)).rejects.toMatchObject({ kind: 'redirect' })
    await expect(
      client.upload('https://files.example/', new Uint8Array([120]), 1, 'text/plain'),
    ).rejects.toMatchObject({ kind: 'redirect' })
    expect(seen.every(({ redirect }) => redirect === 'manual')).toBe(true)
  })

  test('a silent server is given up on', async () => {
    const clock = new ManualClock(NOW)
    const client = new InferenceClient(
      'https://api.inference.sh',
      KEY,
      () => new Promise(() => undefined),
      clock,
    )
    const outcomes = Promise.allSettled([client.task('x'), client.stream('x', new AbortController().signal)])
    await clock.advance(31_000)
    expect(await outcomes).toMatchObject([
      { reason: { kind: 'timeout', message: 'no answer to GET /tasks/x within 30 s' } },
      { reason: { kind: 'timeout', message: 'no answer to GET /tasks/x/stream within 30 s' } },
    ])
    expect(clock.pending).toBe(0)
  })

  test('no connection is no answer', async () => {
    const refused = Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
    })
    const client = new InferenceClient('https://api.inference.sh', KEY, () => Promise.reject(refused))
    await expect(client.tasks()).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'connection refused',
      passing: true,
    })
  })

  test('a file is announced with the key and uploaded without it', async () => {
    const seen: Request[] = []
    const client = answering(
      {
        response: {
          status: 200,
          headers: {},
          body: {
            data: [
              { id: 'f', uri: 'https://cloud.inference.sh/f', upload_url: 'https://bucket.example/f?sig=1' },
            ],
          },
        },
      },
      seen,
    )
    const [file] = await client.createFiles([{ filename: 'a.txt', content_type: 'text/plain', size: 1 }])
    await client.upload(file!.upload_url!, new Uint8Array([120]), 1, 'text/plain')
    expect(await seen[0]!.json()).toEqual({
      files: [{ uri: '', filename: 'a.txt', content_type: 'text/plain', size: 1 }],
    })
    expect(seen[1]).toMatchObject({ method: 'PUT', url: 'https://bucket.example/f?sig=1' })
    expect(seen[1]!.headers.get('authorization')).toBeNull()
    await expect(client.upload('file:///etc/passwd', new Uint8Array([120]), 1, '')).rejects.toMatchObject({
      kind: 'foreign',
    })
  })

  test('prototype keys in a body stay keys', async () => {
    const client = answering({
      response: { status: 200, headers: {}, body: '{"data":{"id":"x","__proto__":{"polluted":1}}}' },
    })
    await client.task('x')
    expect('polluted' in {}).toBe(false)
  })
})

describe('streams', () => {
  const streaming = (body: ReadableStream<Uint8Array> | string, headers: Record<string, string> = {}) => {
    const seen: Request[] = []
    const client = new InferenceClient('https://api.inference.sh', KEY, (url, init) => {
      seen.push(new Request(url, init))
      return Promise.resolve(
        new Response(body, { headers: { 'content-type': 'application/x-ndjson', ...headers } }),
      )
    })
    return { client, seen }
  }

  test('lines come as they arrive; a fragment at the end is no line', async () => {
    const { client, seen } = streaming('{"type":"heartbeat"}\r\n\n{"id":"x","status":7}\n{"id":"x","sta')
    let bytes = 0
    const lines = []
    for await (const line of await client.stream('x', new AbortController().signal, () => (bytes += 1)))
      lines.push(line.shape)
    expect(lines).toEqual(['heartbeat', 'nothing', 'snapshot'])
    expect(bytes).toBe(1)
    expect(seen[0]!.headers.get('accept')).toBe('application/x-ndjson')
    expect(new URL(seen[0]!.url).pathname).toBe('/tasks/x/stream')
  })

  test('a connection that breaks is told; one that was left is not', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"type":"heartbeat"}\n'))
      },
      pull(controller) {
        controller.error(
          Object.assign(new TypeError('terminated'), {
            cause: Object.assign(new Error('x'), { code: 'UND_ERR_SOCKET' }),
          }),
        )
      },
    })
    const lines = await streaming(broken).client.stream('x', new AbortController().signal)
    const read = async () => {
      for await (const line of lines) expect(line.shape).toBe('heartbeat')
    }
    await expect(read()).rejects.toMatchObject({ kind: 'unreachable', message: 'connection broken off' })

    let cancelled = false
    const open = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true
      },
    })
    const abort = new AbortController()
    const left = await streaming(open).client.stream('x', abort.signal)
    const next = left.next()
    abort.abort()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(cancelled).toBe(true)

    const watched = new AbortController()
    const silent = await streaming(new ReadableStream()).client.stream('x', watched.signal)
    const more = silent.next()
    watched.abort(new InferenceError('timeout', 'nothing came'))
    await expect(more).rejects.toMatchObject({ kind: 'timeout' })
  })

  test('what is no stream is refused with its reason', async () => {
    const refused = answering({
      response: {
        status: 403,
        headers: {},
        body: { type: 'x/otp_required', detail: 'one-time password required' },
      },
    })
    await expect(refused.stream('x', new AbortController().signal)).rejects.toMatchObject({ kind: 'otp' })
    const page = streaming('<html></html>', { 'content-type': 'text/html; charset=utf-8' })
    await expect(page.client.stream('x', new AbortController().signal)).rejects.toMatchObject({
      kind: 'foreign',
    })
  })
})

describe('the proxy protocol', () => {
  const recorded = exchanges('proxy') as (Exchange & { upstream?: { url: string } })[]
  const targetOf = ({ request }: Exchange) =>
    proxyTarget(request.headers?.[TARGET_HEADER] ?? null, request.path)
  const refused = recorded.filter(({ response: { status } }) => status >= 400)

  test.each(recorded.filter(({ upstream }) => upstream))('$name', (exchange) => {
    const target = targetOf(exchange)
    expect(target.ok && target.url.href).toBe(exchange.upstream?.url)
  })

  test.each(refused.filter(({ response: { status } }) => status !== 401))('$name', (exchange) => {
    const { status, body } = exchange.response
    expect(targetOf(exchange)).toEqual({ ok: false, status, ...(body as { error: string }) })
  })

  test.each(refused)('$name: read from a proxy', ({ response }) => {
    const answer = {
      status: response.status,
      headers: new Headers(),
      text: JSON.stringify(response.body),
      at: NOW,
    }
    expect(() => openEnvelope(answer)).toThrow((response.body as { error: string }).error)
  })

  test('the query is decoded once', () => {
    const target = 'https://api.inference.sh/tasks/list?cursor=a%2Bb'
    expect(
      proxyTarget(null, `/api/inference/proxy?__inf_target=${encodeURIComponent(target)}`),
    ).toMatchObject({
      ok: true,
      url: new URL(target),
    })
  })

  test.each([
    'http://api.inference.sh/tasks/x',
    'https://api.inference.sh:8443/tasks/x',
    'https://api.inference.sh.evil.example/',
    'https://api.inference.sh@evil.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
  ])('%s is no target', (target) => {
    expect(proxyTarget(target, '/')).toMatchObject({ ok: false, status: 412 })
  })
})
