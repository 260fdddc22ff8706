import { describe, expect, it } from 'vitest'
import { cleanInputSchema } from '#panels/schema-form/clean-schema.ts'
import { NO_BATCH } from './batch-draft.ts'
import { checkRuns, listValues, planBatch } from './batch-plan.ts'
import { parseRows } from './parse-rows.ts'

const schema = cleanInputSchema({
  required: ['prompt'],
  properties: {
    prompt: { type: 'string' },
    steps: { type: 'integer', maximum: 60 },
    fast: { type: 'boolean' },
    size: { type: 'string', enum: ['wide', 'tall'] },
    origin: { type: 'object', properties: { x: { type: 'number' }, y: { type: 'number' } } },
    tags: { type: 'array', items: { type: 'string' } },
  },
})!

describe('seeds', () => {
  it('repeats with each', () => {
    const seed = { field: 'seed', from: '1', to: '60' }
    const plan = planBatch({ ...NO_BATCH, kind: 'seeds', seed }, { prompt: 'a' }, schema)
    expect(plan.runs).toHaveLength(60)
    expect(plan.runs[59]).toMatchObject({ label: 'seed 60', input: { prompt: 'a', seed: 60 } })
    expect(plan.what).toBe('seed 1 to 60')
  })

  it('says what is wrong', () => {
    const of = (from: string, to: string) =>
      planBatch({ ...NO_BATCH, kind: 'seeds', seed: { field: 's', from, to } }, {}, null).errors
    expect(of('9', '3')).toEqual({ to: 'Not less than the first' })
    expect(of('1', '5000')).toEqual({ to: 'At most 1000 runs' })
    expect(of('x', '')).toEqual({ from: 'A whole number', to: 'A whole number' })
  })
})

describe('rows', () => {
  it('reads CSV by the types of the fields', () => {
    const rows = parseRows('prompt,steps,fast,origin.x\n"a, b",28,yes,3\n42,,no,\n', schema)
    expect(rows).toMatchObject({ kind: 'csv', error: null })
    expect(rows.rows.map((row) => row.values)).toEqual([
      { prompt: 'a, b', steps: 28, fast: true, origin: { x: 3 } },
      { prompt: '42', fast: false },
    ])
    expect(parseRows('prompt\none\ntwo', schema).rows.map((row) => row.values)).toEqual([
      { prompt: 'one' },
      { prompt: 'two' },
    ])
    expect(parseRows('a;b\n1;x', null).rows[0]?.values).toEqual({ a: 1, b: 'x' })
  })

  it('reads JSON lines and lists, and says which row cannot be read', () => {
    expect(parseRows('{"prompt":"a"}\n\n{"prompt":}\n3', schema).rows).toEqual([
      { line: 1, values: { prompt: 'a' }, error: null },
      { line: 3, values: {}, error: 'column 11: a value is expected' },
      { line: 4, values: {}, error: 'a row is an object: names and their values, in braces' },
    ])
    expect(parseRows('[{"a":1},{"b":2}]', null)).toMatchObject({ columns: ['a', 'b'] })
    expect(parseRows('[{"a":1},', null).error).toMatch(/^Line 1/)
  })

  it.each([
    ['sep=;\nprompt;steps\na, b;2', 3],
    ['\uFEFFsep=;\r\nprompt;steps\r\n"a, b";2\r\n', 3],
    ['\uFEFFprompt\tsteps\na, b\t2', 2],
    ['prompt;steps\na, b;2\nc;3', 2],
  ])('reads what Excel writes: %j', (text, line) => {
    const { columns, rows, error } = parseRows(text, null)
    expect(error).toBeNull()
    expect(columns).toEqual(['prompt', 'steps'])
    expect(rows[0]).toEqual({ line, values: { prompt: 'a, b', steps: 2 }, error: null })
  })

  it('refuses tables that cannot be meant', () => {
    expect(parseRows('a,a\n1,2', null).error).toBe('The column a is there twice')
    expect(parseRows('a,b\n1,2,3', null).rows[0]?.error).toMatch(/3 values for 2 columns/)
    expect(parseRows('prompt', null).error).toMatch(/first line names/)
  })

  it('lays them over the form and checks each', () => {
    const rows = 'steps,origin.x\n10,1\n400,2\nmany,3'
    const base = { prompt: 'a', origin: { y: 7 } }
    const plan = planBatch({ ...NO_BATCH, kind: 'rows', rows }, base, schema)
    expect(plan.runs[0]?.input).toEqual({ prompt: 'a', steps: 10, origin: { x: 1, y: 7 } })
    expect(checkRuns(plan.runs, schema).map((run) => run.error)).toEqual([
      null,
      'steps: at most 60',
      'steps: a whole number is expected',
    ])
  })
})

describe('grid', () => {
  it('takes every pair', () => {
    const grid = [
      { field: 'steps', values: '10, 20,30' },
      { field: 'size', values: 'wide\ntall' },
    ] as const
    const plan = planBatch({ ...NO_BATCH, kind: 'grid', grid }, {}, schema)
    expect(plan.runs.map((run) => run.input)).toEqual([
      { steps: 10, size: 'wide' },
      { steps: 10, size: 'tall' },
      { steps: 20, size: 'wide' },
      { steps: 20, size: 'tall' },
      { steps: 30, size: 'wide' },
      { steps: 30, size: 'tall' },
    ])
    expect(plan.runs[1]?.label).toBe('steps 10, size tall')
  })

  it('lists values as people write them', () => {
    expect(listValues('1..4', undefined)).toEqual([1, 2, 3, 4])
    expect(listValues('a, 2, true', undefined)).toEqual(['a', 2, true])
    expect(listValues('2, 3', { type: ['string'] })).toEqual(['2', '3'])
    expect(listValues('[["x"], []]', undefined)).toEqual([['x'], []])
    expect(listValues('one, two\nthree', { type: ['string'] })).toEqual(['one, two', 'three'])
  })
})
