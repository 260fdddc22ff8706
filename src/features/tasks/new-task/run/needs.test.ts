import { expect, it } from 'vitest'
import type { Requirement } from '#model/command.ts'
import { linkParts, needOf as needIn } from './needs.ts'

const SCOPE = 'https://www.googleapis.com/auth/drive.readonly'
const needOf = (requirement: Requirement) => needIn(requirement, 'inference.sh')
const google = { provider: 'google', provider_name: 'Google' }
const requirement = (part: Partial<Requirement>): Requirement => ({
  type: 'secret',
  key: 'VAULT_TOKEN',
  message: 'secret VAULT_TOKEN is not set',
  action: null,
  ...part,
})
const action = (type: string, part: object = {}) => ({
  type,
  provider: null,
  provider_name: null,
  scopes: [],
  scope_descriptions: {},
  ...part,
})

it('says what an app needs and what to do about it, by the kind of each', () => {
  expect(needOf(requirement({ action: action('add_secret') }))).toEqual({
    what: 'Secret VAULT_TOKEN is not set.',
    todo: 'Add the secret VAULT_TOKEN under Secrets in the workspace at inference.sh.',
    scopes: [],
  })
  expect(
    needOf(requirement({ type: 'integration', key: 'google', action: action('connect', google) })).todo,
  ).toMatch(/^Connect Google under Integrations/)
  expect(
    needOf(
      requirement({
        type: 'scope',
        key: 'drive.readonly',
        message: 'Google needs one more permission; it is small!',
        action: action('add_scopes', {
          ...google,
          scopes: [SCOPE, 'other'],
          scope_descriptions: { [SCOPE]: 'See files in Drive' },
        }),
      }),
    ),
  ).toEqual({
    what: 'Google needs one more permission; it is small!',
    todo: 'Connect Google again at inference.sh and allow what is asked.',
    scopes: ['See files in Drive', 'other'],
  })
})

it('goes by the type where no action is named, and has words for kinds it does not know', () => {
  expect(needOf(requirement({})).todo).toMatch(/Secrets/)
  expect(needOf(requirement({ type: 'scope', key: 'apps:execute' })).todo).toMatch(/scope apps:execute/)
  expect(needOf(requirement({ type: 'phone', key: '' })).todo).toBe(
    'Add it to the workspace at inference.sh.',
  )
})

it('makes links of http and https alone', () => {
  expect(linkParts('See https://inference.sh/docs, or javascript:alert(1) at ftp://x.')).toEqual([
    { text: 'See ', href: null },
    { text: 'https://inference.sh/docs', href: 'https://inference.sh/docs' },
    { text: ', or javascript:alert(1) at ftp://x.', href: null },
  ])
})
