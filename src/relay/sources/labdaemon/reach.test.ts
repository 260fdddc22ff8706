import { afterEach, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { Source } from '#model/source.ts'
import type { Problem } from '#protocols/weir/api.ts'
import type { TaskSummary } from '#model/task.ts'
import { createRelay, type Relay } from '../../relay.ts'
import type { SourceConfig } from '../../source-kind.ts'

let relay: Relay | undefined
let clock: ManualClock

afterEach(async () => {
  const stopped = relay?.stop()
  await clock.advance(20_000)
  await stopped
  relay = undefined
})

type Answer = (path: string, init: RequestInit) => Response | Error | undefined

/** A lab with one running task, before which something stands that answers in its place. */
async function behind(answer: Answer, more: Partial<SourceConfig> = {}) {
  clock = new ManualClock()
  const asked: string[] = []
  relay = createRelay({
    version: 'test',
    clock,
    sources: [
      {
        name: 'lab',
        kind: 'labdaemon',
        url: 'http://lab.test:5000',
        fetch: (url, init) => {
          asked.push(`${init.method ?? 'GET'} ${url}`)
          expect(init.redirect).toBe('manual')
          const { pathname } = new URL(url)
          const said = answer(pathname, init)
          if (said instanceof Error) return Promise.reject(said)
          if (said) return Promise.resolve(said)
          const task = { task_id: 'run', task_type: 'T', running: true }
          const bodies: Record<string, object> = {
            '/': { name: 'lab', endpoints: {} },
            '/tasks': { tasks: [task] },
            '/devices': { devices: [] },
          }
          const body = bodies[pathname]
          return Promise.resolve(
            body
              ? Response.json(body)
              : Response.json({ error: { type: 'DeviceNotFound', message: 'no' } }, { status: 404 }),
          )
        },
        ...more,
      },
    ],
  })
  void relay.start()
  await clock.advance(0)
  const ask = async <T>(path: string, method = 'GET') => {
    const response = await relay!.fetch(new Request(`http://weir.test/api${path}`, { method }))
    return (await response.json()) as T
  }
  const source = async () => (await ask<{ sources: Source[] }>('/sources')).sources[0]!
  return { ask, source, asked }
}

const redirect = (to: string, status = 307) => new Response(null, { status, headers: { location: to } })

test('another host’s tasks never appear: a redirect is refused, and where it leads is said', async () => {
  const { ask, source, asked } = await behind(() => redirect('http://other.test:81/tasks?token=geheim'))
  expect(await source()).toMatchObject({ state: 'wrong' })
  expect((await source()).detail).toMatch(
    /it redirects to http:\/\/other\.test:81\/tasks, where Weir does not go/,
  )
  expect(JSON.stringify(await source())).not.toContain('geheim')
  expect((await ask<{ tasks: TaskSummary[] }>('/tasks')).tasks).toEqual([])
  expect(asked.every((each) => each.includes('//lab.test:5000/'))).toBe(true)
})

test('a command that is redirected was not done, and says so', async () => {
  const { ask, asked } = await behind((path) =>
    path.endsWith('/cancel') ? redirect('http://other.test/tasks/run/cancel', 302) : undefined,
  )
  const problem = await ask<Problem>('/tasks/lab/run/cancel', 'POST')
  expect(problem.source).toMatchObject({ type: 'Redirect' })
  expect(problem.detail).toBe('it redirects to http://other.test/tasks/run/cancel, where Weir does not go')
  expect(asked.some((each) => each.includes('other.test'))).toBe(false)
})

test.each([
  [401, {}, /^HTTP 401: it wants a login\. To be let in, set WEIR_HEADER_LAB="Authorization: Bearer …"/],
  [401, { 'www-authenticate': 'Basic realm="x"' }, /wants a login of the kind Basic/],
  [403, {}, /^HTTP 403: it does not let Weir in\. To be let in, set WEIR_HEADER_LAB/],
] as const)('%i %j is said with what to do', async (status, headers, words) => {
  const { source } = await behind(() => new Response('<html>no</html>', { status, headers }), {
    login: { variable: 'WEIR_HEADER_LAB', given: false },
  })
  expect(await source()).toMatchObject({ state: 'refused' })
  expect((await source()).detail).toMatch(words)
})

test('a login that is not accepted is named', async () => {
  const { source } = await behind(() => new Response('', { status: 401 }), {
    login: { variable: 'WEIR_HEADER_LAB', given: true },
  })
  expect((await source()).detail).toMatch(/correct WEIR_HEADER_LAB .*not accepted/)
})

test('429 is waited for as long as it asks, and no longer', async () => {
  let refusing = true
  const { source, asked } = await behind((path) =>
    refusing && path === '/tasks'
      ? new Response('', { status: 429, headers: { 'retry-after': '30' } })
      : undefined,
  )
  expect(await source()).toMatchObject({ state: 'refused' })
  expect((await source()).detail).toBe(
    'HTTP 429: too many requests; it asks to wait 30 s. Weir asks again by itself.',
  )
  const before = asked.length
  refusing = false
  await clock.advance(29_000)
  expect(asked).toHaveLength(before)
  await clock.advance(2_000)
  expect(await source()).toMatchObject({ state: 'ok' })
})

test('a gateway without its server is no other kind of server', async () => {
  const { source } = await behind(() => new Response('<html>Bad Gateway</html>', { status: 502 }))
  expect(await source()).toMatchObject({ state: 'not_answering' })
  expect((await source()).detail).toMatch(/HTTP 502: what stands before the server got no answer from it/)
})

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /authority that this machine does not know; NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', /certificate has expired/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /speaks no TLS there/],
])('%s is said in words', async (code, words) => {
  const failed = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
  const { source } = await behind(() => failed)
  expect((await source()).detail).toMatch(words)
})

test('what lets Weir in is not repeated, should the server do so', async () => {
  const { ask, source } = await behind(
    (path) => {
      if (path.endsWith('/cancel'))
        return Response.json({ error: { type: 'Bad', message: 'Bearer geheim-1' } }, { status: 400 })
      return path === '/devices' ? new Response('who is geheim-1?', { status: 403 }) : undefined
    },
    { secrets: ['Bearer geheim-1', 'geheim-1'] },
  )
  const problem = await ask<Problem>('/tasks/lab/run/cancel', 'POST')
  expect(problem.detail).toBe('[secret]')
  const all = JSON.stringify([problem, await source(), await ask('/commands'), await ask('/tasks/lab/run')])
  expect(all).not.toContain('geheim')
})
