import { expect, it } from 'vitest'
import { NO_OPTIONS, optionsDraft, optionsText, readOptions } from './run-options.ts'

it('sends nothing that was not asked for', () => {
  expect(readOptions(NO_OPTIONS)).toEqual({ options: {}, errors: {} })
  expect(optionsText(NO_OPTIONS)).toBe('')
})

it('speaks the names of the service', () => {
  const draft = {
    infra: 'private_first',
    session: 'existing',
    sessionId: ' sess_1 ',
    sessionTimeout: '600',
    runAt: '2026-11-21T15:00',
    cancelAfter: '2.5',
  } as const
  expect(readOptions(draft)).toEqual({
    options: {
      infra: 'private_first',
      session: 'sess_1',
      session_timeout: 600,
      run_at: new Date('2026-11-21T15:00').toISOString(),
      cancel_after: 150,
    },
    errors: {},
  })
  expect(optionsText(draft)).toBe('private first, in a session, at 2026-11-21 15:00, cancel after 2.5 min')
})

it('says what cannot be', () => {
  expect(
    Object.keys(
      readOptions({ ...NO_OPTIONS, session: 'existing', sessionTimeout: '9999', cancelAfter: '-1' }).errors,
    ),
  ).toEqual(['sessionId', 'sessionTimeout', 'cancelAfter'])
})

it('fills in what was asked for before', () => {
  expect(optionsDraft({})).toEqual(NO_OPTIONS)
  for (const asked of [
    { infra: 'private', session: 'new', session_timeout: 60, cancel_after: 100 },
    { session: 'sess_1', run_at: '2026-11-21T15:00:30.000Z' },
  ] as const)
    expect(readOptions(optionsDraft(asked))).toEqual({ options: asked, errors: {} })
})
