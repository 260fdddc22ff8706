import { expect, test } from 'vitest'
import { startLab } from '#testing/lab.ts'

const REFUSED = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })

test('a source that is away stands in the log and in the health answer, until it is back', async () => {
  const { clock, lab, said, ask } = await startLab()
  const health = async () => (await ask('/health')).body
  expect(said).toEqual(['info source lab: answers'])
  expect(await health()).toEqual({ status: 'ok', version: 'test', problems: [] })

  const { fetch } = lab
  lab.fetch = () => Promise.reject(new TypeError('fetch failed', { cause: REFUSED }))
  await clock.advance(60_000)
  expect(said.slice(1)).toEqual([
    'warn source lab: Cannot be reached: connection refused. Weir keeps trying.',
  ])
  const { problems } = (await health()) as { problems: { since: number }[] }
  expect(problems).toEqual([
    {
      about: 'source',
      name: 'lab',
      since: expect.any(Number) as unknown,
      text: 'The source lab cannot be reached.',
    },
  ])
  expect(clock.now() - problems[0]!.since).toBeGreaterThan(50_000)

  lab.fetch = fetch
  await clock.advance(20_000)
  expect(said.slice(2)).toEqual(['info source lab: answers'])
  expect(await health()).toMatchObject({ problems: [] })
})

test('a refused command stands in the log once, without the values that were asked for', async () => {
  const { clock, said, ask, start } = await startLab()
  await start('run-1', 'PausableTask', { steps: 600, delay: 0.1 })
  const set = ask('/tasks/lab/run-1/parameters', { key: 'delay', value: 99 })
  await clock.advance(2_000)
  expect((await set).status).toBe(502)
  await clock.advance(10_000)
  expect(said.slice(1)).toEqual([
    `warn command: parameter lab/run-1, asked by script: refused: TaskParameterError: Failed to set parameter 'delay' on task 'run-1': delay must be more than 0 and at most 10 s`,
  ])
})
