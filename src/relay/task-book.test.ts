import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { TaskSummary } from '#model/task.ts'
import { MemoryJournal } from './journal.ts'
import { LiveList } from './live-list.ts'
import { TaskBook } from './task-book.ts'

test('what a log lets go of is a gap, told once a minute', async () => {
  const clock = new ManualClock()
  const book = new TaskBook({
    clock,
    journal: new MemoryJournal('e'),
    list: new LiveList<TaskSummary>(() => undefined),
    began: () => undefined,
    grew: () => undefined,
    limits: { linesPerTask: 1_000 },
  })
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
  const book = new TaskBook({
    clock,
    journal: new MemoryJournal('e'),
    list: new LiveList<TaskSummary>(() => undefined),
    began: () => undefined,
    grew: () => undefined,
    forgot: ({ id }) => void forgotten.push(id),
    limits: { endedTasks: 2 },
  })
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
