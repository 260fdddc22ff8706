import { expect, it } from 'vitest'
import { parseExact } from '#lib/exact-json.ts'
import type { Batch } from '#model/batch.ts'
import { unknownTask, type TaskSummary } from '#model/task.ts'
import { batchPercent, countBatch } from './batch-counts.ts'
import { captionOf, differingFields } from './differing.ts'
import { collectRuns, exportCsv, exportJson } from './export-batch.ts'

const batch: Batch = {
  id: 'b1',
  source: 'cloud',
  type: 'weirdemo/landscape',
  name: 'seeds',
  by: { kind: 'page', id: 'p1' },
  startedAt: 0,
  total: 5,
  concurrency: 2,
  waiting: 1,
  taskIds: ['t1', 't2', 't3', null, null],
  refused: [{ index: 3, message: 'no such size' }],
  cancelledAt: null,
}
const inputs = [1, 2, 3, 4, 5].map((seed) => ({ prompt: 'a', seed }))
const task = (id: string, part: Partial<TaskSummary>): TaskSummary => ({
  ...unknownTask('cloud', 'inference', id, 0),
  ...part,
})
const tasks = new Map([
  ['t1', task('t1', { status: 'completed', startedAt: 1_000, endedAt: 3_500 })],
  ['t2', task('t2', { status: 'running', progress: { percent: 50, step: null, total: null, at: 0 } })],
])
const taskOf = (id: string) => tasks.get(id)

it('counts every run once', () => {
  expect(countBatch(batch, taskOf)).toEqual({
    waiting: 2,
    running: 1,
    completed: 1,
    failed: 1,
    cancelled: 0,
    unknown: 0,
  })
  expect(countBatch({ ...batch, cancelledAt: 9 }, taskOf)).toMatchObject({ waiting: 1, cancelled: 1 })
  expect(batchPercent(batch, taskOf)).toBe(50)
  const odd = task('t3', { status: 'unknown', statusNote: 'status 99' })
  expect(countBatch(batch, (id) => (id === 't3' ? odd : taskOf(id)))).toMatchObject({
    waiting: 1,
    unknown: 1,
  })
})

it('finds what tells inputs apart', () => {
  expect(differingFields(inputs)).toEqual(['seed'])
  expect(differingFields([{ a: 1 }, { a: 1, b: [] }])).toEqual(['b'])
  expect(differingFields([{ a: 1 }])).toEqual([])
  expect(captionOf(inputs[3], ['seed'])).toBe('seed 4')
})

it('exports outputs as they were written', async () => {
  const runs = await collectRuns({
    batch,
    inputs,
    taskOf,
    output: () => Promise.resolve('{"id":12345678901234567890,"text":"=1+1"}'),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
  const json = exportJson(batch, runs)
  expect(json).toContain('"output":{"id":12345678901234567890,')
  expect((JSON.parse(json) as { runs: unknown[] }).runs[3]).toMatchObject({
    status: 'refused',
    error: 'no such size',
    input: { seed: 4 },
    output: null,
  })
  const [head, first] = exportCsv(runs).split('\r\n')
  expect(head).toBe(
    'run,id,status,startedAt,endedAt,seconds,error,input.prompt,input.seed,output.id,output.text',
  )
  expect(first).toContain('t1,completed,1970-01-01T00:00:01.000Z,1970-01-01T00:00:03.500Z,2.5,,a,1,')
  expect(first).toContain(",12345678901234567890,'=1+1")
})

it('tells inputs apart and exports them by the numbers that were written', async () => {
  const written = parseExact('[{"seed":9007199254740993},{"seed":9007199254740992},{"seed":1.0}]') as {
    seed: unknown
  }[]
  expect(differingFields(written.slice(0, 2))).toEqual(['seed'])
  expect(captionOf(written[0], ['seed'])).toBe('seed 9007199254740993')
  const runs = await collectRuns({
    batch,
    inputs: written as Record<string, unknown>[],
    taskOf,
    output: () => Promise.resolve('{"id":9007199254740993,"gain":1.0,"nested":{"n":1e400}}'),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
  expect(exportJson(batch, runs)).toContain('"input":{"seed":9007199254740993}')
  const [, first = ''] = exportCsv(runs).split('\r\n')
  for (const cell of ['9007199254740993', '1.0', '{""n"":1e400}']) expect(first).toContain(cell)
})
