import { afterEach, beforeEach, expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import { createTestHub, putSessions, readStream, stepsIn, type TestHub } from '#testing/hub.ts'

let clock: ManualClock
let relay: TestHub

beforeEach(() => {
  clock = new ManualClock()
  relay = createTestHub(clock)
})
afterEach(() => {
  relay.hub.close()
})

const A = 'lab/tasks/a'
const B = 'lab/tasks/b'

async function carrier(name = 'c') {
  return readStream((await relay.fetch(`/api/stream?carrier=${name}`)).body!)
}
const put = (n: number, ...sessions: Parameters<typeof putSessions>[3][number][]) =>
  putSessions(relay, 'c', n, sessions)

test('one stream carries the sessions of all tabs, each message marked with its own', async () => {
  relay.step('a', 1)
  relay.step('b', 1)
  const stream = await carrier()
  expect(await put(0, { id: 's1', topics: [A] }, { id: 's2', topics: [B] })).toBe(204)
  relay.step('a', 2)
  relay.step('b', 2)
  await clock.advance(20)
  expect(relay.hub.connectionCount).toBe(1)
  expect(stepsIn(stream.of('s1'), A)).toEqual([1, 2])
  expect(stepsIn(stream.of('s1'), B)).toEqual([])
  expect(stepsIn(stream.of('s2'), B)).toEqual([1, 2])
  // One message per tick and session.
  expect(stream.messages.filter(({ event }) => event === 'batch')).toHaveLength(4)
})

test('a session that is not told still watches, and goes on where it was', async () => {
  relay.step('a', 1)
  const stream = await carrier()
  await put(0, { id: 's1', topics: [A, 'tasks'] })
  await clock.advance(20)
  const after = stream.lastOf('s1')
  await put(1, { id: 's1', tell: 'no', topics: [A, 'tasks'] })
  const { bytes } = stream
  for (let n = 2; n < 50; n++) relay.step('a', n)
  await clock.advance(900)
  expect(stream.bytes).toBe(bytes)
  expect(relay.hub.watchersOf(A)).toBe(1)
  expect(relay.hub.wants(A)).toBe(true)
  await put(2, { id: 's1', route: 's1.2', after, topics: [A, 'tasks'] })
  await clock.advance(20)
  expect(stepsIn(stream.of('s1.2'), A)).toEqual(Array.from({ length: 48 }, (_, k) => k + 2))
  expect(stream.of('s1.2').filter(({ t }) => t === 'tasks')).toMatchObject([
    { e: [{ k: 'patch', key: 'lab/a', patch: { progress: { step: 49 } } }] },
  ])
})

test('hidden for long, it watches still, but nothing is kept ready for it', async () => {
  relay.step('a', 1)
  await carrier()
  await put(0, { id: 's1', tell: 'no', topics: [A] })
  await clock.advance(59_000)
  expect(relay.hub.wants(A)).toBe(true)
  await clock.advance(2_000)
  expect(relay.hub.wants(A)).toBe(false)
  expect(relay.hub.watchersOf(A)).toBe(1)
})

test('a session that is told slowly gets what changes come to, every two seconds', async () => {
  relay.step('a', 1)
  const stream = await carrier()
  await put(0, { id: 'list', tell: 'slowly', topics: ['tasks'] })
  for (let n = 2; n <= 40; n++) {
    relay.step('a', n)
    await clock.advance(100)
  }
  await clock.advance(2_000)
  const messages = stream.of('list') as { s?: unknown; e?: { k: string; item: object }[] }[]
  expect(messages).toHaveLength(3)
  expect(messages[0]).toHaveProperty('s')
  expect(messages[2]!.e).toMatchObject([{ k: 'put', key: 'lab/a', item: { progress: { step: 40 } } }])
})

test('who is told slowly anew gets nothing of before its whole list', async () => {
  relay.step('a', 1)
  const stream = await carrier()
  await put(0, { id: 'list', tell: 'slowly', topics: ['tasks'] })
  relay.step('a', 2)
  await clock.advance(100)
  await put(1)
  relay.step('a', 3)
  await clock.advance(100)
  await put(2, { id: 'list', route: 'list.2', tell: 'slowly', topics: ['tasks'] })
  await clock.advance(5_000)
  expect(stream.of('list.2')).toMatchObject([{ t: 'tasks', s: [{ progress: { step: 3 } }] }])
})

test('the same statement twice, or one that comes late, changes nothing', async () => {
  relay.step('a', 1)
  const stream = await carrier()
  await put(0, { id: 's1', topics: [A] })
  await put(1, { id: 's1', topics: [A] })
  await put(1, { id: 's1', topics: [] })
  await put(0)
  relay.step('a', 2)
  await clock.advance(20)
  expect(stepsIn(stream.of('s1'), A)).toEqual([1, 2])
})

test('after a reconnect each session resumes by its own last id', async () => {
  relay.step('a', 1)
  relay.step('b', 1)
  const first = await carrier()
  await put(0, { id: 's1', topics: [A] }, { id: 's2', topics: [B] })
  await clock.advance(20)
  const seen = { s1: first.lastOf('s1'), s2: first.lastOf('s2') }
  relay.step('a', 2)
  relay.step('b', 2)
  await clock.advance(20)
  const seenLater = first.lastOf('s2')
  await first.close()
  expect(await put(1)).toBe(404)
  relay.step('a', 3)
  relay.step('b', 3)
  const second = await carrier()
  await put(
    2,
    { id: 's1', route: 's1.2', after: seen.s1, topics: [A] },
    { id: 's2', route: 's2.2', after: seenLater, topics: [B] },
  )
  await clock.advance(20)
  expect(stepsIn(second.of('s1.2'), A)).toEqual([2, 3])
  expect(stepsIn(second.of('s2.2'), B)).toEqual([3])
  expect(relay.hub.sessionCount).toBe(2)
})

test('a tab that closes is let go, and the others go on', async () => {
  relay.step('a', 1)
  const stream = await carrier()
  await put(0, { id: 's1', topics: [A] }, { id: 's2', topics: [A] })
  expect(relay.hub.watchersOf(A)).toBe(2)
  await put(1, { id: 's2', topics: [A] })
  expect(relay.hub.watchersOf(A)).toBe(1)
  relay.step('a', 2)
  await clock.advance(20)
  expect(stepsIn(stream.of('s1'), A)).toEqual([1])
  expect(stepsIn(stream.of('s2'), A)).toEqual([1, 2])
  await clock.advance(61_000)
  expect(relay.hub.sessionCount).toBe(1)
})

test('a stream that is taken over by another one of its name ends', async () => {
  const first = await carrier()
  await put(0, { id: 's1', topics: [A] })
  await carrier()
  await first.ended
  expect(relay.hub.connectionCount).toBe(1)
  expect(relay.hub.watchersOf(A)).toBe(0)
})

test('a session of a stream of its own that a browser’s stream takes over ends its own', async () => {
  relay.step('a', 1)
  const own = readStream((await relay.fetch('/api/stream?session=s1')).body!)
  const stream = await carrier()
  await put(0, { id: 's1', topics: [A] })
  await own.ended
  expect(stepsIn(stream.of('s1'), A)).toEqual([1])
  expect(relay.hub.connectionCount).toBe(1)
})

test('a session with much to catch up with does not hold up another', async () => {
  const long = 'x'.repeat(20_000)
  relay.step('a', 0)
  relay.step('b', 0)
  const body = (await relay.fetch('/api/stream?carrier=c')).body!
  await put(0, { id: 's1', topics: [A] }, { id: 's2', topics: [B] })
  for (let n = 1; n <= 150; n++) {
    relay.step('a', n, `${long} ${n}`)
    await clock.advance(20)
  }
  relay.step('b', 1)
  await clock.advance(20)
  const stream = readStream(body)
  await clock.advance(500)
  expect(stepsIn(stream.of('s1'), A)).toEqual(Array.from({ length: 151 }, (_, n) => n))
  expect(stepsIn(stream.of('s2'), B)).toEqual([0, 1])
})

test.each([
  ['a route with a line feed', { route: 'a\nb' }],
  ['a route with a space', { route: 'a b' }],
  ['no id', { id: '' }],
])('%s is refused', async (_, part) => {
  await carrier()
  expect(await put(0, { id: 's', ...part })).toBe(400)
})

test('one heartbeat a second, however many sessions a stream carries', async () => {
  const stream = await carrier()
  await put(0, ...Array.from({ length: 20 }, (_, k) => ({ id: `s${k}`, topics: ['tasks'] })))
  await clock.advance(3_500)
  expect(stream.messages.filter(({ event }) => event === 'heartbeat')).toHaveLength(3)
})

test('nineteen hidden tabs cost next to nothing beside one that is shown', async () => {
  const cost = async (hidden: number) => {
    relay = createTestHub(clock)
    for (let n = 0; n < 10; n++) relay.step(`t${n}`, 0)
    relay.step('a', 0)
    const stream = await carrier()
    await put(
      0,
      { id: 'shown', topics: [A, 'tasks'] },
      ...(hidden > 0 ? [{ id: 'list', tell: 'slowly' as const, topics: ['tasks'] }] : []),
      ...Array.from({ length: hidden }, (_, k) => ({
        id: `s${k}`,
        tell: 'no' as const,
        topics: [A, 'tasks'],
      })),
    )
    await clock.advance(20)
    const { bytes } = stream
    for (let n = 1; n <= 200; n++) {
      relay.step('a', n)
      for (let k = 0; k < 10; k++) relay.step(`t${k}`, n)
      await clock.advance(50)
    }
    relay.hub.close()
    return stream.bytes - bytes
  }
  const one = await cost(0)
  expect(await cost(19)).toBeLessThan(one * 1.2)
})
