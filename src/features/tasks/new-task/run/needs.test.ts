import { expect, it } from 'vitest'
import { needsOf } from './needs.ts'

it('lists what an app needs', () => {
  const message =
    'secret VAULT_TOKEN is not set; Google is not connected; Google needs one more permission. ' +
    'The app needs something that the workspace does not have yet. Add it at inference.sh, then run again.'
  expect(needsOf({ type: 'requirements', message })).toEqual([
    { what: 'Secret VAULT_TOKEN is not set', todo: expect.stringMatching(/Secrets/) as string },
    { what: 'Google is not connected', todo: expect.stringMatching(/Integrations/) as string },
    { what: 'Google needs one more permission', todo: expect.stringMatching(/allow/) as string },
  ])
  expect(needsOf({ type: 'invalid', message: 'a; b' })).toBeNull()
})
