import { expect, it } from 'vitest'
import apps from '#testing/wire/inference/rest-apps.json' with { type: 'json' }
import { cleanInputSchema, cleanSchema } from './clean-schema.ts'
import { fieldsOf, kindOf, labelOf, othersIn, startObject } from './field-kind.ts'

const recorded = apps.exchanges.find((each) => each.name === 'apps.getByName')?.response.body as {
  data: { version: { input_schema: unknown } }
}
const landscape = cleanInputSchema(recorded.data.version.input_schema)!

it('makes a form of a recorded app', () => {
  expect(
    fieldsOf(landscape).map(({ name, schema, required }) => [name, kindOf(schema, name), required]),
  ).toEqual([
    ['prompt', 'long-text', true],
    ['size', 'choice', false],
    ['steps', 'number', false],
    ['guidance', 'number', false],
    ['seed', 'number', false],
    ['reference', 'file', false],
    ['masks', 'list', false],
    ['upscale', 'boolean', false],
  ])
  expect(startObject(landscape)).toEqual({
    size: 'wide',
    steps: 28,
    guidance: 3.5,
    masks: [],
    upscale: false,
  })
})

it('leaves sockets out and writes as JSON what no control fits', () => {
  const schema = cleanSchema({
    properties: {
      microphone: { type: 'string', format: 'stream' },
      either: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      weights: { type: 'object', additionalProperties: { type: 'number' } },
      path: { type: 'array', items: { type: 'object', properties: { x: { type: 'number' } } } },
      mood: { type: 'string', format: 'color' },
      nothing: null,
    },
  })
  expect(fieldsOf(schema).map(({ name, schema: part }) => [name, kindOf(part, name)])).toEqual([
    ['either', 'json'],
    ['weights', 'json'],
    ['path', 'list'],
    ['mood', 'color'],
    ['nothing', 'json'],
  ])
  expect(othersIn(schema, { either: 1, more: 2 })).toEqual(['more'])
})

it('begins with no default of a wrong type', () => {
  expect(startObject(cleanSchema({ properties: { bounds: { type: 'integer', default: 'five' } } }))).toEqual(
    {},
  )
})

it('labels by title, else by name', () => {
  expect(labelOf('num_inference_steps', {})).toBe('Num inference steps')
  expect(labelOf('x', { title: 'Width' })).toBe('Width')
})
