import { expect, test } from 'vitest'
import { accessOf, strayVariables } from './source-access.ts'
import type { NamedSource } from './source-argument.ts'

const LAB: NamedSource = { name: 'lab-1', kind: 'labdaemon', url: 'https://lab.test/base' }
const CLOUD: NamedSource = { name: 'cloud', kind: 'inference', url: 'https://api.inference.sh' }

function recording() {
  const sent: { url: string; headers: Record<string, string> }[] = []
  const fetch = (url: string, init: RequestInit) => {
    sent.push({ url, headers: Object.fromEntries(new Headers(init.headers)) })
    return Promise.resolve(new Response())
  }
  return { sent, fetch }
}

test('the headers of a source go to the source, and nowhere else', async () => {
  const { sent, fetch } = recording()
  const env = { WEIR_HEADER_LAB_1: 'Authorization: Bearer geheim-1\nX-Lab: a' }
  const access = accessOf(LAB, [LAB], env, fetch)
  await access.fetch('https://lab.test/tasks', { headers: { accept: 'a/b' } })
  await access.fetch('https://lab.test.evil.test/tasks', {})
  await access.fetch('http://lab.test/tasks', {})
  expect(sent.map(({ headers }) => headers)).toEqual([
    { accept: 'a/b', authorization: 'Bearer geheim-1', 'x-lab': 'a' },
    {},
    {},
  ])
  expect(access).toMatchObject({
    login: { variable: 'WEIR_HEADER_LAB_1', given: true },
    secrets: ['Bearer geheim-1', 'geheim-1'],
  })
})

test('what Weir sets itself stays, and a basic login is a secret with its password', async () => {
  const { sent, fetch } = recording()
  const token = Buffer.from('me:geheim').toString('base64')
  const access = accessOf(LAB, [LAB], { WEIR_HEADER_LAB_1: `Authorization: Basic ${token}` }, fetch)
  await access.fetch('https://lab.test/', { headers: { authorization: 'own' } })
  expect(sent[0]!.headers).toEqual({ authorization: 'own' })
  expect(access.secrets).toEqual([`Basic ${token}`, token, 'geheim'])
})

test.each([
  ['geheim', /WEIR_HEADER_LAB_1 is not a header/],
  ['A B: geheim', /is not a header/],
  ['X-A: geheim\u2028x', /is not a header/],
  [': geheim', /is not a header/],
  ['Content-Length: geheim', /sets "Content-Length", which is Weir's own/],
])('%j is refused without being repeated', (value, words) => {
  const read = () => accessOf(LAB, [LAB], { WEIR_HEADER_LAB_1: value }, recording().fetch)
  expect(read).toThrow(words)
  expect(read).toThrow(/^(?!.*geheim)/)
})

test('sources do not share what lets Weir in, and the key of a cloud has its own place', () => {
  const twin = { ...LAB, name: 'lab.1' }
  const env = { WEIR_HEADER_LAB_1: 'X-A: abcd', WEIR_HEADER_CLOUD: 'Authorization: Bearer abcd' }
  expect(() => accessOf(LAB, [LAB, twin], env, recording().fetch)).toThrow(/would share WEIR_HEADER_LAB_1/)
  expect(() => accessOf(CLOUD, [CLOUD], env, recording().fetch)).toThrow(/goes into INFERENCE_API_KEY_CLOUD/)
  expect(accessOf(CLOUD, [CLOUD], { INFERENCE_API_KEY: 'inf_1' }, recording().fetch).key).toBe('inf_1')
  expect(strayVariables([CLOUD], env)).toEqual(['WEIR_HEADER_LAB_1'])
})

test('the variable with the headers of a source may be one that the configuration names', async () => {
  const { sent, fetch } = recording()
  const queue: NamedSource = {
    name: 'queue',
    kind: 'jobs',
    url: 'http://q.test/jobs',
    headers: 'QUEUE_LOGIN',
  }
  const env = { QUEUE_LOGIN: 'X-Token: geheim', WEIR_HEADER_QUEUE: 'X-Other: 1' }
  const access = accessOf(queue, [queue], env, fetch)
  await access.fetch('http://q.test/jobs', {})
  expect(sent[0]?.headers).toEqual({ 'x-token': 'geheim' })
  expect(access).toMatchObject({ login: { variable: 'QUEUE_LOGIN', given: true }, secrets: ['geheim'] })
  expect(strayVariables([queue], env)).toEqual(['WEIR_HEADER_QUEUE'])
})
