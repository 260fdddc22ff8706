import type { AppSource, Job, Work } from '../app.ts'
import type { Value } from '../value.ts'

const POINT = {
  type: 'object',
  title: 'Point',
  required: ['x', 'y'],
  properties: { x: { type: 'number' }, y: { type: 'number' } },
}

const WORKBENCH_INPUT = {
  type: 'object',
  title: 'AppInput',
  description: 'One field of every kind.',
  required: ['name', 'count'],
  $defs: { Mode: { title: 'Mode', type: 'string', enum: ['fast', 'careful', 'both'] }, Point: POINT },
  properties: {
    name: { type: 'string', title: 'Name', minLength: 1, maxLength: 80 },
    essay: { type: 'string', title: 'Essay', format: 'textarea', default: 'two\nlines' },
    count: { type: 'integer', title: 'Count', minimum: 1, maximum: 10 },
    share: { type: 'number', title: 'Share', default: 0.5, minimum: 0, maximum: 1, multipleOf: 0.05 },
    mode: { $ref: '#/$defs/Mode', default: 'careful', description: 'How to work.' },
    fast: { type: 'boolean', title: 'Hurry', default: true },
    colour: { type: 'string', format: 'color', title: 'Colour', default: '#2a7fb8' },
    when: {
      anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }],
      default: null,
      title: 'When',
    },
    tags: { type: 'array', title: 'Tags', items: { type: 'string' }, default: ['river'], maxItems: 6 },
    origin: { $ref: '#/$defs/Point', default: { x: 0, y: 0 } },
    path: { type: 'array', title: 'Path', items: { $ref: '#/$defs/Point' }, default: [] },
    weights: { type: 'object', title: 'Weights', additionalProperties: { type: 'number' }, default: {} },
    either: { anyOf: [{ type: 'string' }, { type: 'integer' }], title: 'Text or number', default: 'x' },
    picture: {
      anyOf: [{ type: 'string', format: 'file' }, { type: 'null' }],
      default: null,
      title: 'Picture',
    },
    files: {
      type: 'array',
      title: 'Files',
      items: { type: 'string', format: 'file' },
      default: [],
      maxItems: 3,
    },
    token: { type: 'string', title: 'Token', format: 'password', default: '' },
    microphone: { type: 'string', title: 'Microphone', format: 'stream' },
  },
}

const PREVIEW_INPUT = {
  type: 'object',
  title: 'PreviewInput',
  required: ['name'],
  properties: { name: { type: 'string', title: 'Name' } },
}

const ECHO_OUTPUT = { type: 'object', title: 'AppOutput', properties: { echo: { type: 'object' } } }

/** A form with a field of every kind, a setup and two functions. */
export const workbench: AppSource = {
  name: 'workbench',
  title: 'Workbench',
  description: 'Takes a value of every kind and gives it back.',
  category: 'other',
  input: WORKBENCH_INPUT,
  output: ECHO_OUTPUT,
  setup: {
    type: 'object',
    title: 'AppSetup',
    properties: {
      model: { type: 'string', title: 'Model', enum: ['small', 'large'], default: 'small' },
      cache: { type: 'boolean', title: 'Keep a cache', default: false },
    },
  },
  functions: {
    run: { description: 'Give everything back.', input: WORKBENCH_INPUT, output: ECHO_OUTPUT },
    preview: { description: 'Give the name back.', input: PREVIEW_INPUT, output: ECHO_OUTPUT },
  },
  container: '180 MB',
  work: function* (job: Job): Work {
    job.log(`function ${job.fn}, run ${job.calls + 1} of this worker's session\n`)
    yield 1_200
    return {
      echo: job.input as unknown as Value,
      setup: job.setup as unknown as Value,
      function: job.fn,
      calls: job.calls,
    }
  },
}

/** A schema that means nothing; whatever is sent is taken. */
export const riddle: AppSource = {
  name: 'riddle',
  title: 'Riddle',
  description: 'Has a schema that makes no sense.',
  category: 'other',
  input: {
    type: 'banana',
    title: 7,
    required: { prompt: true },
    $defs: { Loop: { $ref: '#/$defs/Loop' } },
    properties: {
      loop: { $ref: '#/$defs/Loop' },
      nowhere: { $ref: '#/$defs/Nowhere' },
      nothing: null,
      list: { type: 'array' },
      never: false,
      bounds: { type: 'integer', minimum: 10, maximum: 1, default: 'five' },
      choice: { enum: [] },
      both: { type: ['string', 'integer'], anyOf: 'all' },
      ['__proto__x']: { type: 'string', pattern: '(' },
    },
  },
  output: ['not', 'a', 'schema'],
  work: function* (job: Job): Work {
    yield 900
    return { answer: 42, got: job.input as unknown as Value }
  },
}

/** No schema at all. */
export const blackbox: AppSource = {
  name: 'blackbox',
  title: 'Black Box',
  description: 'Says nothing about what it takes or gives.',
  category: 'other',
  input: null,
  output: null,
  work: function* (job: Job): Work {
    yield 900
    return { got: job.input as unknown as Value }
  },
}
