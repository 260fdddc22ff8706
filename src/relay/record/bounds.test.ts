import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { MemoryStore } from '#testing/memory-store.ts'
import { DEVICE } from '#topics/device.ts'
import { TASK } from '#topics/task.ts'
import { Bounds } from './bounds.ts'
import { StoreError } from './store.ts'
import { Tasks } from './doors.ts'
import type { RecordLimits } from './limits.ts'
import { TopicRecord } from './record.ts'

/** A record within bounds; `store`: one that lasts. */
async function started(
  limits: Partial<RecordLimits>,
  store: MemoryStore | null = null,
  watched: string[] = [],
) {
  const clock = new ManualClock()
  const record = new TopicRecord({ clock, epoch: 'e', kinds: [TASK, DEVICE], limits, store })
  record.observe(new Bounds(record, { wants: (address) => watched.includes(address) }))
  await record.open(['lab'])
  const tasks = new Tasks(record)
  const enter = (id: string, ...events: TaskEvent[]) => tasks.record('lab', 'labdaemon', id, events)
  return {
    clock,
    record,
    begin: (id: string) => enter(id, { k: 'started', at: clock.now(), origin: 'poll', type: 'Sweep' }),
    say: (id: string, ...texts: string[]) => enter(id, { k: 'lines', at: clock.now(), kind: 'out', texts }),
    end: (id: string, endedAt = clock.now()) =>
      enter(id, {
        k: 'outcome',
        at: clock.now(),
        status: 'completed',
        origin: 'poll',
        endedAt,
        endedOrigin: 'poll',
        result: null,
        error: null,
      }),
    ids: () => tasks.tasksOf('lab').map(({ id }) => id),
    log: (id: string) => tasks.log('lab', id)!,
    task: (id: string) => tasks.get('lab', id)!,
  }
}

const many = (count: number, text = 'x'.repeat(40)) => Array.from({ length: count }, () => text)

test('beyond the bound of all logs the largest loses its oldest half, until they are within it', async () => {
  const { begin, say, end, log, task } = await started({ logInAll: 300_000, linesPerTopic: 100_000 })
  for (const id of ['small', 'large', 'larger', 'short']) begin(id)
  say('small', ...many(200))
  say('large', ...many(3_000))
  say('larger', ...many(4_000))
  expect(log('larger').first).toBe(0)
  end('short')
  expect(log('small').first).toBe(0)
  expect(log('large').first).toBeGreaterThan(0)
  expect(log('larger').first).toBeGreaterThan(2_000)
  const bytes = ['small', 'large', 'larger'].reduce((sum, id) => sum + log(id).bytes, 0)
  expect(bytes).toBeLessThanOrEqual(300_000)
  // No more than was needed: a log is halved, not emptied.
  expect(bytes).toBeGreaterThan(100_000)
  for (const id of ['large', 'larger'])
    expect(task(id).log).toEqual({ first: log(id).first, total: log(id).total })
})

test('logs within the bound lose nothing when a task ends', async () => {
  const { begin, say, end, log } = await started({ logInAll: 300_000 })
  begin('a')
  begin('b')
  say('a', ...many(3_000))
  end('b')
  expect(log('a').first).toBe(0)
})

test('while nothing ends, what all logs take is looked at every 5,000 entries', async () => {
  const { begin, say, log } = await started({ logInAll: 300_000 })
  begin('a')
  for (let n = 1; n < 4_999; n++) say('a', 'x'.repeat(100))
  expect(log('a').bytes).toBeGreaterThan(300_000)
  expect(log('a').first).toBe(0)
  say('a', 'x'.repeat(100))
  expect(log('a').first).toBeGreaterThan(0)
  expect(log('a').bytes).toBeLessThan(400_000)
})

test('logs that cannot become shorter are left, and hold nothing up', async () => {
  const { begin, say, end, log } = await started({ logInAll: 10 })
  begin('a')
  say('a', 'one', 'two')
  end('a')
  expect(log('a').range(0, 9).texts).toEqual(['one', 'two'])
})

test('of ended tasks those go that ended first, whatever their order; what runs stays', async () => {
  const { clock, begin, end, ids } = await started({ ended: 2 })
  for (const id of ['a', 'b', 'c', 'runs']) begin(id)
  end('a', clock.now() + 3_000)
  end('b', clock.now() + 1_000)
  expect(ids()).toEqual(['a', 'b', 'c', 'runs'])
  end('c', clock.now() + 2_000)
  expect(ids()).toEqual(['a', 'c', 'runs'])
})

test('where the record lasts they leave the memory alone, but for those that are watched', async () => {
  const watched = ['lab/tasks/a']
  const { clock, record, begin, end, ids } = await started({ ended: 1 }, new MemoryStore(), watched)
  for (const id of ['a', 'b', 'c', 'd']) {
    begin(id)
    end(id)
    // What is not written yet stays, too.
    await clock.advance(1_000)
  }
  expect(ids()).toEqual(['a', 'd'])
  for (const id of ['a', 'b', 'c', 'd']) expect(record.knows(TASK, 'lab', id)).toBe(true)
  watched.length = 0
  begin('e')
  end('e')
  expect(ids()).toEqual(['e'])
})

test('where the record lasts the lines of a log leave the memory, and none of them is lost', async () => {
  const { clock, record, begin, say, end, log, task } = await started(
    { logInAll: 200_000 },
    new MemoryStore(),
  )
  begin('a')
  begin('b')
  say('a', ...many(9_000))
  await clock.advance(1_000)
  end('b')
  expect(log('a').bytes).toBeLessThan(200_000)
  expect(log('a').first).toBe(0)
  expect(task('a').log).toEqual({ first: 0, total: 9_000 })
  await record.committed()
})

test('a log that never rests leaves the memory all the same, but for what is not written yet', async () => {
  const store = new MemoryStore()
  const { clock, begin, say, log } = await started({ logInAll: 200_000 }, store)
  begin('a')
  for (let n = 1; n <= 6_000; n++) {
    say('a', `${n}${'x'.repeat(100)}`)
    if (n % 50 === 0) await clock.advance(250)
  }
  expect(log('a').bytes).toBeLessThan(400_000)
  expect(log('a').total).toBe(6_000)
  const kept = store.kept.get('lab/tasks/a')!.lines.length
  expect(log('a').missing(kept, 6_000)).toEqual([])
})

test('what is not written stays in memory, whatever the bound', async () => {
  const store = new MemoryStore()
  const { begin, say, log } = await started({ logInAll: 200_000 }, store)
  begin('a')
  store.fault = new StoreError('full', 'The disk is full.')
  for (let n = 1; n <= 6_000; n++) say('a', `${n}${'x'.repeat(100)}`)
  expect(log('a').missing(0, 6_000)).toEqual([])
})

test('devices are no matter of these bounds', async () => {
  const { record } = await started({ ended: 0, logInAll: 1 })
  record.append(DEVICE, { source: 'lab', id: 'd' }, [{ k: 'listed', device: null }])
  expect(record.all(DEVICE)).toHaveLength(1)
})
