import { expect, test } from 'vitest'
import type { Command, CommandVerb } from './command.ts'
import { reduceTask } from './reduce-task.ts'
import { unknownTask, type Task } from './task.ts'
import type { ProgressEvent, TaskEvent } from './task-events.ts'

const T = 1_000_000

function reduce(events: readonly TaskEvent[], task: Task = unknownTask('lab', 'labdaemon', 'a', T)) {
  const lines: string[] = []
  return { task: reduceTask(task, events, (_at, kind, text) => lines.push(`${kind}: ${text}`)), lines }
}

function progress(at: number, part: Partial<ProgressEvent>): ProgressEvent {
  return { k: 'progress', at, step: null, total: null, percent: null, message: null, ...part }
}

function command(verb: CommandVerb, sentAt: number, part: Partial<Command> = {}): TaskEvent {
  const command: Command = {
    id: verb,
    source: 'lab',
    verb,
    target: 'a',
    text: verb,
    by: { kind: 'page', id: 'me' },
    sentAt,
    acceptedAt: sentAt + 5,
    effectiveAt: null,
    effectNote: null,
    failedAt: null,
    error: null,
    ...part,
  }
  return { k: 'command', at: sentAt, command }
}

const started: TaskEvent = { k: 'started', at: T, origin: 'command', type: 'SweepTask' }
const completed: TaskEvent = {
  k: 'outcome',
  at: T + 9_000,
  status: 'completed',
  origin: 'poll',
  endedAt: T + 9_000,
  endedOrigin: 'poll',
  result: null,
  error: null,
}

test('one event at a time or all at once: the same task and the same lines', () => {
  const events: TaskEvent[] = [
    started,
    progress(T + 1, { step: 0, total: 10, percent: 0, message: 'a' }),
    progress(T + 2, { step: 1, total: 10, percent: 10, message: 'a' }),
    { k: 'gap', at: T + 3, cause: 'dropped', text: 'steps 2 to 4 not received', missed: 3 },
    progress(T + 4, { step: 5, total: 10, percent: 50, message: 'b' }),
    command('pause', T + 5),
    completed,
  ]
  const whole = reduce(events)
  let task = unknownTask('lab', 'labdaemon', 'a', T)
  const lines: string[] = []
  for (const event of events) {
    const step = reduce([event], task)
    task = step.task
    lines.push(...step.lines)
  }
  expect(task).toEqual(whole.task)
  expect(lines).toEqual(whole.lines)
  expect(lines).toEqual(['out: a', 'gap: steps 2 to 4 not received', 'out: b'])
  expect(task).toMatchObject({ stepsMissed: 3, gapCount: 1, events: 3 })
})

test('the task given is left as it was', () => {
  const before = unknownTask('lab', 'labdaemon', 'a', T)
  const copy = structuredClone(before)
  reduce([started, progress(T, { step: 1, message: 'm' }), completed], before)
  expect(before).toEqual(copy)
})

test('progress that says all there is leaves nothing of another kind standing', () => {
  const bar = progress(T, { step: 7, total: 28, percent: 25, whole: true, fromLog: true })
  const { task } = reduce([started, bar])
  expect(task.progress).toEqual({ percent: 25, step: 7, total: 28, at: T, fromLog: true })
  const stated = reduce([progress(T + 1_000, { percent: 40, whole: true })], task).task
  expect(stated.progress).toEqual({ percent: 40, step: null, total: null, at: T + 1_000 })
  expect(stated.pace).toMatchObject({ unit: 'percent', lastValue: 40 })
})

test('a total below 0 is none, and minus zero is zero', () => {
  const { task } = reduce([started, progress(T, { step: -0, total: -1 })])
  expect(task.progress).toEqual({ percent: null, step: 0, total: null, at: T })
})

test('100 % only on completion; the step stays as sent', () => {
  const { task } = reduce([started, progress(T, { step: 12, total: 10, percent: 120 })])
  expect(task.progress!.percent).toBeLessThan(100)
  expect(reduce([completed], task).task.progress).toMatchObject({ percent: 100, step: 12, total: 10 })
})

test('a percent that is not sent follows from the steps', () => {
  expect(reduce([progress(T, { step: 3, total: 10 })]).task.progress!.percent).toBe(30)
})

test('a payload that is no progress still counts as life', () => {
  const { task } = reduce([started, progress(T + 5, {})])
  expect(task).toMatchObject({ events: 1, eventAt: T + 5, progress: { percent: null, step: null } })
})

test('pause is taken back by steps after a grace, not by one under way', () => {
  const running = reduce([started, progress(T, { step: 1 }), command('pause', T + 100)]).task
  expect(running).toMatchObject({ status: 'paused', pauseAskedAt: T + 100 })
  expect(reduce([progress(T + 500, { step: 2 })], running).task.status).toBe('paused')
  const late = reduce([progress(T + 9_000, { step: 3 })], running).task
  expect(late).toMatchObject({ status: 'running', statusOrigin: 'stream', pauseAskedAt: null })
})

test('cancelling shows from the click on, and is taken back on refusal', () => {
  const asked = reduce([started, command('cancel', T + 10, { acceptedAt: null })]).task
  expect(asked).toMatchObject({ status: 'cancelling', statusNote: 'requested', cancelAskedAt: T + 10 })
  const refused = command('cancel', T + 10, { acceptedAt: null, failedAt: T + 20 })
  expect(reduce([refused], asked).task).toMatchObject({ status: 'running', cancelAskedAt: null })
})

test('an end is left only by a new start, which begins the record anew and keeps the log', () => {
  const ended = reduce([started, progress(T, { step: 1, message: 'm' }), completed]).task
  const status: TaskEvent = { k: 'status', at: T, status: 'running', origin: 'poll' }
  expect(reduce([status, command('pause', T)], ended).task.status).toBe('completed')
  const again = reduce([{ ...started, at: T + 20_000 }], { ...ended, log: { first: 0, total: 7 } })
  expect(again.task).toMatchObject({ status: 'running', progress: null, endedAt: null, log: { total: 7 } })
  expect(again.lines).toEqual(['note: started again under the same id'])
})

test('a task that was found running has no start time', () => {
  const { task } = reduce([{ k: 'started', at: T, origin: 'poll', type: 'X' }])
  expect(task).toMatchObject({
    status: 'running',
    startedAt: null,
    phases: [{ status: 'running', origin: 'poll' }],
  })
})

test('gaps, commands and phases are bounded', () => {
  const many = (n: number, event: (i: number) => TaskEvent) => Array.from({ length: n }, (_, i) => event(i))
  const { task } = reduce([
    ...many(300, (i): TaskEvent => ({ k: 'gap', at: T + i, cause: 'dropped', text: `${i}`, missed: 1 })),
    ...many(300, (i) => command('resume', T + i, { id: `c${i}` })),
    ...many(500, (i): TaskEvent => ({
      k: 'status',
      at: T + i,
      status: i % 2 ? 'running' : 'queued',
      origin: 'poll',
    })),
  ])
  expect(task.gapCount).toBe(300)
  expect(task.detail.gaps).toHaveLength(100)
  expect(task.detail.commands).toHaveLength(200)
  expect(task.phases).toHaveLength(200)
})

test('a task that was found ended never ran here', () => {
  const found: TaskEvent = { k: 'started', at: T, origin: 'poll', type: 'X', status: null }
  const { task } = reduce([found, { ...completed, endedOrigin: 'inferred' }])
  expect(task).toMatchObject({ status: 'completed', endedOrigin: 'inferred', startedAt: null })
  expect(task.phases.map((phase) => phase.status)).toEqual(['completed'])
})

test('a cancel without an answer may have been heard: still cancelling', () => {
  const error = { status: null, type: 'NotAnswering', message: 'no answer', owner: null }
  const asked = command('cancel', T + 10, { acceptedAt: null })
  const failed = { acceptedAt: null, failedAt: T + 20 }
  const unsure = command('cancel', T + 10, { ...failed, error: { ...error, outcome: 'not-answered' } })
  expect(reduce([started, asked, unsure]).task).toMatchObject({
    status: 'cancelling',
    cancelAskedAt: T + 10,
  })
  const sure = command('cancel', T + 10, { ...failed, error: { ...error, outcome: 'not-sent' } })
  expect(reduce([started, asked, sure]).task).toMatchObject({ status: 'running', cancelAskedAt: null })
})

test('a refused cancel goes back to what was: paused stays paused', () => {
  const error = { outcome: 'refused' as const, status: 409, type: 'TaskError', message: 'no', owner: null }
  const { task } = reduce([
    started,
    command('pause', T + 5),
    command('cancel', T + 10, { acceptedAt: null }),
    command('cancel', T + 10, { acceptedAt: null, failedAt: T + 20, error }),
  ])
  expect(task).toMatchObject({ status: 'paused', cancelAskedAt: null, pauseAskedAt: T + 5 })
})

const lost: TaskEvent = {
  k: 'outcome',
  at: T + 5_000,
  status: 'lost',
  origin: 'inferred',
  note: 'not found',
  endedAt: T + 4_000,
  endedOrigin: 'inferred',
  result: null,
  error: null,
}
const runsAfterAll: TaskEvent = {
  k: 'status',
  at: T + 9_000,
  status: 'running',
  origin: 'poll',
  note: 'the server says that it runs',
}

test('an end that was only inferred is left when the source says otherwise; the record goes on', () => {
  const { task: ended } = reduce([started, progress(T, { step: 3, total: 10 }), lost])
  const { task, lines } = reduce([runsAfterAll], { ...ended, onServer: false })
  expect(task).toMatchObject({
    status: 'running',
    statusOrigin: 'poll',
    statusNote: 'the server says that it runs',
    endedAt: null,
    endedOrigin: null,
    result: null,
    error: null,
    onServer: true,
    progress: { step: 3, total: 10 },
  })
  expect(task.phases.map(({ status }) => status)).toEqual(['running', 'lost', 'running'])
  expect(lines).toEqual([])
})

test('what was inferred to be complete is not 100 % any more when it goes on', () => {
  const { task: ended } = reduce([
    started,
    progress(T, { step: 3, total: 10 }),
    { ...completed, origin: 'inferred' },
  ])
  expect(ended.progress!.percent).toBe(100)
  expect(reduce([runsAfterAll], ended).task.progress).toMatchObject({ percent: 30, step: 3, total: 10 })
})

test('a cancel that a lost task took is known when it is found to go on; the loss itself stands', () => {
  const { task: ended } = reduce([started, lost])
  const asked = command('cancel', T + 6_000, { acceptedAt: null })
  expect(reduce([asked], ended).task).toMatchObject({ status: 'lost', cancelAskedAt: null })
  const { task } = reduce([asked, command('cancel', T + 6_000)], ended)
  expect(task).toMatchObject({ status: 'lost', cancelAskedAt: T + 6_000 })
})

test.each([
  ['a step of -1 is none', { step: -1, total: 100 }, { step: null, total: 100, percent: null }],
  ['a percentage of -1 is none', { percent: -1 }, { step: null, total: null, percent: null }],
  ['255 %', { percent: 255 }, { step: null, total: null, percent: 99.9 }],
  ['step 255 of 100', { step: 255, total: 100 }, { step: 255, total: 100, percent: 99.9 }],
  ['both beyond', { step: 255, total: 100, percent: 255 }, { step: 255, total: 100, percent: 99.9 }],
  ['no numbers', { step: NaN, total: null, percent: Infinity }, { step: null, total: null, percent: null }],
  ['0 is a number', { step: 0, total: 10 }, { step: 0, total: 10, percent: 0 }],
])('progress that cannot be: %s', (_, said, expected) => {
  const { task } = reduce([started, progress(T + 1_000, said)])
  expect(task.progress).toMatchObject(expected)
})

test('what cannot be is no news: what was known stays, and no rate comes of it', () => {
  const { task } = reduce([
    started,
    progress(T + 1_000, { percent: 10 }),
    progress(T + 2_000, { percent: 20 }),
    progress(T + 2_300, { percent: 255 }),
    progress(T + 2_600, { percent: -1 }),
  ])
  expect(task.progress?.percent).toBe(99.9)
  expect(task.pace).toMatchObject({ advances: 2, lastValue: 20 })
})
