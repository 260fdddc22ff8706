import { createParser } from 'eventsource-parser'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { reduceCollection, type Collection, type CollectionEvent } from '#model/collection.ts'
import { taskKey, type TaskSummary } from '#model/task.ts'
import type { Batch, TaskSnapshot } from '#protocols/weir/stream.ts'
import { createTestRecord } from '#testing/hub.ts'
import { TASK } from '#topics/task.ts'
import { Tasks } from '../record/doors.ts'
import type { RecordLimits } from '../record/limits.ts'
import type { TopicRecord } from '../record/record.ts'
import { Hub } from './hub.ts'

interface Message {
  id: string | undefined
  event: string | undefined
  data: unknown
}

let clock: ManualClock
let hub: Hub
let book: Tasks
let record: TopicRecord

function setUp(limits: Partial<RecordLimits> = {}) {
  clock = new ManualClock()
  record = createTestRecord(clock, limits)
  hub = new Hub(record, '1')
  book = new Tasks(record)
}

beforeEach(() => {
  setUp()
})
afterEach(() => {
  hub.close()
})

/** Reads a connection; `messages` grows while the clock advances. */
function read(stream: ReadableStream<Uint8Array>) {
  const messages: Message[] = []
  const parser = createParser({
    onEvent: ({ id, event, data }) => messages.push({ id, event, data: JSON.parse(data) as unknown }),
  })
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  void (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
    }
  })()
  return {
    messages,
    batches: () => messages.filter(({ event }) => event === 'batch').flatMap(({ data }) => data as Batch),
    lastId: () => messages.findLast(({ id }) => id !== undefined)?.id ?? null,
    close: () => reader.cancel(),
  }
}

function step(id: string, n: number, message = `step ${n}`) {
  book.record('lab', 'labdaemon', id, [
    { k: 'progress', at: clock.now(), step: n, total: 1_000, percent: n / 10, message },
  ])
}

/** The steps a page saw: of its snapshot, then of the events after it. */
function stepsIn(batches: Batch, topic: string): number[] {
  return batches.flatMap((message) => {
    if (message.t !== topic) return []
    if ('s' in message) {
      const told = message.s as TaskSnapshot | null
      return told ? [told.task.progress?.step ?? -1] : []
    }
    return (message.e as { k: string; step?: number }[]).flatMap((e) => (e.k === 'progress' ? [e.step!] : []))
  })
}

/** The list of tasks as a page has it after these. */
function listed(batches: Batch): Collection<TaskSummary> {
  let tasks: Collection<TaskSummary> = new Map()
  for (const message of batches)
    if (message.t === 'tasks')
      tasks =
        's' in message
          ? new Map((message.s as TaskSummary[]).map((task) => [taskKey(task), task]))
          : reduceCollection(tasks, message.e as CollectionEvent<TaskSummary>[])
  return tasks
}

test('a page is greeted, given a snapshot, then the tail, one message per tick', async () => {
  step('a', 1)
  const page = read(hub.connect('s', null, ['lab/tasks/a', 'tasks']))
  await clock.advance(0)
  for (let n = 2; n <= 50; n++) step('a', n)
  await clock.advance(20)
  expect(page.messages.map(({ event }) => event)).toEqual(['hello', 'batch', 'batch'])
  expect(stepsIn(page.batches(), 'lab/tasks/a')).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
})

test('a topic that is added later begins with its snapshot; the others go on', async () => {
  step('a', 1)
  step('b', 1)
  const page = read(hub.connect('s', null, ['lab/tasks/a']))
  await clock.advance(0)
  hub.setTopics('s', ['lab/tasks/a', 'lab/tasks/b'])
  step('a', 2)
  step('b', 2)
  await clock.advance(20)
  expect(stepsIn(page.batches(), 'lab/tasks/a')).toEqual([1, 2])
  expect(stepsIn(page.batches(), 'lab/tasks/b')).toEqual([1, 2])
})

test('a reconnect resumes without loss or repeat', async () => {
  step('a', 1)
  const first = read(hub.connect('s', null, ['lab/tasks/a']))
  await clock.advance(0)
  step('a', 2)
  await clock.advance(20)
  await first.close()
  step('a', 3)
  step('a', 4)
  await clock.advance(20)
  const second = read(hub.connect('s', first.lastId()))
  await clock.advance(20)
  expect(stepsIn(second.batches(), 'lab/tasks/a')).toEqual([3, 4])
})

test('an old connection that is cancelled late leaves the new one alone', async () => {
  step('a', 1)
  const old = hub.connect('s', null, ['lab/tasks/a'])
  const page = read(hub.connect('s', null))
  await clock.advance(0)
  await old.cancel()
  step('a', 2)
  await clock.advance(20)
  expect(stepsIn(page.batches(), 'lab/tasks/a')).toEqual([1, 2])
  await clock.advance(70_000)
  expect(hub.sessionCount).toBe(1)
})

test('what was sent but never arrived is sent again', async () => {
  step('a', 1)
  const first = read(hub.connect('s', null, ['lab/tasks/a']))
  await clock.advance(0)
  const seen = first.lastId()
  step('a', 2)
  await clock.advance(20)
  await first.close()
  const second = read(hub.connect('s', seen))
  await clock.advance(20)
  expect(stepsIn(second.batches(), 'lab/tasks/a')).toEqual([2])
})

test('a snapshot that never arrived is sent again', async () => {
  step('a', 1)
  step('b', 1)
  const first = read(hub.connect('s', null, ['lab/tasks/a']))
  await clock.advance(0)
  const seen = first.lastId()
  hub.setTopics('s', ['lab/tasks/a', 'lab/tasks/b'])
  await clock.advance(20)
  await first.close()
  const second = read(hub.connect('s', seen))
  await clock.advance(20)
  expect(stepsIn(second.batches(), 'lab/tasks/b')).toEqual([1])
})

test('a cursor of another epoch, or one too old, starts from the snapshot', async () => {
  hub.close()
  setUp({ tail: 200 })
  step('a', 1)
  const first = read(hub.connect('s', null, ['lab/tasks/a']))
  await clock.advance(0)
  const seen = first.lastId()
  await first.close()
  for (let n = 2; n <= 20; n++) step('a', n)
  const late = read(hub.connect('s', seen))
  await clock.advance(20)
  expect(stepsIn(late.batches(), 'lab/tasks/a')).toEqual([20])
  await late.close()
  const foreign = read(hub.connect('s', 'e0-3.1'))
  await clock.advance(20)
  expect(stepsIn(foreign.batches(), 'lab/tasks/a')).toEqual([20])
})

test('a page that does not read holds nothing up, and catches up in parts without loss', async () => {
  step('a', 0)
  const stream = hub.connect('s', null, ['lab/tasks/a'])
  const long = 'x'.repeat(2_000)
  for (let n = 1; n <= 900; n++) {
    step('a', n, `${long} ${n}`)
    if (n % 100 === 0) await clock.advance(20)
  }
  const page = read(stream)
  await clock.advance(500)
  expect(stepsIn(page.batches(), 'lab/tasks/a')).toEqual(Array.from({ length: 901 }, (_, i) => i))
  const ids = page.messages.flatMap(({ id }) => (id ? [Number(id.split('-')[1]!.split('.')[0])] : []))
  expect(ids.length).toBeGreaterThan(2)
  expect(ids).toEqual([...ids].sort((a, b) => a - b))
})

test('a page that watches a task before it exists gets it when it begins', async () => {
  const page = read(hub.connect('s', null, ['lab/tasks/later']))
  await clock.advance(0)
  expect(page.batches()).toEqual([{ t: 'lab/tasks/later', s: null }])
  step('later', 1)
  step('later', 2)
  await clock.advance(20)
  expect(stepsIn(page.batches(), 'lab/tasks/later')).toEqual([2])
})

test('lists travel as patches of what changed, and as what changed after a reconnect', async () => {
  step('a', 1)
  const page = read(hub.connect('s', null, ['tasks']))
  await clock.advance(100)
  step('a', 2)
  await clock.advance(100)
  const change = page.batches().at(-1) as { t: string; e: { k: string; patch: object }[] }
  expect(change.e[0]).toMatchObject({ k: 'patch', key: 'lab/a', patch: { progress: { step: 2 } } })
  expect(change.e[0]!.patch).not.toHaveProperty('source')
  await page.close()
  step('b', 1)
  await clock.advance(100)
  const again = read(hub.connect('s', page.lastId()))
  await clock.advance(0)
  expect(again.batches()).toMatchObject([{ t: 'tasks', e: [{ k: 'put', key: 'lab/b' }] }])
  await again.close()
  const anew = read(hub.connect('other', null, ['tasks']))
  await clock.advance(0)
  expect((anew.batches()[0] as { s: TaskSummary[] }).s.map((task) => task.id)).toEqual(['a', 'b'])
})

test('a page that drains a large list gets what changed meanwhile, not the whole list again', async () => {
  for (let n = 0; n < 400; n++) step(`t${n}`, 1, 'x'.repeat(2_000))
  await clock.advance(100)
  const reader = hub.connect('s', null, ['tasks']).getReader()
  for (let n = 2; n < 12; n++) {
    step('t7', n)
    await clock.advance(100)
  }
  book.record('lab', 'labdaemon', 'new', [])
  await clock.advance(100)
  const messages: Batch = []
  const parser = createParser({
    onEvent: ({ event, data }) => event === 'batch' && messages.push(...(JSON.parse(data) as Batch)),
  })
  const decoder = new TextDecoder()
  for (let n = 0; n < 3; n++) parser.feed(decoder.decode((await reader.read()).value, { stream: true }))
  expect(messages).toHaveLength(2)
  expect(messages[0]).toHaveProperty('s')
  expect(messages[1]).toMatchObject({
    t: 'tasks',
    e: [
      { k: 'put', key: 'lab/t7', item: { progress: { step: 11 } } },
      { k: 'put', key: 'lab/new' },
    ],
  })
})

test('a page that was behind gets items as of the last flush: what changes back before the next is in no patch', async () => {
  for (let n = 0; n < 400; n++) step(`t${n}`, 1, 'x'.repeat(2_000))
  await clock.advance(100)
  const stream = hub.connect('s', null, ['tasks'])
  const say = (message: string) => {
    step('t7', 1, message)
  }
  say('before')
  await clock.advance(100)
  say('between')
  const page = read(stream)
  // Less than a tick of lists: the change is not flushed when the page reads again.
  await clock.advance(0)
  say('before')
  await clock.advance(200)
  expect(listed(page.batches()).get('lab/t7')).toMatchObject({ message: 'before' })
})

test('what changed and changed back around a snapshot of a list is not lost', async () => {
  step('a', 1)
  const other = read(hub.connect('o', null, ['tasks']))
  await clock.advance(100)
  const list = (message: string) => {
    step('a', 1, message)
  }
  list('before')
  await clock.advance(100)
  list('between')
  const page = read(hub.connect('s', null, ['tasks']))
  list('before')
  await clock.advance(100)
  for (const { batches } of [other, page])
    expect(listed(batches()).get('lab/a')).toMatchObject({ message: 'before' })
})

test('lists go on when the clock of the computer is set back', async () => {
  step('a', 1)
  const page = read(hub.connect('s', null, ['tasks']))
  await clock.advance(100)
  step('a', 2)
  await clock.advance(100)
  const before = page.messages.length
  const now = clock.now() - 3_600_000
  vi.spyOn(clock, 'now').mockImplementation(() => now)
  step('a', 3)
  await clock.advance(100)
  expect(page.messages).toHaveLength(before + 1)
})

test('heartbeats come every second and carry no id', async () => {
  const page = read(hub.connect('s', null, []))
  await clock.advance(2_500)
  expect(page.messages.filter(({ event }) => event === 'heartbeat')).toEqual([
    { id: undefined, event: 'heartbeat', data: { now: clock.now() - 1_500 } },
    { id: undefined, event: 'heartbeat', data: { now: clock.now() - 500 } },
  ])
})

test('a session outlives its connection by a minute', async () => {
  const page = read(hub.connect('s', null, ['tasks']))
  await clock.advance(0)
  await page.close()
  await clock.advance(59_000)
  expect(hub.sessionCount).toBe(1)
  await clock.advance(2_000)
  expect(hub.sessionCount).toBe(0)
})

function end(id: string) {
  const at = clock.now()
  const outcome = { status: 'completed', origin: 'poll', endedAt: at, endedOrigin: 'poll' } as const
  book.record('lab', 'labdaemon', id, [{ k: 'outcome', at, ...outcome, result: null, error: null }])
}

function say(id: string, lines: number) {
  const texts = Array.from({ length: lines }, (_, n) => `${'x'.repeat(100)} ${n}`)
  book.record('lab', 'labdaemon', id, [{ k: 'lines', at: clock.now(), kind: 'out', texts }])
}

test('the logs of running tasks cost them lines, not the ended tasks their place', () => {
  hub.close()
  setUp({ logInAll: 400_000, ended: 2 })
  for (const id of ['a', 'b', 'c']) end(id)
  say('running', 5_000)
  end('d')
  expect(book.all().map(({ id }) => id)).toEqual(['c', 'running', 'd'])
  expect(book.log('lab', 'running')!.first).toBeGreaterThan(0)
  expect(book.get('lab', 'running')!.log.first).toBe(book.log('lab', 'running')!.first)
})

test('a topic that cannot be told is said to be, alone; the other topics and sessions are told', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  step('good', 1)
  step('bad', 1)
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  // No way leads such a value in; should one ever be found, it must not end the process.
  book.get('lab', 'bad')!.detail.meta = { circle }
  const page = read(hub.connect('s', null, ['lab/tasks/bad', 'lab/tasks/good', 'tasks']))
  const other = read(hub.connect('o', null, ['lab/tasks/good']))
  await clock.advance(0)
  step('good', 2)
  await clock.advance(100)
  for (const each of [page, other]) expect(stepsIn(each.batches(), 'lab/tasks/good')).toEqual([1, 2])
  const bad = page.batches().find(({ t }) => t === 'lab/tasks/bad')
  expect(bad).toMatchObject({
    s: { task: { id: 'bad', statusNote: expect.stringContaining("a fault of Weir's own") as string } },
  })
  expect(said).toHaveBeenCalled()
  said.mockRestore()
})

test('an item of a list that cannot be told costs itself alone', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const page = read(hub.connect('s', null, ['tasks']))
  await clock.advance(100)
  step('good', 1)
  step('bad', 1)
  const bad = record.topic(TASK, 'lab', 'bad')!
  bad.state = { ...(bad.state as object), message: 1n }
  await clock.advance(100)
  const keys = page.batches().flatMap((message): readonly unknown[] => ('e' in message ? message.e : []))
  expect(keys).toEqual([expect.objectContaining({ k: 'put', key: 'lab/good' })])
  const late = read(hub.connect('l', null, ['tasks']))
  await clock.advance(100)
  expect(late.batches()[0]).toMatchObject({ t: 'tasks', s: [{ id: 'good' }] })
  expect(said).toHaveBeenCalled()
  said.mockRestore()
})

test('who listens for watchers and throws keeps nobody from being told', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const heard: string[] = []
  hub.onWatched(() => {
    throw new Error('listener')
  })
  hub.onWatched((topic) => heard.push(topic))
  const page = read(hub.connect('s', null, ['tasks']))
  await clock.advance(100)
  expect(heard).toEqual(['tasks'])
  expect(page.batches()).toHaveLength(1)
  expect(said).toHaveBeenCalledOnce()
  said.mockRestore()
})
