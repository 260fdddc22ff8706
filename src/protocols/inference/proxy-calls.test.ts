import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { CallTable, isCall, PROXY_CALLS } from './proxy-calls.ts'

const SDK = new URL('../../../node_modules/@inferencesh/sdk/dist/', import.meta.url)
/** The modules that a front end uses; those for keys, teams, secrets, engines … are not let through. */
const MODULES = ['apps', 'tasks', 'files', 'sessions', 'flows', 'agents'].map((name) => `api/${name}.js`)
const AGENT = ['agent/api.js', 'agent/actions.js']

/** What chats with agents need beside the modules of this SDK. */
const BESIDE = [
  'POST /chats/list',
  'POST /chats/:',
  'DELETE /chats/:',
  'GET /chats/:/trace',
  'POST /chats/:/settings',
  'GET /chats/:/tools/:/always-allow/options',
  'POST /chats/:/tools/:/explain',
]

const shape = (call: string) => call.replaceAll(/:\w+|\$\{[^}]+\}/g, ':')

function callsOfTheSdk(): Set<string> {
  const calls = new Set<string>()
  for (const name of [...MODULES, ...AGENT]) {
    const text = readFileSync(fileURLToPath(new URL(name, SDK)), 'utf8')
    for (const [, method, path] of text.matchAll(/request\('(\w+)',\s*['`](\/[^'`]*)['`]/g))
      calls.add(shape(`${method!.toUpperCase()} ${path!}`))
    for (const [, path] of text.matchAll(/(?:createEventSource|getStreamableConfig)\(['`](\/[^'`]*)['`]/g))
      calls.add(shape(`GET ${path!}`))
  }
  return calls
}

test('the table is what the SDK calls and what agents need, and nothing else', () => {
  const wanted = new Set([...callsOfTheSdk(), ...BESIDE])
  // An app and an agent may be named by namespace and name.
  wanted.add('GET /apps/:/:')
  expect([...new Set(PROXY_CALLS.map(shape))].sort()).toEqual([...wanted].sort())
  expect(callsOfTheSdk().size).toBeGreaterThan(60)
})

test('every line of the table is a call', () => {
  expect(PROXY_CALLS.filter((call) => !isCall(call))).toEqual([])
})

test.each([
  ['GET', '/tasks/abc/stream', true],
  ['GET', '/apps/infsh/flux@v2', true],
  ['DELETE', '/tasks/abc', true],
  ['PATCH', '/tasks/abc', false],
  ['HEAD', '/tasks/abc', false],
  ['GET', '/tasks', false],
  ['GET', '/tasks/', false],
  ['GET', '/tasks//stream', false],
  ['GET', '/tasks/abc/stream/', false],
  ['GET', '/secrets', false],
  ['POST', '/api-keys', false],
  ['GET', '/teams/x', false],
  ['GET', '/tasks/a%2F..%2F..%2Fsecrets', false],
  ['GET', '/tasks/a%5c..%5csecrets', false],
  ['get', '/tasks/abc', false],
  ['GET', '//tasks/abc', false],
])('%s %s passes: %s', (method, path, passes) => {
  expect(new CallTable(PROXY_CALLS).allows(method, path)).toBe(passes)
})

test('a further call is one line', () => {
  const calls = new CallTable([...PROXY_CALLS, 'GET /search/:words'])
  expect(calls.allows('GET', '/search/weir')).toBe(true)
  expect(calls.allows('POST', '/search/weir')).toBe(false)
})

test.each(['search', 'GET search', 'FETCH /x', 'GET /x y', 'GET /../x y', 'GET /a?b'])(
  '"%s" is no call',
  (text) => {
    expect(isCall(text)).toBe(false)
  },
)
