import { afterEach, expect, test } from 'vitest'
import type { Command } from '#model/command.ts'
import type { TaskSummary } from '#model/task.ts'
import type { StopAnswer } from '#protocols/weir/api.ts'
import { startLab, type TestLab } from '#testing/lab.ts'

let lab: TestLab

afterEach(async () => {
  const stopped = lab.relay.stop()
  await lab.clock.advance(20_000)
  await stopped
  lab.lab.stop()
})

const unfinished = async () =>
  ((await lab.ask('/tasks')).body as { tasks: TaskSummary[] }).tasks
    .filter(({ status }) => !['completed', 'cancelled'].includes(status))
    .map(({ id }) => id)
const stop = async (tasks?: string[]) =>
  (await lab.ask('/sources/lab/stop', tasks ? { tasks } : {})).body as StopAnswer
const asked = ({ commands }: StopAnswer) => commands.map(({ verb, target }) => `${verb} ${target}`)

test('every unfinished task is asked to cancel; what has ended is not', async () => {
  lab = await startLab()
  await lab.start('done', 'ResultTask')
  await lab.start('a', 'SlowTask', { duration: 600 })
  await lab.start('b', 'PausableTask', { steps: 6_000 })
  await lab.clock.advance(3_000)
  const answer = await stop()
  expect(asked(answer).sort()).toEqual(['cancel a', 'cancel b'])
  expect(answer.commands.every(({ acceptedAt }) => acceptedAt !== null)).toBe(true)
  await lab.clock.advance(10_000)
  expect(await unfinished()).toEqual([])
})

test('what waits in a batch, or for its turn to start, does not start', async () => {
  lab = await startLab()
  const inputs = Array.from({ length: 4 }, () => ({ duration: 600 }))
  await lab.ask('/batches/lab', { type: 'SlowTask', name: 'x', inputs, concurrency: 1, idPrefix: 'b' })
  await lab.clock.advance(500)
  // Three at once: LabDaemon is given one start after the other.
  const starts = ['x', 'y', 'z'].map((id) => lab.start(id, 'SlowTask', { duration: 600 }))
  const answer = await stop()
  await lab.clock.advance(10_000)
  await Promise.all(starts)
  expect(answer.notStarted).toBe(3)
  expect(await unfinished()).toEqual([])
  const { body } = await lab.ask('/commands')
  const kept = (body as { commands: Command[] }).commands.filter(({ error }) => error?.type === 'NotWanted')
  expect(kept.every(({ verb }) => verb === 'start')).toBe(true)
  // What is started later is wanted.
  expect(await lab.start('later', 'SlowTask', { duration: 600 })).toBe(201)
  await lab.clock.advance(2_000)
  expect(await unfinished()).toEqual(['later'])
})

test('only those that are named, and none is asked twice', async () => {
  lab = await startLab()
  for (const id of ['a', 'b', 'deaf'])
    await lab.start(id, id === 'deaf' ? 'StubbornTask' : 'SlowTask', { duration: 600 })
  await lab.clock.advance(1_000)
  expect(asked(await stop(['a', 'deaf', 'none']))).toEqual(['cancel a', 'cancel deaf'])
  const again = await stop(['deaf'])
  expect(again).toMatchObject({ commands: [], cancelling: ['deaf'] })
  await lab.clock.advance(5_000)
  expect(await unfinished()).toEqual(['b', 'deaf'])
})

test('a source that is not there, a body that is none', async () => {
  lab = await startLab()
  expect((await lab.ask('/sources/none/stop', {})).status).toBe(404)
  expect((await lab.ask('/sources/lab/stop', { tasks: 'a' })).status).toBe(400)
})
