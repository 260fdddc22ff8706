import { expect, it } from 'vitest'
import { cleanInputSchema, cleanSchema } from './clean-schema.ts'

it('follows references, with what stands beside them', () => {
  const schema = cleanSchema({
    $defs: { Size: { title: 'Size', type: 'string', enum: ['square', 'wide'] } },
    properties: { size: { $ref: '#/$defs/Size', default: 'wide', description: 'Shape.' } },
  })
  expect(schema.properties?.['size']).toEqual({
    type: ['string'],
    enum: ['square', 'wide'],
    default: 'wide',
    description: 'Shape.',
  })
})

it('takes "or null" as optional', () => {
  expect(
    cleanSchema({ anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }], default: null, title: 'Seed' }),
  ).toEqual({ type: ['integer', 'null'], minimum: 0, default: null, title: 'Seed' })
  expect(cleanSchema({ anyOf: [{ enum: ['a'] }, { type: 'null' }] }).enum).toEqual(['a', null])
})

it('survives what makes no sense', () => {
  const schema = cleanSchema({
    type: 'banana',
    title: 7,
    required: { prompt: true },
    $defs: { Loop: { $ref: '#/$defs/Loop' } },
    properties: {
      loop: { $ref: '#/$defs/Loop' },
      nowhere: { $ref: '#/$defs/Nowhere' },
      nothing: null,
      never: false,
      bounds: { type: 'integer', minimum: 10, maximum: 1, default: 'five' },
      choice: { enum: [] },
      both: { type: ['string', 'integer'], anyOf: 'all' },
      strange: { type: 'string', pattern: '(' },
    },
  })
  expect(schema).toEqual({
    type: ['object'],
    properties: {
      loop: {},
      nowhere: {},
      nothing: {},
      bounds: { type: ['integer'], default: 'five' },
      choice: {},
      both: { type: ['string', 'integer'] },
      strange: { type: ['string'] },
    },
  })
  for (const raw of [null, 3, 'text', [], ['not', 'a', 'schema']]) expect(cleanInputSchema(raw)).toBeNull()
})

it('ends where references multiply', () => {
  const defs: Record<string, unknown> = {}
  for (let level = 0; level < 30; level++)
    defs[`L${level}`] = {
      properties: { a: { $ref: `#/$defs/L${level + 1}` }, b: { $ref: `#/$defs/L${level + 1}` } },
    }
  expect(JSON.stringify(cleanSchema({ $defs: defs, $ref: '#/$defs/L0' })).length).toBeLessThan(1_000_000)
})
