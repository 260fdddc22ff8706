import { request as httpRequest } from 'node:http'
import { connect } from 'node:http2'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createInferenceCloud } from '#emulator/inference/index.ts'
import { createLabDaemon } from '#emulator/labdaemon/index.ts'
import { inProcess } from '#lib/in-process.ts'
import { guard } from '../guard.ts'
import { createRelay } from '../relay.ts'
import { listen, type Listening } from './listen.ts'
import { pageFiles } from './page-files.ts'

/*
 * What an enemy sends, over real HTTP: every route with wrong hosts, origins, methods, bodies, paths and tokens.
 */

const KEY = 'inf_the-key-of-this-server'
const lab = createLabDaemon({ preset: 'bench' })
const cloud = createInferenceCloud({ preset: 'empty' })
/** Echoes what it was sent, as a service that was set up badly may. */
const echo = (request: Request) => {
  const text = JSON.stringify(Object.fromEntries(request.headers))
  const headers = { 'x-debug': request.headers.get('authorization') ?? '', 'content-type': 'text/html' }
  return new Response(`<script>${text}</script>`, { headers })
}
const relay = createRelay({
  version: 'test',
  sources: [
    { name: 'lab', kind: 'labdaemon', url: 'http://lab.test', fetch: inProcess((r) => lab.fetch(r)) },
    {
      name: 'cloud',
      kind: 'inference',
      url: 'http://cloud.test',
      key: KEY,
      fetch: inProcess((r) => (new URL(r.url).pathname.startsWith('/files') ? echo(r) : cloud.fetch(r))),
    },
  ],
})
const root = fileURLToPath(new URL('../../../public', import.meta.url))
const files = pageFiles(root)
const handle = guard({ hosts: ['weir.lab'], allowOrigins: [], token: null }, (request) =>
  new URL(request.url).pathname.startsWith('/api/') ? relay.fetch(request) : files(request),
)
let server: Listening

beforeAll(async () => {
  void relay.start()
  server = await listen(handle, '127.0.0.1', 0)
})
afterAll(async () => {
  await relay.stop()
  await server.close()
  lab.stop()
  cloud.stop()
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** A request as raw as an enemy makes it: no client tidies its path or headers. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body: string | Readable | null = null,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port: server.port, host: '127.0.0.1', method, path, headers },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          // An event stream has begun, which is all there is to know.
          if (response.headers['content-type']?.startsWith('text/event-stream')) request.destroy()
        })
        response.on('close', () => {
          resolve({ status: response.statusCode!, headers: response.headers, body: text })
        })
      },
    )
    // Refused in its middle, the rest of a body finds nobody; the answer is what counts.
    request.on('error', (error) => {
      setImmediate(() => {
        reject(error)
      })
    })
    if (body instanceof Readable) body.pipe(request)
    else request.end(body ?? undefined)
  })
}

/** Every route, with parts that name something where there is something. */
const ROUTES = relay.routes.map(({ method, path }) => ({
  method: method === 'ALL' ? 'POST' : method,
  path: path
    .replace(/:ref\{[^}]+\}/, 'weirdemo/landscape')
    .replace(':source', path.includes('/apps/') || path.includes('/files/') ? 'cloud' : 'lab')
    .replaceAll(/:\w+/g, 'x'),
}))

test('there are routes to attack', () => {
  expect(ROUTES.length).toBeGreaterThan(40)
  expect(ROUTES).toContainEqual({ method: 'POST', path: '/api/tasks/lab' })
})

describe.each(ROUTES)('$method $path', ({ method, path }) => {
  test('answers neither a foreign host nor a foreign origin', async () => {
    expect((await send(method, path, { host: 'evil.test' })).status).toBe(403)
    expect((await send(method, path, { host: 'weir.lab.evil.test' })).status).toBe(403)
    expect((await send(method, path, { origin: 'http://evil.test' })).status).toBe(403)
    expect((await send(method, path, { origin: 'null' })).status).toBe(403)
    expect(
      (await send(method, path, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' })).status,
    ).toBe(403)
    expect((await send(method, path, { 'sec-fetch-dest': 'script' })).status).toBe(403)
  })

  test('whatever it answers is data that nothing runs or keeps', async () => {
    const { headers, status } = await send(method, path)
    expect(status).not.toBe(500)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cache-control']).toMatch(/no-store/)
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/)
  })

  test.skipIf(method === 'GET')(
    'refuses a body that is too large, told or not, too deep, or no JSON',
    async () => {
      const large = 17 * 1024 * 1024
      const upload = path.startsWith('/api/files/')
      const proxied = path.endsWith('/proxy') ? { 'x-inf-target-url': 'http://cloud.test/apps/run' } : {}
      const told = { ...proxied, 'content-length': String(large) }
      if (!upload) expect((await send(method, path, told)).status).toBe(413)
      const pieces = Readable.from(
        (function* () {
          for (let sent = 0; sent < large; sent += 65_536) yield 'x'.repeat(65_536)
        })(),
      )
      const chunked = { ...proxied, 'transfer-encoding': 'chunked' }
      expect((await send(method, path, chunked, pieces)).status).toBe(413)
      if (upload) return
      for (const levels of [201, 5_000, 100_000])
        for (const [open, close] of [
          ['[', ']'],
          ['{"a":', '}'],
          ['[{"a":', '}]'],
        ] as const) {
          const deep = `{"params":${open.repeat(levels)}0${close.repeat(levels)}}`
          expect(await send(method, path, proxied, deep)).toMatchObject({ status: 400 })
          const told = { ...proxied, 'transfer-encoding': 'chunked' }
          expect(await send(method, path, told, Readable.from([deep]))).toMatchObject({ status: 400 })
        }
      if (!path.endsWith('/proxy'))
        expect((await send(method, path, {}, '{"params":')).status).toBeLessThan(500)
    },
  )
})

test.each(['TRACE', 'PATCH', 'PROPFIND', 'DELETE', 'PUT'])('%s finds no route', async (method) => {
  expect((await send(method, '/api/tasks')).status).toBe(404)
  expect((await send(method, '/')).status).toBe(405)
})

test.each([
  '/../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc/passwd',
  '/assets/../../package.json',
  '/assets/%2e%2e%2f%2e%2e%2fpackage.json',
  '//etc/passwd',
  '/%00',
])('no file beyond the page is served: %s', async (path) => {
  const { status, body } = await send('GET', path)
  expect(status).not.toBe(200)
  expect(body).not.toMatch(/root:|"dependencies"/)
})

test.each(['/api/tasks/%', '/api/tasks/lab/%E0%A4%A', '/%ff.js', '/api/%c0%ae%c0%ae'])(
  'a malformed escape is a bad request: %s',
  async (path) => {
    expect((await send('GET', path)).status).toBe(400)
  },
)

describe('the proxy', () => {
  const through = (target: string, method = 'GET', more: Record<string, string> = {}) =>
    send(method, '/api/inference/proxy', { 'x-inf-target-url': target, ...more })

  test('a service that echoes its request does not give the key away', async () => {
    const { status, body, headers } = await through('http://cloud.test/files/x')
    expect(status).toBe(200)
    expect(body).toContain('Bearer ***')
    expect(JSON.stringify({ body, headers })).not.toContain(KEY)
  })

  test('what comes back is no page and no script', async () => {
    const { headers } = await through('http://cloud.test/files/x')
    expect(headers['content-type']).toBe('application/octet-stream')
    expect(headers['content-security-policy']).toMatch(/^sandbox/)
    expect(headers['x-debug']).toBeUndefined()
  })

  test.each([
    ['http://evil.test/tasks/x', 'GET', 412],
    ['http://cloud.test.evil.test/tasks/x', 'GET', 412],
    ['http://cloud.test@evil.test/tasks/x', 'GET', 412],
    ['file:///etc/passwd', 'GET', 412],
    ['nonsense', 'GET', 400],
    ['http://cloud.test/secrets', 'GET', 403],
    ['http://cloud.test/api-keys', 'POST', 403],
    ['http://cloud.test/tasks/x', 'PATCH', 403],
    ['http://cloud.test/tasks/../secrets', 'GET', 403],
    ['http://cloud.test/tasks/%2e%2e/secrets', 'GET', 403],
    ['http://cloud.test/tasks/..%2fsecrets', 'GET', 403],
  ])('%s by %s: %i', async (target, method, status) => {
    expect((await through(target, method)).status).toBe(status)
  })

  test('a caller that brings a key of its own does not get it passed on', async () => {
    const { body } = await through('http://cloud.test/files/x', 'GET', {
      authorization: 'Bearer inf_mine-own',
    })
    expect(body).not.toContain('inf_mine-own')
  })
})

test('a file of another host is not fetched, and a redirect there is not followed', async () => {
  const at = (url: string) => send('GET', `/api/files?url=${encodeURIComponent(url)}`)
  for (const url of ['http://169.254.169.254/latest', 'http://127.0.0.1:22/', 'file:///etc/passwd', 'x'])
    expect((await at(url)).status).toBe(403)
})

test('HTTPS speaks HTTP/2 and HTTP/1.1, and knows its own origin', async () => {
  const pem = (name: string) => readFileSync(new URL(`../../testing/tls/${name}`, import.meta.url), 'utf8')
  const tls = { cert: pem('localhost.crt'), key: pem('localhost.key') }
  const secure = await listen(handle, '127.0.0.1', 0, tls)
  const session = connect(`https://127.0.0.1:${secure.port}`, { ca: tls.cert })
  const statusOf = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const stream = session.request(headers)
      stream.on('response', (answer) => {
        resolve(answer[':status']!)
        stream.close()
      })
      stream.on('error', reject)
    })
  const own = `https://127.0.0.1:${secure.port}`
  expect(await statusOf({ ':path': '/api/health', origin: own })).toBe(200)
  expect(await statusOf({ ':path': '/api/stream?topic=tasks', origin: own })).toBe(200)
  expect(await statusOf({ ':path': '/api/health', origin: own.replace('https', 'http') })).toBe(403)
  session.destroy()
  await secure.close()
})
