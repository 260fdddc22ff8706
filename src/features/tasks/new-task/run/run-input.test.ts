import { expect, it } from 'vitest'
import { cleanInputSchema } from '#panels/schema-form/clean-schema.ts'
import { fieldNames, inputFor, rememberedText, seedField } from './run-input.ts'

const schema = cleanInputSchema({
  properties: {
    prompt: { type: 'string' },
    steps: { type: 'integer', default: 28 },
    token: { type: 'string', format: 'password' },
  },
})!

it('takes along what was written, then what was used last, then the defaults', () => {
  const own = { draft: { as: 'json', text: '{"prompt": "a"}' }, isOwn: true } as const
  expect(inputFor(schema, own, '{"steps": 3}')).toEqual({ as: 'form', value: { prompt: 'a', steps: 28 } })
  const other = { draft: { as: 'form', value: { prompt: 'a', wind: 3 } }, isOwn: true } as const
  expect(inputFor(schema, other, null)).toEqual({ as: 'form', value: { prompt: 'a', steps: 28 } })
  const fresh = { draft: { as: 'json', text: '{}' }, isOwn: false } as const
  expect(inputFor(schema, fresh, '{"steps": 3}')).toEqual({ as: 'form', value: { steps: 3 } })
  expect(inputFor(schema, fresh, null)).toEqual({ as: 'form', value: { steps: 28 } })
  const broken = { draft: { as: 'json', text: '{"prompt' }, isOwn: true } as const
  expect(inputFor(schema, broken, null)).toEqual(broken.draft)
})

it('remembers no secrets', () => {
  const value = { prompt: 'a', token: 'hush', more: 1 }
  expect(JSON.parse(rememberedText(schema, { as: 'form', value }))).toEqual({ prompt: 'a', more: 1 })
  expect(rememberedText(schema, { as: 'json', text: JSON.stringify(value) })).not.toContain('hush')
})

it('guesses the field of the seed', () => {
  expect(seedField(fieldNames(schema, { rng_seed: 1 }))).toBe('rng_seed')
  expect(seedField([])).toBe('seed')
})
