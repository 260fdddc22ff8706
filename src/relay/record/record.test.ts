import { expect, test, vi } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'
import { createTestRecord } from '#testing/hub.ts'
import { Tasks } from './doors.ts'

test('what a log lets go of is a gap, told once a minute', async () => {
  const clock = new ManualClock()
  const book = new Tasks(createTestRecord(clock, { linesPerTopic: 1_000 }))
  let said = 0
  const say = (lines: number) =>
    book.record('lab', 'labdaemon', 'a', [
      { k: 'lines', at: clock.now(), kind: 'out', texts: Array.from({ length: lines }, () => `${++said}`) },
    ])
  for (let i = 0; i < 60; i++) say(100)
  const gaps = () => book.get('lab', 'a')!.detail.gaps.map(({ cause, text }) => `${cause}: ${text}`)
  expect(gaps()).toHaveLength(1)
  expect(gaps()[0]).toMatch(/^evicted: lines 1 to [\d,]+ are no longer kept/)
  await clock.advance(60_000)
  for (let i = 0; i < 60; i++) say(100)
  expect(gaps()).toHaveLength(2)
  const task = book.get('lab', 'a')!
  expect(task.log.total).toBe(said + 2)
})

test('beyond the bound the tasks that ended longest ago are forgotten', async () => {
  const clock = new ManualClock()
  const forgotten: string[] = []
  const all = createTestRecord(clock, { ended: 2 })
  all.observe({ forgot: ({ key }) => void forgotten.push(key.id) })
  const book = new Tasks(all)
  const record = (id: string, ended: boolean) => {
    const at = clock.now()
    book.record('lab', 'labdaemon', id, [{ k: 'started', at, origin: 'poll', type: 'Sweep' }])
    if (ended)
      book.record('lab', 'labdaemon', id, [
        {
          k: 'outcome',
          at,
          status: 'completed',
          origin: 'poll',
          endedAt: at,
          endedOrigin: 'poll',
          result: null,
          error: null,
        },
      ])
  }
  record('runs', false)
  for (const id of ['a', 'b', 'c', 'd']) {
    record(id, true)
    await clock.advance(1_000)
  }
  expect(forgotten).toEqual(['a', 'b'])
  expect(book.tasksOf('lab').map(({ id }) => id)).toEqual(['runs', 'c', 'd'])
})

test('an event that cannot be written is said in its place, and the others are entered', () => {
  const clock = new ManualClock()
  const record = createTestRecord(clock)
  const { tail } = record
  const book = new Tasks(record)
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  const at = clock.now()
  const task = book.record('lab', 'labdaemon', 'a', [
    { k: 'started', at, origin: 'poll', type: 'Sweep' },
    { k: 'meta', at, meta: { circle }, params: { circle } },
    { k: 'lines', at, kind: 'out', texts: ['after it'] },
  ])
  expect(said).toHaveBeenCalled()
  said.mockRestore()
  expect(task).toMatchObject({ type: 'Sweep', status: 'running', detail: { meta: {}, params: undefined } })
  const { texts } = book.log('lab', 'a')!.range(0, 10)
  expect(texts).toEqual([expect.stringMatching(/^not entered: a fault of Weir's own: TypeError/), 'after it'])
  // Pages are told the same.
  const told = JSON.parse(
    `[${tail
      .read('lab/tasks/a', 0, tail.last)!
      .map(({ json }) => json)
      .join()}]`,
  ) as { k: string }[]
  expect(told.map(({ k }) => k)).toEqual(['started', 'lines', 'lines'])
  expect(JSON.parse(JSON.stringify(record.snapshot('lab/tasks/a')))).toMatchObject({ tail: { texts } })
})

test('a snapshot brings along as many of the newest lines as are not too long together', () => {
  const clock = new ManualClock()
  const record = createTestRecord(clock)
  const book = new Tasks(record)
  const say = (text: string) =>
    book.record('lab', 'labdaemon', 'a', [{ k: 'lines', at: clock.now(), kind: 'out', texts: [text] }])
  for (let i = 0; i < 200; i++) say(`${i} ${'x'.repeat(50_000)}`)
  const { tail } = record.snapshot('lab/tasks/a') as TaskSnapshot
  expect(tail.texts.map((text) => Number.parseInt(text, 10))).toEqual(
    Array.from({ length: 79 }, (_, i) => 121 + i),
  )
  expect(tail.first).toBe(121)
})
