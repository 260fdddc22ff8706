import { expect, test } from 'vitest'
import { guard, type GuardOptions } from './guard.ts'

const open: GuardOptions = { hosts: ['lab-pc'], allowOrigins: ['https://front.test'], token: null }
const ask = (url: string, headers: Record<string, string> = {}, options = open, method = 'GET') =>
  guard(options, () => new Response('served'))(new Request(url, { headers, method }))
const TOKEN = 'a-token-of-many-characters'

test.each([
  ['http://127.0.0.1:4680/', 200],
  ['http://localhost:4680/', 200],
  ['http://[::1]:4680/', 200],
  ['http://192.168.1.7:4680/', 200],
  ['http://lab-pc:4680/', 200],
  ['http://evil.test/', 403],
])('asked as %s: %i', async (url, status) => {
  expect((await ask(url)).status).toBe(status)
})

test('pages of other origins are refused, unless named', async () => {
  const url = 'http://localhost:4680/api/tasks/lab/a/cancel'
  expect((await ask(url, { origin: 'http://localhost:4680' }, open, 'POST')).status).toBe(200)
  const foreign = await ask(url, { origin: 'http://evil.test' }, open, 'POST')
  expect(foreign.status).toBe(403)
  expect(((await foreign.json()) as { title: string }).title).toContain('--allow-origin http://evil.test')
  expect((await ask(url, { origin: 'null' }, open, 'POST')).status).toBe(403)
  const named = await ask(url, { origin: 'https://front.test' }, open, 'POST')
  expect(named.headers.get('access-control-allow-origin')).toBe('https://front.test')
  expect((await ask(url, { origin: 'https://front.test' }, open, 'OPTIONS')).status).toBe(204)
})

test('another site may link to Weir but not read from it', async () => {
  const cross = { 'sec-fetch-site': 'cross-site' }
  expect((await ask('http://localhost/api/tasks', { ...cross, 'sec-fetch-mode': 'no-cors' })).status).toBe(
    403,
  )
  expect((await ask('http://localhost/', { ...cross, 'sec-fetch-mode': 'navigate' })).status).toBe(200)
})

test('with a token: the printed URL sets a cookie, and only that or a bearer opens', async () => {
  const options = { ...open, token: 'secret' }
  expect((await ask('http://10.0.0.5/api/tasks', {}, options)).status).toBe(401)
  expect(
    (await ask('http://10.0.0.5/', { accept: 'text/html' }, options)).headers.get('content-type'),
  ).toContain('html')
  expect((await ask('http://10.0.0.5/?token=wrong', {}, options)).status).toBe(401)
  const first = await ask('http://10.0.0.5/wall?panels=x&token=secret', {}, options)
  expect(first.status).toBe(303)
  expect(first.headers.get('location')).toBe('/wall?panels=x')
  expect(first.headers.get('set-cookie')).toMatch(/^weir_token_80=secret; HttpOnly; SameSite=Strict/)
  expect((await ask('http://10.0.0.5/', { cookie: 'a=b; weir_token_80=secret' }, options)).status).toBe(200)
  expect((await ask('http://10.0.0.5/', { authorization: 'Bearer secret' }, options)).status).toBe(200)
  expect((await ask('http://10.0.0.5/', { cookie: 'weir_token_80=secre' }, options)).status).toBe(401)
  expect((await ask('http://10.0.0.5/api/health', {}, options)).status).toBe(200)
  // A front end's own key beside the right cookie shuts nobody out.
  const both = { authorization: 'Bearer inf_other', cookie: 'weir_token_80=secret' }
  expect((await ask('http://10.0.0.5/', both, options)).status).toBe(200)
})

test('a token may hold anything', async () => {
  const options = { ...open, token: 'a+b/c==' }
  const first = await ask(`http://10.0.0.5:81/?token=${encodeURIComponent(options.token)}`, {}, options)
  const cookie = first.headers.get('set-cookie')!.split(';')[0]!
  expect(cookie).toMatch(/^weir_token_81=/)
  expect((await ask('http://10.0.0.5:81/', { cookie }, options)).status).toBe(200)
})

test.each([
  ['http://10.0.0.5//evil.test/?token=', '/evil.test/'],
  ['http://10.0.0.5///evil.test/a?b=1&token=', '/evil.test/a?b=1'],
  ['http://10.0.0.5/\\\\evil.test/?token=', '/evil.test/'],
])('the way in never leads to another host: %s', async (url, location) => {
  const answer = await ask(url + TOKEN, {}, { ...open, token: TOKEN })
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe(location)
})

test('over HTTPS the cookie is for HTTPS only', async () => {
  const cookieOf = async (url: string) =>
    (await ask(`${url}/?token=${TOKEN}`, {}, { ...open, token: TOKEN })).headers.get('set-cookie')
  expect(await cookieOf('https://10.0.0.5')).toMatch(/^weir_token_443=.*; Secure$/)
  expect(await cookieOf('http://10.0.0.5')).not.toContain('Secure')
})

test('guesses are slowed by address, and shut out neither others nor the pages that are open', async () => {
  let now = 0
  const handle = guard(
    { ...open, token: TOKEN, clock: { monotonic: () => now } },
    () => new Response('served'),
  )
  const from = (address: string, headers: Record<string, string>, query = '') =>
    handle(new Request(`http://10.0.0.5/api/tasks${query}`, { headers }), { address })
  for (let i = 0; i < 5; i++)
    expect((await from('10.0.0.9', { authorization: `Bearer wrong-${i}` })).status).toBe(401)
  const sixth = await from('10.0.0.9', { authorization: `Bearer ${TOKEN}` })
  expect(sixth.status).toBe(429)
  expect(sixth.headers.get('retry-after')).toBe('60')
  expect((await from('10.0.0.9', {}, `?token=${TOKEN}`)).status).toBe(429)
  expect((await from('10.0.0.9', { cookie: `weir_token_80=${TOKEN}` })).status).toBe(200)
  expect((await from('10.0.0.8', { authorization: `Bearer ${TOKEN}` })).status).toBe(200)
  now = 60_000
  expect((await from('10.0.0.9', { authorization: `Bearer ${TOKEN}` })).status).toBe(200)
  for (let i = 0; i < 5; i++) await from('10.0.0.9', { cookie: `weir_token_80=wrong-${i}` })
  expect((await from('10.0.0.9', { cookie: `weir_token_80=${TOKEN}` })).status).toBe(429)
})

test('an open tab with the cookie of an earlier start is no guesser', async () => {
  const handle = guard({ ...open, token: TOKEN }, () => new Response('served'))
  const ask = (value: string) =>
    handle(new Request('http://10.0.0.5/api/tasks', { headers: { cookie: `weir_token_80=${value}` } }))
  for (let i = 0; i < 20; i++) expect((await ask('of-an-earlier-start')).status).toBe(401)
  expect((await ask(TOKEN)).status).toBe(200)
})

test.each(['script', 'style', 'iframe', 'worker', 'serviceworker', 'object', 'embed'])(
  'the API is never a %s',
  async (destination) => {
    const headers = { 'sec-fetch-dest': destination, 'sec-fetch-site': 'same-origin' }
    expect((await ask('http://localhost/api/files?url=x', headers)).status).toBe(403)
    expect((await ask('http://localhost/assets/index.js', headers)).status).toBe(200)
  },
)

test.each(['/%', '/%E0%A4%A', '/api/tasks/lab/%ff', '/tasks/lab/%c0%ae'])(
  'a path that is no text is refused: %s',
  async (path) => {
    expect((await ask(`http://localhost${path}`)).status).toBe(400)
  },
)
