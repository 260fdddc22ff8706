import { expect, test } from 'vitest'
import { parseSource, parseSourceObject } from './source-argument.ts'

test.each([
  ['lab=labdaemon:http://127.0.0.1:5000', 'http://127.0.0.1:5000'],
  ['lab=labdaemon:http://127.0.0.1:5000//', 'http://127.0.0.1:5000'],
  ['lab=labdaemon:https://gate.example/lab-1/', 'https://gate.example/lab-1'],
  ['lab=labdaemon:http://[::1]:5000', 'http://[::1]:5000'],
  ['lab = labdaemon:HTTP://LAB.local:80 ', 'http://lab.local'],
])('%s is a source', (item, url) => {
  expect(parseSource(item)).toEqual({ name: 'lab', kind: 'labdaemon', url })
})

test.each([
  ['http://lab:5000', /is not NAME=KIND:URL, as in bench=/],
  ['http://lab:5000/?a=labdaemon:x', /is not NAME=KIND:URL/],
  ['lab=', /NAME=KIND:URL/],
  ['lab=labdaemon', /needs an http or https URL: write lab=labdaemon:http:\/\/HOST:PORT/],
  ['=labdaemon:http://x', /"" cannot name a source/],
  ['a/b=labdaemon:http://x', /"a\/b" cannot name a source: a name has letters/],
  ['.=labdaemon:http://x', /"\." cannot name a source/],
  ['..=labdaemon:http://x', /"\.\." cannot name a source/],
  ['my lab=labdaemon:http://x', /"my lab" cannot name a source/],
  ['lab#1=labdaemon:http://x', /cannot name a source/],
  ['__proto__=labdaemon:http://x', /cannot name a source/],
  ['läb=labdaemon:http://x', /cannot name a source/],
  [`${'n'.repeat(65)}=labdaemon:http://x`, /has 65 characters; a source's name has at most 64/],
  ['lab=http://x:5000', /lacks its kind: write lab=labdaemon:http:\/\/x:5000 or lab=inference:/],
  ['lab=octopus:http://x', /kind "octopus"; Weir knows labdaemon, inference, jobs/],
  ['lab=labdaemon:192.168.1.20:5000', /write lab=labdaemon:http:\/\/192\.168\.1\.20:5000/],
  ['lab=labdaemon:localhost:5000', /write lab=labdaemon:http:\/\/localhost:5000/],
  ['lab=labdaemon:ws://x', /needs an http or https URL, not "ws:\/\/x"/],
  ['lab=labdaemon:file:///etc', /needs an http or https URL/],
  ['lab=labdaemon:http://my lab:5000', /has a space in its URL/],
  ['lab=labdaemon:http://x:99999', /has no valid URL/],
  ['lab=labdaemon:http://x:0', /port 0/],
  ['lab=labdaemon:http://x/?key=1', /has a query .* goes into WEIR_HEADER_LAB/],
  ['lab=labdaemon:http://x/?', /has a query/],
  ['lab-2=labdaemon:http://x/#top', /has a fragment/],
  ['lab-2=labdaemon:http://u:geheim@x', /password in its URL.* set WEIR_HEADER_LAB_2/],
  ['lab=labdaemon:http://x:5000/docs', /names "\/docs" of the server.*write lab=labdaemon:http:\/\/x:5000/],
  ['lab=labdaemon:http://x/lab1/tasks/', /write lab=labdaemon:http:\/\/x\/lab1/],
  ['cloud=inference:https://api.inference.sh/v1', /write cloud=inference:https:\/\/api\.inference\.sh/],
])('%s is refused in words that help', (item, words) => {
  expect(() => parseSource(item)).toThrow(words)
})

test.each([
  'http://u:geheim@x',
  'lab=labdaemon:http://u:geheim@x y',
  'lab=labdaemon:http://u:geheim@',
  'lab=labdaemon:http://x y?token=geheim',
  'lab=http://u:geheim@x',
])('%s: what may be a password is not repeated', (item) => {
  expect(() => parseSource(item)).toThrow(/^(?!.*geheim)/)
})

test('where Weir adds no paths, the address is as it was written', () => {
  expect(parseSource('queue=jobs:http://q.test/api/jobs/').url).toBe('http://q.test/api/jobs/')
})

test('a source may be an object, with what its kind wants to know', () => {
  const settings = { status: '/state', stream: { url: '/jobs/{id}/events' } }
  const given = { kind: 'jobs', url: 'http://q.test/jobs', headers: 'QUEUE_HEADERS', ...settings }
  expect(parseSourceObject('sources.0', { name: 'queue', ...given })).toEqual({
    name: 'queue',
    kind: 'jobs',
    url: 'http://q.test/jobs',
    headers: 'QUEUE_HEADERS',
    settings,
  })
  expect(parseSourceObject('sources.lab', { kind: 'labdaemon', url: 'http://lab.test/' }, 'lab')).toEqual({
    name: 'lab',
    kind: 'labdaemon',
    url: 'http://lab.test',
  })
})

test.each([
  [
    { kind: 'jobs', url: 'http://q.test' },
    /^sources\.0\.name must be a text; a source has "name", "kind" and "url"$/,
  ],
  [{ name: 'q', kind: 'octopus', url: 'http://q.test' }, /kind "octopus"; Weir knows/],
  [{ name: 'q', kind: 'jobs' }, /^sources\.0\.url must be a text/],
  [{ name: 'q', kind: 'jobs', url: 'q.test' }, /needs an http or https URL/],
  [
    { name: 'q', kind: 'jobs', url: 'http://q.test', list: 'items' },
    /^sources\.0\.list must be a JSON pointer/,
  ],
  [{ name: 'q', kind: 'labdaemon', url: 'http://q.test', list: '/a' }, /^sources\.0\.list is nothing that/],
  [
    { name: 'q-1', kind: 'jobs', url: 'http://q.test', headers: { Authorization: 'Bearer geheim' } },
    /^(?!.*geheim)sources\.0\.headers must be the name of an environment variable.*"Q_1_HEADERS"$/,
  ],
  [
    { name: 'q', kind: 'jobs', url: 'http://q.test', headers: 'Authorization: geheim' },
    /^(?!.*geheim)sources\.0\.headers must be/,
  ],
])('the object %j is refused in one line that says where', (given, words) => {
  expect(() => parseSourceObject('sources.0', given)).toThrow(words)
})
