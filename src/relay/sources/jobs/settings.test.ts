import { expect, test } from 'vitest'
import { SettingsError } from '../../source-kind.ts'
import { readSettings, urlOf } from './settings.ts'

const LIST = 'http://queue.test/api/jobs'

test.each([
  [{ status: 'state' }, /^status must be a JSON pointer \(RFC 6901\), as in "\/state"/],
  [{ progress: 7 }, /^progress must be a JSON pointer, as in "\/progress", or one of/],
  [{ progress: { step: '/a' } }, /^progress must be/],
  [{ statuses: { DONE: 'finished' } }, /^statuses\.DONE must be one of received, queued,.* cancelled$/],
  [{ statuses: { GONE: 'lost' } }, /^statuses\.GONE must be one of/],
  [{ pollSeconds: 0 }, /^pollSeconds must be 0\.2 or more/],
  [{ colour: 'red' }, /colour/],
  [{ log: '/jobs/{id}/log' }, /^log /],
  [{ log: { url: '/jobs/log' } }, /^log\.url must have \{id\}/],
  [
    { stream: { url: 'http://other.test/{id}' } },
    /^stream\.url must be an address at http:\/\/queue\.test, where/,
  ],
  [{ cancel: { url: 'file:///{id}' } }, /^cancel\.url must be an address at/],
  [{ cancel: { url: 'http://u:geheim@queue.test/{id}' } }, /^(?!.*geheim)cancel\.url has a password/],
  [{ cancel: { url: '/{id}', method: 'GET' } }, /^cancel\.method must be POST, PUT, PATCH or DELETE/],
])('%j is refused in one line that says where', (settings, words) => {
  expect(() => readSettings(LIST, settings)).toThrow(SettingsError)
  expect(() => readSettings(LIST, settings)).toThrow(words)
})

test('words for states are understood whatever their case, the own ones first', () => {
  const { statuses } = readSettings(LIST, { statuses: { DONE: 'failed', Heißgelaufen: 'failed' } })
  expect(['done', 'heißgelaufen', 'pending', 'killed'].map((word) => statuses.get(word))).toEqual([
    'failed',
    'failed',
    'queued',
    'cancelled',
  ])
})

test('an id is one part of an address, whatever it holds', () => {
  expect(urlOf('/jobs/{id}/log', LIST, 'a/../b?$&#')).toBe(
    'http://queue.test/jobs/a%2F..%2Fb%3F%24%26%23/log',
  )
  expect(urlOf('http://queue.test/x?job={id}', LIST, 'ü')).toBe('http://queue.test/x?job=%C3%BC')
})
