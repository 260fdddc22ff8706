import { expect, test } from 'vitest'
import { askedOf } from './run-asked.ts'

const NOW = Date.UTC(2026, 10, 21, 14)

test('what Weir itself asked for is kept whole', () => {
  const asked = {
    app: 'weirdemo/landscape@v2',
    function: 'sketch',
    setup: { size: 2 },
    infra: 'cloud',
    session: 'new',
    session_timeout: 60,
    cancel_after: 90,
  }
  const { app, ...options } = asked
  expect(askedOf('weirdemo/landscape', { asked, sessionId: 's1', infra: 'private' }, NOW)).toEqual({
    app,
    options,
  })
})

test('of runs from elsewhere what the service tells', () => {
  const meta = {
    function: 'sketch',
    infra: 'private',
    setup: { size: 2 },
    sessionId: 's1',
    sessionTimeout: 60,
    runAt: NOW - 1,
    worker: 'x',
  }
  expect(askedOf('a/b', meta, NOW)).toEqual({
    app: 'a/b',
    options: {
      function: 'sketch',
      infra: 'private',
      setup: { size: 2 },
      session: 's1',
      session_timeout: 60,
    },
  })
  expect(askedOf('a/b', { function: 'run', infra: 'cloud', setup: null }, NOW)).toEqual({
    app: 'a/b',
    options: {},
  })
})

test('a time that is still to come is kept, nonsense is not', () => {
  expect(askedOf(null, { runAt: NOW + 60_000 }, NOW)).toEqual({
    app: null,
    options: { run_at: '2026-11-21T14:01:00.000Z' },
  })
  const asked = { infra: 'moon', session: 7, cancel_after: -1, run_at: 'soon', setup: [] }
  expect(askedOf('a/b', { asked }, NOW)).toEqual({ app: 'a/b', options: {} })
})
