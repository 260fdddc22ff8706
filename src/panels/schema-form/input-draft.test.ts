import { expect, it } from 'vitest'
import { cleanInputSchema } from './clean-schema.ts'
import { draftText, readDraft, startDraft, turnDraft } from './input-draft.ts'
import { Unreadable } from './value.ts'

const schema = cleanInputSchema({
  required: ['prompt'],
  properties: { prompt: { type: 'string' }, steps: { type: 'integer', default: 28 } },
})!

it('begins with the defaults, or with what is given', () => {
  expect(startDraft(schema)).toEqual({ as: 'form', value: { steps: 28 } })
  expect(startDraft(schema, { prompt: 'a', more: [1] })).toEqual({
    as: 'form',
    value: { prompt: 'a', more: [1] },
  })
  expect(startDraft(null)).toEqual({ as: 'json', text: '{}' })
})

it('turns from form to text and back with all values', () => {
  const form = startDraft(schema, { prompt: 'a', more: { deep: [1, null] } })
  const text = turnDraft(form, 'json')
  expect(text).toMatchObject({ as: 'json' })
  expect(turnDraft(text as typeof form, 'form')).toEqual(form)
  expect(turnDraft({ as: 'json', text: '{"prompt": }' }, 'form')).toMatch(/^Line 1, column 12/)
  expect(turnDraft({ as: 'json', text: '[]' }, 'form')).toMatch(/object/)
})

it('keeps what is not finished', () => {
  const half = { as: 'form', value: { prompt: new Unreadable('{"a') } } as const
  expect(draftText(half)).toContain('"prompt": {"a')
  expect(readDraft(half, schema).issues).toHaveLength(1)
})

it('reads', () => {
  expect(readDraft({ as: 'json', text: ' ' }, schema)).toEqual({
    value: {},
    issues: [{ path: ['prompt'], message: 'is needed' }],
    error: null,
  })
  expect(readDraft({ as: 'json', text: '{' }, null).error).toMatch(/^Line 1/)
})
