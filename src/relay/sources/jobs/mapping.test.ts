import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExact, stringifyExact } from '#lib/exact-json.ts'
import { reduceTask } from '#model/reduce-task.ts'
import { TASK_STATUSES } from '#model/status.ts'
import { unknownTask, type Task } from '#model/task.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { readJobs, readProgress } from './mapping.ts'
import { readSettings } from './settings.ts'
import { goneEvents, jobEvents } from './to-events.ts'

const URL = 'http://queue.test/jobs'
const USUAL = readSettings(URL, {})
const jobsIn = (body: unknown, settings = USUAL) => readJobs(body, settings, 'any')?.jobs ?? []

test('what the configuration names is read from there alone', () => {
  const settings = readSettings(URL, {
    list: '/data/queue',
    id: '/meta/uid',
    type: '/spec/kind',
    status: '/phase',
    statuses: { Melted: 'failed' },
    progress: { step: '/done', total: '/all' },
    message: '/log/0',
    startedAt: '/t0',
    endedAt: '/t1',
    result: '/out',
    error: '/why',
  })
  const entry = {
    meta: { uid: 7 },
    spec: { kind: 'melt' },
    phase: 'MELTED',
    done: 3,
    all: '10',
    log: ['hot'],
    t0: 1_767_225_600,
    t1: '2026-01-01T01:00:00.123456+01:00',
    out: { a: [1] },
    why: { code: 'E7', message: 'too hot', stack: 'at melt' },
    id: 'x',
    status: 'done',
  }
  expect(jobsIn({ data: { queue: [entry] }, items: [] }, settings)).toEqual([
    {
      id: '7',
      type: 'melt',
      status: 'failed',
      word: null,
      progress: { step: 3, total: 10, percent: null },
      message: 'hot',
      startedAt: Date.UTC(2026, 0, 1),
      endedAt: Date.UTC(2026, 0, 1) + 123,
      result: { a: [1] },
      error: { type: 'E7', message: 'too hot', origin: null, at: null, traceback: 'at melt' },
    },
  ])
})

test.each([
  [1_767_225_600, 0],
  [1_767_225_600.5, 500],
  [1_767_225_600_250, 250],
  ['1767225600', 0],
  ['2026-01-01T00:00:00Z', 0],
  ['2026-01-01 00:00:01', 1_000],
  ['2025-12-31T19:00:00-0500', 0],
  [0, null],
  [true, null],
  ['yesterday', null],
  ['2026-13-01T00:00:00Z', null],
])('a job that began at %j began then', (told, after) => {
  const [job] = jobsIn([{ id: 1, started_at: told }])
  expect(job?.startedAt ?? null).toBe(after === null ? null : Date.UTC(2026, 0, 1) + after)
})

test('bare numbers of progress are fractions until one is above 1', () => {
  const list = (...numbers: number[]) => numbers.map((progress, id) => ({ id, progress }))
  const percents = (body: unknown, scale: 'any' | 'percent') => {
    const found = readJobs(body, USUAL, scale)!
    return [...found.jobs.map(({ progress }) => progress?.percent), found.scale]
  }
  expect(percents(list(0.25, 1), 'any')).toEqual([25, 100, 'any'])
  expect(percents(list(0.25, 40), 'any')).toEqual([0.25, 40, 'percent'])
  expect(percents(list(0.25, 1), 'percent')).toEqual([0.25, 1, 'percent'])
  const { progress } = readSettings(URL, { progress: { fraction: '/p' } })
  expect(readProgress({ p: 0.5 }, progress, 'percent')).toEqual({ step: null, total: null, percent: 50 })
})

test('a list beyond what is read tells nothing of the jobs that it lacks', () => {
  const found = readJobs(
    Array.from({ length: 5_001 }, (_, id) => ({ id })),
    USUAL,
    'any',
  )
  expect(found?.jobs).toHaveLength(5_000)
  expect(found?.isWhole).toBe(false)
  expect(readJobs([{ id: 'a' }], USUAL, 'any')?.isWhole).toBe(true)
  expect(readJobs([{ name: [] }], USUAL, 'any')?.isWhole).toBe(false)
})

/** Values as a server of jobs may send them, and entries that look like jobs with any value in them. */
const anything = fc.jsonValue({ maxDepth: 4 })
const word = fc.constantFrom('running', 'DONE', 'pending', 'failed', 'killed', 'melting', 'Cancelling')
const entry = fc.record(
  {
    id: fc.oneof(fc.constantFrom('a', 'b', 'c', '..', ''), anything),
    name: anything,
    status: fc.oneof(word, anything),
    progress: fc.oneof(fc.double(), anything),
    message: fc.oneof(fc.string(), anything),
    started_at: fc.oneof(fc.double(), fc.string(), anything),
    finished_at: anything,
    result: anything,
    error: anything,
  },
  { requiredKeys: [] },
)
const body = fc.oneof(anything, fc.array(entry), fc.record({ items: fc.array(fc.oneof(entry, anything)) }))

test('any JSON is read, within bounds, into jobs with states that Weir has', () => {
  fc.assert(
    fc.property(body, (value) => {
      const found = readJobs(parseExact(JSON.stringify(value)), USUAL, 'any')
      if (found === null) return
      expect(new Set(found.jobs.map(({ id }) => id)).size).toBe(found.jobs.length)
      for (const job of found.jobs) {
        expect(job.id).not.toMatch(/^\.{0,2}$/)
        expect(TASK_STATUSES).toContain(job.status)
        expect(job.word !== null && job.status !== 'unknown').toBe(false)
        for (const time of [job.startedAt, job.endedAt])
          expect(time === null || Number.isInteger(time)).toBe(true)
        expect(() => stringifyExact(job.result)).not.toThrow()
      }
    }),
    { numRuns: fuzzRuns(500) },
  )
})

test('whatever lists follow each other, a task says what the newest did, and no news twice', () => {
  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 3 }), { maxLength: 6 }), (lists) => {
      const tasks = new Map<string, Task>()
      let before = new Map<string, ReturnType<typeof jobsIn>[number]>()
      for (const [at, list] of lists.entries()) {
        const jobs = new Map(jobsIn(list).map((job) => [job.id, job]))
        for (const [id, job] of jobs) {
          const known = tasks.get(id)
          const events = jobEvents(known, before.get(id), job, at, (told) => told)
          const task = reduceTask(known ?? unknownTask('queue', 'jobs', id, at), events, () => undefined)
          tasks.set(id, task)
          // What has ended does not change any more, but to run again.
          if (!(known && ['completed', 'failed', 'cancelled'].includes(known.status)))
            expect(task.status).toBe(job.status)
          expect(jobEvents(task, job, job, at, (told) => told).filter(({ k }) => k !== 'meta')).toEqual([])
        }
        for (const task of tasks.values())
          if (!jobs.has(task.id) && task.onServer && task.status !== 'lost')
            tasks.set(
              task.id,
              reduceTask(task, goneEvents(task, at), () => undefined),
            )
        before = jobs
      }
    }),
    { numRuns: fuzzRuns(300) },
  )
})
