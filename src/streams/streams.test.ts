import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { unknownTask } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { Batch } from '#protocols/weir/stream.ts'
import { FakeEventSource } from '#testing/fake-event-source.ts'
import { taskStoreOf, watchTask } from '#testing/watched-task.ts'
import { OwnConnection } from './own-connection.ts'
import { Streams, type Scheduler } from './streams.ts'

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
  streams.open(new OwnConnection({ base: '', clock, session: streams.session }))
})
afterEach(() => {
  streams.close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const hello = () => {
  FakeEventSource.last.say('hello', { session: streams.session, epoch: 'e', version: '1', now: clock.now() })
}
/** Time goes by with a relay that gives signs of life. */
const live = async (ms: number) => {
  for (let left = ms; left > 0; left -= 1_000) {
    FakeEventSource.last.say('heartbeat', { now: clock.now() })
    await clock.advance(Math.min(left, 1_000))
  }
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
  const a = watchTask(streams, 'lab', 'a')
  watchTask(streams, 'lab', 'b')
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
  await live(10_000)
  hello()
  await live(4_000)
  expect(puts.at(-1)).toContain('lab/tasks/a')
  await live(2_000)
  expect(puts.at(-1)).toEqual(['lab/tasks/b', 'tasks'])
})

test('while the relay is away nothing that was watched is let go of', async () => {
  const leave = watchTask(streams, 'lab', 'a')
  await clock.advance(0)
  hello()
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-1')
  frames.frame()
  leave()
  FakeEventSource.last.fail(false)
  await clock.advance(60 * 60_000)
  expect(taskStoreOf(streams, 'lab', 'a').store.getState().task?.id).toBe('a')
  hello()
  await live(16_000)
  expect(taskStoreOf(streams, 'lab', 'a').store.getState().task).toBeNull()
})

test('a list that is watched no more says as of when it is, until it is told anew', async () => {
  const leave = streams.watchList('devices')
  await clock.advance(0)
  hello()
  batch([{ t: 'devices', s: [] }], 'e-1')
  frames.frame()
  const list = streams.list('devices').store
  expect(list.getState().asOf).toBeNull()
  leave()
  await live(15_000)
  expect(list.getState()).toMatchObject({ ready: true, asOf: streams.now() })
  streams.watchList('devices')
  expect(list.getState().asOf).not.toBeNull()
  batch([{ t: 'devices', s: [] }], 'e-2')
  frames.frame()
  expect(list.getState().asOf).toBeNull()
})

test('what could not be told is told again, at longer and longer intervals', async () => {
  status = 503
  watchTask(streams, 'lab', 'a')
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
  const leave = watchTask(streams, 'lab', 'a')
  streams.watchList('tasks')
  hello()
  await clock.advance(0)
  leave()
  await live(9_000)
  hanging = true
  watchTask(streams, 'lab', 'c')
  await live(9_000)
  hanging = false
  puts = []
  watchTask(streams, 'lab', 'a')
  await clock.advance(2_000)
  expect(puts).toEqual([
    ['tasks', 'lab/tasks/c'],
    ['tasks', 'lab/tasks/c', 'lab/tasks/a'],
  ])
})

test('events commit once per frame, into the store and its log', async () => {
  watchTask(streams, 'lab', 'a')
  hello()
  await clock.advance(0)
  const store = taskStoreOf(streams, 'lab', 'a')
  const changed = vi.fn()
  const grown = vi.fn()
  store.store.subscribe(changed)
  store.subscribe(grown)
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-1')
  batch([{ t: 'lab/tasks/a', e: [step(1), step(2)] }], 'e-2')
  batch([{ t: 'lab/tasks/a', e: [step(3)] }], 'e-3')
  expect(changed).not.toHaveBeenCalled()
  frames.frame()
  expect(changed).toHaveBeenCalledTimes(1)
  expect(grown).toHaveBeenCalledTimes(1)
  expect(store.store.getState()).toMatchObject({ phase: 'ready', task: { progress: { step: 3 }, events: 3 } })
  expect(store.bulk.log.text(0, 9)).toBe('step 1\nstep 2\nstep 3')
  expect(streams.counters.events).toBe(3)
})

test('a snapshot begins the log where the relay has it', async () => {
  watchTask(streams, 'lab', 'a')
  hello()
  await clock.advance(0)
  const tail = { first: 98, at: [1, 2], kinds: [0, 0], texts: ['l98', 'l99'] }
  batch([{ t: 'lab/tasks/a', s: { task: { ...task, log: { first: 10, total: 100 } }, tail } }], 'e-1')
  batch([{ t: 'lab/tasks/a', e: [step(1)] }], 'e-2')
  frames.frame()
  const { bulk, store } = taskStoreOf(streams, 'lab', 'a')
  const { log } = bulk
  expect([log.first, log.total, log.has(97), log.has(98)]).toEqual([10, 101, false, true])
  expect(log.line(100)?.text).toBe('step 1')
  expect(store.getState().task!.log).toEqual({ first: 10, total: 101 })
})

test('a task the relay does not know is absent, until it begins', async () => {
  watchTask(streams, 'lab', 'a')
  hello()
  await clock.advance(0)
  batch([{ t: 'lab/tasks/a', s: null }], 'e-1')
  frames.frame()
  expect(taskStoreOf(streams, 'lab', 'a').store.getState().phase).toBe('absent')
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-2')
  frames.frame()
  expect(taskStoreOf(streams, 'lab', 'a').store.getState().phase).toBe('ready')
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

test('silence is said after 3 s, and taken for the end after 10', async () => {
  hello()
  batch([], 'e-1')
  const heard = clock.now()
  await clock.advance(2_900)
  expect(state()).toBe('open')
  expect(streams.liveNow()).toBe(streams.now())
  await clock.advance(700)
  expect(state()).toBe('stalled')
  expect(streams.connection.getState().asOf).toBe(heard)
  expect(streams.liveNow()).toBe(heard)
  FakeEventSource.last.say('heartbeat', { now: clock.now() })
  expect(state()).toBe('open')
  expect(streams.liveNow()).toBe(streams.now())
  await clock.advance(11_000)
  expect(state()).toBe('reconnecting')
  expect(FakeEventSource.made).toHaveLength(2)
  hello()
  expect(state()).toBe('open')
})

test('a clock that is set forward does not make the stream silent', async () => {
  hello()
  const now = clock.now() + 3_600_000
  const wall = vi.spyOn(clock, 'now').mockImplementation(() => now + clock.monotonic())
  for (let n = 0; n < 8; n++) {
    await clock.advance(1_000)
    FakeEventSource.last.say('heartbeat', { now: clock.now() })
    expect(state()).toBe('open')
  }
  wall.mockRestore()
  expect(FakeEventSource.made).toHaveLength(1)
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
  for (let i = 0; i < 30; i++) {
    await clock.advance(1_000)
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

test('a restart is no news; another version of the relay is, and stays so', () => {
  hello()
  const before = streams.connection.getState()
  FakeEventSource.last.say('hello', { session: 's', epoch: 'other', version: '1', now: clock.now() })
  expect(streams.connection.getState()).toBe(before)
  FakeEventSource.last.say('hello', { session: 's', epoch: 'other', version: '2', now: clock.now() })
  expect(streams.connection.getState()).toEqual({ ...before, outdated: true })
})

test('a record that is not written is known from heartbeats, until one says nothing of it', async () => {
  hello()
  const notWritten = { text: 'The disk is full.', since: clock.now() }
  FakeEventSource.last.say('heartbeat', { now: clock.now(), notWritten })
  expect(streams.connection.getState().notWritten).toEqual(notWritten)
  const changed = vi.fn()
  streams.connection.subscribe(changed)
  await clock.advance(1_000)
  FakeEventSource.last.say('heartbeat', { now: clock.now(), notWritten })
  expect(changed).not.toHaveBeenCalled()
  await clock.advance(1_000)
  FakeEventSource.last.say('heartbeat', { now: clock.now() })
  expect(streams.connection.getState().notWritten).toBeNull()
})

test('times are the relay’s', () => {
  FakeEventSource.last.say('hello', { session: 's', epoch: 'e', version: '2', now: clock.now() + 90_000 })
  expect(streams.now()).toBe(clock.now() + 90_000)
  expect(streams.connection.getState().outdated).toBe(true)
})

test.each([3_600_000, -3_600_000])(
  'the page’s own clock is set by %i ms: time goes on by the relay’s',
  async (by) => {
    const relay = clock.now() + 90_000
    FakeEventSource.last.say('hello', { session: 's', epoch: 'e', version: '1', now: relay })
    const set = clock.now() + by
    vi.spyOn(clock, 'now').mockReturnValue(set)
    await clock.advance(1_000)
    expect(streams.now()).toBe(relay + 1_000)
    FakeEventSource.last.say('heartbeat', { now: relay + 1_000 })
    expect(streams.now()).toBe(relay + 1_000)
  },
)

test('a listener that throws harms no other, and nothing is applied twice', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  watchTask(streams, 'lab', 'a')
  watchTask(streams, 'lab', 'b')
  streams.watchList('tasks')
  hello()
  await clock.advance(0)
  const [a, b] = [taskStoreOf(streams, 'lab', 'a'), taskStoreOf(streams, 'lab', 'b')]
  const fails = () => {
    throw new Error('a view failed')
  }
  a.store.subscribe(fails)
  a.subscribe(fails)
  streams.list('tasks').store.subscribe(fails)
  const seen = vi.fn()
  a.store.subscribe(seen)
  a.subscribe(seen)
  streams.list('tasks').store.subscribe(seen)
  batch(
    [
      { t: 'tasks', s: [] },
      { t: 'lab/tasks/a', s: { task, tail: noLines } },
      { t: 'lab/tasks/b', s: { task: { ...task, id: 'b' }, tail: noLines } },
    ],
    'e-1',
  )
  frames.frame()
  for (let n = 1; n <= 3; n++) {
    batch(
      [
        { t: 'tasks', e: [] },
        { t: 'lab/tasks/a', e: [step(n)] },
        { t: 'lab/tasks/b', e: [step(n)] },
      ],
      `e-${n + 1}`,
    )
    frames.frame()
  }
  for (const store of [a, b]) {
    expect(store.bulk.log.text(0, 9)).toBe('step 1\nstep 2\nstep 3')
    expect(store.store.getState().task!.events).toBe(3)
  }
  expect(seen.mock.calls.length).toBeGreaterThanOrEqual(10)
  // Once for each that throws, however often it does.
  expect(reported).toHaveBeenCalledTimes(1)
})

test('events that cannot be applied are lost alone: other topics of the same message go on', async () => {
  const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  watchTask(streams, 'lab', 'a')
  watchTask(streams, 'lab', 'b')
  hello()
  await clock.advance(0)
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-1')
  batch([{ t: 'lab/tasks/b', s: { task: { ...task, id: 'b' }, tail: noLines } }], 'e-2')
  frames.frame()
  batch(
    [
      { t: 'lab/tasks/a', e: [step(1), { k: 'lines', at: 1, kind: 'out' } as unknown as TaskEvent] },
      { t: 'lab/tasks/b', e: [step(1)] },
    ],
    'e-3',
  )
  frames.frame()
  batch([{ t: 'lab/tasks/a', e: [step(2)] }], 'e-4')
  frames.frame()
  expect(taskStoreOf(streams, 'lab', 'b').bulk.log.text(0, 9)).toBe('step 1')
  expect(taskStoreOf(streams, 'lab', 'a').bulk.log.text(0, 9)).toBe('step 1\nstep 2')
  expect(reported).toHaveBeenCalledTimes(1)
})

test('what a page holds of a task stays when the relay knows it no more, and stands before what begins anew', async () => {
  watchTask(streams, 'lab', 'a')
  hello()
  await clock.advance(0)
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-1')
  batch([{ t: 'lab/tasks/a', e: [step(1), step(2)] }], 'e-2')
  frames.frame()
  const { bulk, store } = taskStoreOf(streams, 'lab', 'a')
  const { log } = bulk
  batch([{ t: 'lab/tasks/a', s: null }], 'f-1')
  frames.frame()
  expect(store.getState()).toMatchObject({ phase: 'ready', task: { events: 2 } })
  expect(store.getState().heldSince).not.toBeNull()
  expect(log.text(0, 9)).toBe('step 1\nstep 2')
  const tail = { first: 0, at: [9], kinds: [0], texts: ['anew'] }
  batch([{ t: 'lab/tasks/a', s: { task: { ...task, log: { first: 0, total: 1 } }, tail } }], 'f-2')
  frames.frame()
  expect(store.getState()).toMatchObject({ phase: 'ready', heldSince: null, task: { log: { total: 1 } } })
  expect(log.text(log.first, 9)).toBe(
    'step 1\nstep 2\nWeir was restarted: the lines above are from before, and in this page alone\nanew',
  )
})

test('a restarted relay that tells the very same log goes on with it', async () => {
  watchTask(streams, 'lab', 'a')
  hello()
  await clock.advance(0)
  batch([{ t: 'lab/tasks/a', s: { task, tail: noLines } }], 'e-1')
  batch([{ t: 'lab/tasks/a', e: [step(1), step(2), step(3)] }], 'e-2')
  frames.frame()
  const tail = {
    first: 0,
    at: [1, 2, 3, 4],
    kinds: [0, 0, 0, 0],
    texts: ['step 1', 'step 2', 'step 3', 'more'],
  }
  batch([{ t: 'lab/tasks/a', s: { task: { ...task, log: { first: 0, total: 4 } }, tail } }], 'f-2')
  frames.frame()
  const { log } = taskStoreOf(streams, 'lab', 'a').bulk
  expect(log.text(log.first, 9)).toBe('step 1\nstep 2\nstep 3\nmore')
})

test('values of a task come with their numbers as they were written', () => {
  hello()
  watchTask(streams, 'lab', 'a')
  const { store } = taskStoreOf(streams, 'lab', 'a')
  const params = '{"id":18446744073709551615,"gain":1.0}'
  const task = { ...unknownTask('lab', 'labdaemon', 'a', 0), detail: null }
  const detail = JSON.stringify(unknownTask('lab', 'labdaemon', 'a', 0).detail).replace(
    '{',
    `{"params":${params},`,
  )
  const whole = JSON.stringify(task).replace('"detail":null', `"detail":${detail}`)
  const tail = '{"first":0,"at":[],"kinds":[],"texts":[]}'
  FakeEventSource.last.sayText('batch', `[{"t":"lab/tasks/a","s":{"task":${whole},"tail":${tail}}}]`, 'e-1')
  frames.frame()
  expect(stringifyExact(store.getState().task!.detail.params)).toBe(params)
  FakeEventSource.last.sayText(
    'batch',
    '[{"t":"lab/tasks/a","e":[{"k":"meta","at":1,"meta":{"setup":[1e400]},"params":{"n":-0.0}}]}]',
    'e-2',
  )
  frames.frame()
  const told = store.getState().task!.detail
  expect(stringifyExact([told.params, told.meta])).toBe('[{"n":-0.0},{"setup":[1e400]}]')
})
