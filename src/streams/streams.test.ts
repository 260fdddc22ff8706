import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { unknownTask } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { Batch } from '#protocols/weir/stream.ts'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import type { Scheduler } from './scheduler.ts'
import { Streams } from './streams.ts'

// The core must work where there is no React.
vi.mock('react', () => ({}))

/** Frames come when the test says so. */
class HandScheduler implements Scheduler {
  readonly #wanted = new Set<() => void>()
  request(work: () => void): void {
    this.#wanted.add(work)
  }
  frame(): void {
    const now = [...this.#wanted]
    this.#wanted.clear()
    for (const work of now) work()
  }
}

let clock: ManualClock
let frames: HandScheduler
let streams: Streams
let puts: string[][]
let relayIsUp: boolean
let status: number
let hanging: boolean

beforeEach(() => {
  clock = new ManualClock()
  frames = new HandScheduler()
  puts = []
  relayIsUp = true
  status = 204
  hanging = false
  FakeEventSource.made = []
  vi.stubGlobal('EventSource', FakeEventSource)
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    if (!relayIsUp) return Promise.reject(new TypeError('fetch failed'))
    puts.push((JSON.parse(init.body as string) as { topics: string[] }).topics)
    if (hanging)
      return new Promise((_, reject) => {
        init.signal!.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
      })
    return Promise.resolve(new Response(null, { status }))
  })
  streams = new Streams({ version: '1', clock, scheduler: frames })
  streams.open()
})
afterEach(() => {
  streams.close()
  vi.unstubAllGlobals()
})

const hello = () => {
  FakeEventSource.last.say('hello', { session: streams.session, epoch: 'e', version: '1', now: clock.now() })
}
const batch = (data: Batch, id: string) => {
  FakeEventSource.last.say('batch', data, id)
}
const state = () => streams.connection.getState().name
const task = unknownTask('lab', 'labdaemon', 'a', 1)
const noLines = { first: 0, at: [], kinds: [], texts: [] }
const step = (n: number): TaskEvent => ({
  k: 'progress',
  at: n,
  step: n,
  total: 10,
  percent: n * 10,
  message: `step ${n}`,
})

test('one connection; what is watched is told in one request, and again after a reconnect', async () => {
  const a = streams.watchTask('lab', 'a')
  streams.watchTask('lab', 'b')
  streams.watchList('tasks')
  await clock.advance(0)
  hello()
  await clock.advance(0)
  expect(FakeEventSource.made).toHaveLength(1)
  expect(puts).toEqual([['lab/tasks/a', 'lab/tasks/b', 'tasks']])
  hello()
  await clock.advance(0)
  expect(puts).toHaveLength(2)
  a()
  await clock.advance(10_000)
  hello()
  await clock.advance(4_000)
  expect(puts.at(-1)).toContain('lab/tasks/a')
  await clock.advance(2_000)
  expect(puts.at(-1)).toEqual(['lab/tasks/b', 'tasks'])
})

test('what could not be told is told again, at longer and longer intervals', async () => {
  status = 503
  streams.watchTask('lab', 'a')
  await clock.advance(0)
  hello()
  await clock.advance(0)
  expect(puts).toHaveLength(1)
  await clock.advance(500)
  expect(puts).toHaveLength(2)
  await clock.advance(900)
  expect(puts).toHaveLength(2)
  relayIsUp = false
  await clock.advance(1_000)
  relayIsUp = true
  status = 204
  await clock.advance(2_000)
  expect(puts).toEqual([['lab/tasks/a'], ['lab/tasks/a'], ['lab/tasks/a']])
  await clock.advance(1_000)
  expect(puts).toHaveLength(3)
})

test('a task that is left and watched again while a request hangs leaves at the relay as well', async () => {
  const leave = streams.watchTask('lab', 'a')
  streams.watchList('tasks')
  hello()
  await clock.advance(0)
  leave()
  await clock.advance(9_000)
  FakeEventSource.last.say('heartbeat', { now: clock.now() })
  hanging = true
  streams.watchTask('lab', 'c')
  await clock.advance(9_000)
  FakeEventSource.last.say('heartbeat', { now: clock.now() })
  hanging = false
  puts = []
  streams.watchTask('lab', 'a')
  await clock.advance(2_000)
  expect(puts).toEqual([
    ['tasks', 'lab/tasks/c'],
    ['tasks', 'lab/tasks/c', 'lab/tasks/a'],
  ])
})

test('events commit once per frame, into the store and its log', async () => {
  streams.watchTask('lab', 'a')
  hello()
  await clock.advance(0)
  const store = streams.task('lab', 'a')
  const changed = vi.fn()
  const grown = vi.fn()
  store.store.subscribe(changed)
  store.subscribeLog(grown)
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-1')
  batch([{ t: 'lab/tasks/a', e: [step(1), step(2)] }], 'e-2')
  batch([{ t: 'lab/tasks/a', e: [step(3)] }], 'e-3')
  expect(changed).not.toHaveBeenCalled()
  frames.frame()
  expect(changed).toHaveBeenCalledTimes(1)
  expect(grown).toHaveBeenCalledTimes(1)
  expect(store.store.getState()).toMatchObject({ phase: 'ready', task: { progress: { step: 3 }, events: 3 } })
  expect(store.log.text(0, 9)).toBe('step 1\nstep 2\nstep 3')
  expect(streams.counters.events).toBe(3)
})

test('a snapshot begins the log where the relay has it', async () => {
  streams.watchTask('lab', 'a')
  hello()
  await clock.advance(0)
  const tail = { first: 98, at: [1, 2], kinds: [0, 0], texts: ['l98', 'l99'] }
  batch([{ t: 'lab/tasks/a', s: { task: { ...task, log: { first: 10, total: 100 } }, tail } }], 'e-1')
  batch([{ t: 'lab/tasks/a', e: [step(1)] }], 'e-2')
  frames.frame()
  const { log, store } = streams.task('lab', 'a')
  expect([log.first, log.total, log.has(97), log.has(98)]).toEqual([10, 101, false, true])
  expect(log.line(100)?.text).toBe('step 1')
  expect(store.getState().task!.log).toEqual({ first: 10, total: 101 })
})

test('a task the relay does not know is absent, until it begins', async () => {
  streams.watchTask('lab', 'a')
  hello()
  await clock.advance(0)
  batch([{ t: 'lab/tasks/a', s: null }], 'e-1')
  frames.frame()
  expect(streams.task('lab', 'a').store.getState().phase).toBe('absent')
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-2')
  frames.frame()
  expect(streams.task('lab', 'a').store.getState().phase).toBe('ready')
})

test('lists are patched in place; what did not change keeps its identity', async () => {
  streams.watchList('tasks')
  hello()
  await clock.advance(0)
  const { detail: _, ...summary } = task
  batch([{ t: 'tasks', s: [summary, { ...summary, id: 'b' }] }], 'e-1')
  frames.frame()
  const before = streams.list('tasks').store.getState().items
  batch(
    [
      {
        t: 'tasks',
        e: [
          { k: 'patch', key: 'lab/a', patch: { message: 'new' } },
          { k: 'drop', key: 'x' },
        ],
      },
    ],
    'e-2',
  )
  frames.frame()
  const after = streams.list('tasks').store.getState().items
  expect(after.get('lab/a')!.message).toBe('new')
  expect(after.get('lab/b')).toBe(before.get('lab/b'))
})

test('the browser reconnects by itself; where it gave up, a new stream goes on from the last id', async () => {
  hello()
  batch([], 'e-7')
  FakeEventSource.last.fail(false)
  expect(state()).toBe('reconnecting')
  await clock.advance(5_000)
  expect(FakeEventSource.made).toHaveLength(1)
  hello()
  expect(state()).toBe('open')
  FakeEventSource.last.fail(true)
  await clock.advance(600)
  expect(FakeEventSource.made).toHaveLength(2)
  expect(FakeEventSource.last.url).toContain('after=e-7')
})

test('silence without an error is noticed, and a new stream takes over', async () => {
  hello()
  await clock.advance(11_000)
  expect(state()).toBe('open')
  await clock.advance(4_000)
  expect(state()).toBe('reconnecting')
  expect(FakeEventSource.made).toHaveLength(2)
  hello()
  expect(state()).toBe('open')
})

test('a clock that is set forward does not make the stream silent', async () => {
  hello()
  await clock.advance(1_000)
  const now = clock.now() + 3_600_000
  vi.spyOn(clock, 'now').mockImplementation(() => now)
  await clock.advance(3_500)
  FakeEventSource.last.say('heartbeat', { now })
  await clock.advance(5_000)
  expect(FakeEventSource.made).toHaveLength(1)
  expect(state()).toBe('open')
})

test('a page that slept hears what waits for it before it judges', async () => {
  hello()
  FakeEventSource.last.fail(false)
  await clock.advance(1_000)
  const [wall, ticks] = [clock.now.bind(clock), clock.monotonic.bind(clock)]
  vi.spyOn(clock, 'now').mockImplementation(() => wall() + 60_000)
  vi.spyOn(clock, 'monotonic').mockImplementation(() => ticks() + 60_000)
  await clock.advance(1_400)
  expect(state()).toBe('reconnecting')
  hello()
  await clock.advance(2_000)
  expect(state()).toBe('open')
  expect(FakeEventSource.made).toHaveLength(1)
})

test('heartbeats keep the stream', async () => {
  hello()
  for (let i = 0; i < 6; i++) {
    await clock.advance(5_000)
    FakeEventSource.last.say('heartbeat', { now: clock.now() })
  }
  expect(FakeEventSource.made).toHaveLength(1)
  expect(state()).toBe('open')
})

test('a relay that stays away is said to be lost, and tried on and on', async () => {
  hello()
  relayIsUp = false
  for (let i = 0; i < 20; i++) {
    FakeEventSource.last.fail(true)
    await clock.advance(3_000)
  }
  expect(state()).toBe('lost')
  const tries = FakeEventSource.made.length
  streams.wake()
  expect(FakeEventSource.made.length).toBe(tries + 1)
  relayIsUp = true
  hello()
  expect(state()).toBe('open')
})

test('a relay that was restarted is said to be another one, until that is taken note of', () => {
  hello()
  expect(streams.connection.getState().restartedAt).toBeNull()
  FakeEventSource.last.say('hello', { session: 's', epoch: 'other', version: '1', now: clock.now() })
  expect(streams.connection.getState().restartedAt).toBe(clock.now())
  streams.acceptRestart()
  FakeEventSource.last.say('hello', { session: 's', epoch: 'other', version: '1', now: clock.now() })
  expect(streams.connection.getState().restartedAt).toBeNull()
})

test('times are the relay’s', () => {
  FakeEventSource.last.say('hello', { session: 's', epoch: 'e', version: '2', now: clock.now() + 90_000 })
  expect(streams.now()).toBe(clock.now() + 90_000)
  expect(streams.connection.getState().outdated).toBe(true)
})
