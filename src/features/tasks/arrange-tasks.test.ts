import { describe, expect, it } from 'vitest'
import { countStatuses, matchesTask, sortTasks } from './arrange-tasks.ts'
import { sampleTask, tasksOf } from './sample-task.ts'
import { tasksQuery } from './tasks-query.ts'

describe('matching', () => {
  const task = sampleTask('sweep-1550', {
    message: 'Wavelength 1550.1 nm',
    error: { type: 'DeviceError', message: 'power out of range', origin: null, at: null, traceback: null },
  })

  it.each(['SWEEP', 'lab', 'sweeptask', '1550.1', 'deviceerror', 'out of range', 'sweep range'])(
    '%s finds it',
    (q) => {
      expect(matchesTask(task, tasksQuery({ q }))).toBe(true)
    },
  )

  it('wants every word', () => {
    expect(matchesTask(task, tasksQuery({ q: 'sweep absent' }))).toBe(false)
  })

  it('wants one of the states, the source and the type', () => {
    expect(
      matchesTask(task, tasksQuery({ status: 'running,failed', source: 'lab', type: 'SweepTask' })),
    ).toBe(true)
    expect(matchesTask(task, tasksQuery({ status: 'failed' }))).toBe(false)
    expect(matchesTask(task, tasksQuery({ source: 'bench' }))).toBe(false)
    expect(matchesTask(task, tasksQuery({ type: 'Sweep' }))).toBe(false)
  })
})

it('counts what each status button would show, whichever are pressed', () => {
  const tasks = tasksOf(
    sampleTask('a'),
    sampleTask('b', { status: 'failed' }),
    sampleTask('c', { source: 'bench' }),
  )
  const counts = countStatuses(tasks, tasksQuery({ status: 'failed', source: 'lab' }))
  expect([...counts]).toEqual([
    ['running', 1],
    ['failed', 1],
  ])
})

describe('sorting', () => {
  const ids = (...args: Parameters<typeof sortTasks>) => sortTasks(...args).map((task) => task.id)

  it('by start, or by first sight where the start is not known', () => {
    const tasks = [
      sampleTask('old', { startedAt: 1_000 }),
      sampleTask('seen', { startedAt: null, firstSeenAt: 2_000 }),
      sampleTask('new', { startedAt: 3_000 }),
    ]
    expect(ids([...tasks], 'newest')).toEqual(['new', 'seen', 'old'])
    expect(ids([...tasks], 'oldest')).toEqual(['old', 'seen', 'new'])
  })

  it('by name with numbers as numbers', () => {
    expect(ids([sampleTask('s-10'), sampleTask('s-9'), sampleTask('s-1')], 'name')).toEqual([
      's-1',
      's-9',
      's-10',
    ])
  })

  it('by what needs a person first', () => {
    const tasks = [
      sampleTask('done', { status: 'completed' }),
      sampleTask('runs'),
      sampleTask('broke', { status: 'failed' }),
      sampleTask('held', { status: 'paused' }),
    ]
    expect(ids(tasks, 'status')).toEqual(['broke', 'held', 'runs', 'done'])
  })

  it('by progress, the unknown last', () => {
    const at = 0
    const tasks = [
      sampleTask('none'),
      sampleTask('half', { progress: { percent: 50, step: null, total: null, at } }),
      sampleTask('most', { progress: { percent: 90, step: null, total: null, at } }),
    ]
    expect(ids(tasks, 'progress')).toEqual(['most', 'half', 'none'])
  })
})
