import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '../fixtures.ts'
import { DIST, spawnServer } from '../helpers/relay-process.ts'
import { expectProgress } from '../helpers/screens.ts'

/** A request with any headers; fetch sets Host and Origin itself. */
function ask(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (part: string) => (body += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
      .on('error', reject)
      .end()
  })
}

function oneLine(text: string): string {
  expect(text.trim().split('\n')).toHaveLength(1)
  return text
}

test('the relay prints one line with its URL, answers for its health, and ends at SIGTERM and SIGINT', async ({
  relay,
}) => {
  const { status, headers, body } = await ask(relay.at('/api/health'))
  expect(status).toBe(200)
  expect(headers['content-type']).toContain('application/json')
  expect(JSON.parse(body)).toEqual({
    status: 'ok',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown,
    problems: [],
  })
  const { sources } = await relay.api<{ sources: unknown[] }>('/sources')
  expect(sources).toHaveLength(1)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const ended = await relay.stop(signal)
    expect(ended?.code, signal).toBe(0)
    expect(oneLine(ended?.stdout ?? '')).toContain(relay.url)
    await relay.start()
  }
})

test('the log says start, states of sources, refused commands and the end, each line with its time', async ({
  lab,
  startRelay,
}) => {
  await lab.start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  const relay = await startRelay(
    [
      '--source',
      `lab=labdaemon:${lab.url}`,
      '--source',
      'gone=labdaemon:http://127.0.0.1:1',
      '--host',
      '0.0.0.0',
    ],
    { WEIR_TOKEN: 'a-token-of-more-than-20' },
  )
  const headers = { authorization: 'Bearer a-token-of-more-than-20' }
  const at = (path: string) => `http://127.0.0.1:${new URL(relay.url).port}/api${path}`
  await expect.poll(async () => (await fetch(at('/tasks/lab/run-1'), { headers })).status).toBe(200)
  await expect
    .poll(async () => (await (await fetch(at('/health'))).json()) as unknown)
    .toMatchObject({ problems: [{ about: 'source', name: 'gone' }] })
  const body = JSON.stringify({ key: 'delay', value: 99 })
  await fetch(at('/tasks/lab/run-1/parameters'), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  })
  await relay.stop()
  const lines = relay.log.trim().split('\n')
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (?:info |warn ) \S/)
  expect(lines[0]).toMatch(
    /weir: version \S+ has started .* shows lab \(labdaemon\), gone \(labdaemon\) at http:/,
  )
  expect(lines).toContainEqual(expect.stringContaining('info  source lab: answers'))
  expect(lines).toContainEqual(expect.stringContaining('warn  source gone: Cannot be reached'))
  expect(lines).toContainEqual(
    expect.stringMatching(/warn {2}command: parameter lab\/run-1.* refused: TaskParam/),
  )
  expect(lines.at(-2)).toContain('weir: stopping: SIGTERM')
  expect(lines.at(-1)).toContain('weir: stopped')
  expect(lines).toHaveLength(6)
  expect(relay.log).not.toContain('a-token')
})

test('a taken port is one line and exit code 1', async ({ relay }) => {
  const { port } = new URL(relay.url)
  const { code, stderr, stdout } = await spawnServer(['--port', port]).ended
  expect(code).toBe(1)
  expect(oneLine(stderr)).toContain(`Port ${port}`)
  expect(stdout).toBe('')
})

for (const { what, args, env = {}, words } of [
  { what: 'an unknown command', args: ['serve'], words: '"serve" is no command' },
  { what: 'an unknown flag', args: ['--prot', '1'], words: '--prot' },
  { what: 'a port that is none', args: ['--port', 'http'], words: '"http"' },
  { what: 'a source of an unknown kind', args: ['--source', 'a=ftp:http://x'], words: '"ftp"' },
  { what: 'a source without a URL', args: ['--source', 'bench'], words: 'NAME=KIND:URL' },
  {
    what: 'two sources of one name',
    args: ['--source', 'a=labdaemon:http://x', '--source', 'a=labdaemon:http://y'],
    words: '"a"',
  },
  { what: 'a bad port in the environment', args: [], env: { WEIR_PORT: '99999' }, words: '99999' },
] satisfies { what: string; args: string[]; env?: Record<string, string>; words: string }[])
  test(`${what} is one line and exit code 2`, async () => {
    const { code, stderr } = await spawnServer(args, { env }).ended
    expect(code).toBe(2)
    expect(oneLine(stderr)).toContain(words)
  })

for (const { what, text, words } of [
  { what: 'that is no JSON', text: '{ "port": 1, }', words: 'weir.config.json is no JSON' },
  { what: 'with an unknown key', text: '{ "prot": 1 }', words: 'weir.config.json' },
  { what: 'with a source of no kind', text: '{ "sources": { "a": "http://x" } }', words: '"a' },
])
  test(`a config file ${what} is one line and exit code 2`, async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'weir-'))
    try {
      writeFileSync(join(cwd, 'weir.config.json'), text)
      const { code, stderr } = await spawnServer([], { cwd }).ended
      expect(code).toBe(2)
      expect(oneLine(stderr)).toContain(words)
    } finally {
      rmSync(cwd, { recursive: true })
    }
  })

test('a wider host than loopback needs the token that was printed', async ({ page, startRelay, console }) => {
  console.allow(/status of 401/)
  const relay = await startRelay(['--host', '0.0.0.0'])
  const { port, searchParams } = new URL(relay.url)
  const token = searchParams.get('token') ?? ''
  expect(token.length).toBeGreaterThan(15)
  const at = `http://127.0.0.1:${port}`
  expect((await ask(`${at}/api/health`)).status).toBe(200)
  for (const path of ['/', '/api/sources', '/api/tasks', '/api/stream?topic=tasks'])
    expect((await ask(at + path)).status, path).toBe(401)
  expect((await ask(`${at}/api/sources`, { authorization: `Bearer ${token}x` })).status).toBe(401)
  expect((await ask(`${at}/api/sources`, { authorization: `Bearer ${token}` })).status).toBe(200)

  await page.goto(at)
  await expect(page.getByText('This Weir needs its token')).toBeVisible()
  await page.goto(`${at}/?token=${token}`)
  await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible()
  await expect(page).toHaveURL(`${at}/`)
  const [cookie] = await page.context().cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
  await page.reload()
  await expect(page.getByRole('article').first()).toBeVisible()
})

test('foreign names and foreign pages are refused', async ({ relay }) => {
  const url = relay.at('/api/sources')
  expect((await ask(url)).status).toBe(200)
  expect((await ask(url, { host: 'evil.example' })).status).toBe(403)
  expect((await ask(relay.url, { host: `evil.example:${new URL(relay.url).port}` })).status).toBe(403)
  expect((await ask(url, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await ask(url, { origin: 'null' })).status).toBe(403)
  expect(
    (await ask(relay.at('/api/tasks/lab/x/cancel'), { origin: 'https://evil.example' }, 'POST')).status,
  ).toBe(403)
  expect((await ask(url, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
  const { headers } = await ask(url)
  expect(headers['access-control-allow-origin']).toBeUndefined()
})

test('index.html is never cached, assets are compressed and cached for ever', async ({ relay }) => {
  const html = await ask(relay.url)
  expect(html.headers['cache-control']).toMatch(/no-cache|no-store/)
  const scripts = [...html.body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
  expect(scripts.length).toBeGreaterThan(1)
  for (const path of scripts)
    for (const encoding of ['br', 'gzip']) {
      const asset = await ask(relay.at(path), { 'accept-encoding': encoding })
      expect(asset.status, path).toBe(200)
      expect(asset.headers['cache-control'], path).toMatch(/immutable/)
      // Below a kilobyte there is nothing to gain.
      if (Buffer.byteLength(asset.body) >= 1_024 || asset.headers['content-encoding'])
        expect(asset.headers['content-encoding'], path).toBe(encoding)
    }
  for (const route of ['/tasks/lab/run.1', '/wall', '/devices/lab/laser1'])
    expect((await ask(relay.at(route))).headers['content-type'], route).toContain('text/html')
  expect((await ask(relay.at('/assets/none.js'))).status).toBe(404)
  expect((await ask(relay.at('/..%2f..%2fpackage.json'))).body).not.toContain('"scripts"')
})

test('the production build has no mock service worker', async ({ relay }) => {
  expect(existsSync(join(DIST, 'page/mockServiceWorker.js'))).toBe(false)
  expect((await ask(relay.at('/mockServiceWorker.js'))).headers['content-type']).not.toContain('javascript')
})

test('the emulator alone on a port is a LabDaemon that the relay can watch', async ({ page, startRelay }) => {
  const emulator = spawnServer(['emulator', 'labdaemon', '--port', '0', '--seed', '7'])
  await once(emulator.child.stdout!, 'data')
  const url = /http:\S+/.exec(emulator.said().stdout)?.[0] ?? ''
  expect(await (await fetch(url)).json()).toMatchObject({ name: 'LabDaemon Server' })
  const relay = await startRelay([], { WEIR_SOURCES: `bench=labdaemon:${url}` })
  await page.goto(relay.url)
  await expectProgress(page.getByRole('article').and(page.locator('[data-task-status="running"]')).last())
  await relay.stop()
  emulator.child.kill('SIGTERM')
  expect(await emulator.ended).toMatchObject({ code: 0, stderr: '' })
})

test('a config file names the sources and the port; flags win', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'weir-'))
  try {
    const config = {
      port: 1,
      sources: { bench: 'labdaemon:http://127.0.0.1:1', far: 'labdaemon:http://127.0.0.1:2' },
    }
    writeFileSync(join(cwd, 'weir.config.json'), JSON.stringify(config))
    const relay = spawnServer(['--port', '0'], { cwd })
    await once(relay.child.stdout!, 'data')
    expect(relay.said().stdout).toMatch(/bench \(labdaemon\), far \(labdaemon\) at http:/)
    relay.child.kill('SIGTERM')
    expect((await relay.ended).code).toBe(0)
  } finally {
    rmSync(cwd, { recursive: true })
  }
})

test('two labs are two sources, and the same id in both are two tasks', async ({ page, lab, startRelay }) => {
  const url = lab.url
  await lab.start('same', 'PausableTask', { steps: 600, delay: 0.1 })
  const relay = await startRelay([
    '--source',
    `north=labdaemon:${url}/`,
    '--source',
    'south=labdaemon:http://127.0.0.1:1',
  ])
  await page.goto(relay.at('/sources'))
  await expect(page.getByRole('article', { name: 'north' })).toHaveAttribute('data-source-state', 'ok')
  await expect(page.getByRole('article', { name: 'south' })).toHaveAttribute(
    'data-source-state',
    'unreachable',
  )
  await page.goto(relay.at('/?source=north'))
  await expect(page.getByRole('article', { name: 'same' })).toHaveAccessibleDescription(/north/)
})
