import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ManualClock } from '#lib/clock.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { createTestRecord } from '#testing/hub.ts'
import { MemoryStore } from '#testing/memory-store.ts'
import { Tasks } from './doors.ts'
import { StoreError } from './store.ts'

const SOURCES = ['lab']

/** Weir, started anew on what an earlier one has written. */
async function started(clock: ManualClock, store: MemoryStore, limits = {}) {
  const record = createTestRecord(clock, limits, 'none', store)
  await record.open(SOURCES)
  const tasks = new Tasks(record)
  const say = (id: string, ...events: TaskEvent[]) => tasks.record('lab', 'labdaemon', id, events)
  return { record, tasks, say }
}

const began = (at: number): TaskEvent => ({ k: 'started', at, origin: 'poll', type: 'Sweep' })
const said = (at: number, ...texts: string[]): TaskEvent => ({ k: 'lines', at, kind: 'out', texts })
const ended = (at: number): TaskEvent => ({
  k: 'outcome',
  at,
  status: 'completed',
  origin: 'poll',
  endedAt: at,
  endedOrigin: 'poll',
  result: null,
  error: null,
})

test('a task that ended stands whole after a restart; one that runs goes on, with the time away as a gap', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore()
  const first = await started(clock, store)
  first.say('done', began(clock.now()), said(clock.now(), 'one', 'two'), ended(clock.now()))
  first.say('runs', began(clock.now()), said(clock.now(), 'before'))
  await clock.advance(300)
  const before = first.tasks.get('lab', 'done')!
  const wasAliveAt = clock.now()
  store.isDead = true
  await clock.advance(3_600_000)

  const second = await started(clock, store)
  expect(second.record.tail.epoch).toBe('kept-2')
  expect(second.tasks.get('lab', 'done')).toEqual(before)
  second.record.flushRows()
  const listed = JSON.parse(second.record.rows('tasks')!.whole()) as { id: string }[]
  expect(listed.map(({ id }) => id)).toEqual(['done', 'runs'])
  expect(await second.tasks.lines('lab', 'done', 0, 9, { lines: 9, chars: 99 })).toMatchObject({
    texts: ['one', 'two'],
  })
  const runs = second.tasks.get('lab', 'runs')!
  expect(runs).toMatchObject({ status: 'running', stream: { name: 'none' } })
  const [gap] = runs.detail.gaps
  expect(gap).toMatchObject({ cause: 'weir-away', to: clock.now() })
  expect(Math.abs(gap!.from! - wasAliveAt)).toBeLessThan(300)
  second.say('runs', said(clock.now(), 'after'))
  const { texts } = second.tasks.log('lab', 'runs')!.range(0, 10)
  expect(texts).toEqual(['before', expect.stringMatching(/^Weir was not running from /), 'after'])
})

test('a task that left the memory is read back when somebody asks, and is entered into as before', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore()
  const { record, tasks, say } = await started(clock, store, { ended: 2 })
  for (let n = 1; n <= 6; n++) {
    say(`t${n}`, began(clock.now()), said(clock.now(), `line of ${n}`), ended(clock.now()))
    await clock.advance(500)
  }
  expect(tasks.get('lab', 't1')).toBeUndefined()
  expect(tasks.knows('lab', 't1')).toBe(true)
  expect(record.isReading('lab/tasks/t2')).toBe(true)
  expect(await tasks.load('lab', 't1')).toMatchObject({ status: 'completed', log: { total: 1 } })
  expect(tasks.log('lab', 't1')!.textOf(0)).toBe('line of 1')
  const listed = () => {
    record.flushRows()
    return (JSON.parse(record.rows('tasks')!.whole()) as { id: string }[]).map(({ id }) => id)
  }
  expect(listed()).toEqual(['t5', 't6'])
  say('t1', began(clock.now()))
  expect(listed()).toEqual(['t5', 't6', 't1'])
  say('t3', { k: 'forgotten', at: clock.now() })
  await clock.advance(500)
  expect(tasks.get('lab', 't3')).toMatchObject({ onServer: false, status: 'completed', type: 'Sweep' })
  expect(await tasks.load('lab', 'never')).toBeUndefined()
  const { rows } = await tasks.page(true, { ended: true, limit: 2 })
  expect(rows.map((json) => (JSON.parse(json) as { id: string }).id)).toEqual(['t4', 't3'])
})

test('while nothing can be written all goes on in memory, and is written once it can be', async () => {
  const clock = new ManualClock()
  const store = new MemoryStore()
  const { record, say, tasks } = await started(clock, store)
  store.fault = new StoreError('full', 'The disk is full.')
  say('a', began(clock.now()))
  await expect(record.committed()).rejects.toThrow('The disk is full.')
  expect(record.keeper.problem).toMatchObject({ text: 'The disk is full.' })
  say('a', said(clock.now(), 'heard meanwhile'))
  await clock.advance(30_000)
  store.fault = null
  await clock.advance(11_000)
  expect(record.keeper.problem).toBeNull()
  await record.committed()
  expect(store.kept.get('lab/tasks/a')!.lines.map(({ text }) => text)).toEqual(['heard meanwhile'])
  expect(tasks.get('lab', 'a')!.log.total).toBe(1)
})

test('a command under way when Weir ended is not known, and its number is not given again', async () => {
  const { Ledger } = await import('../commands/ledger.ts')
  const clock = new ManualClock()
  const store = new MemoryStore()
  const first = await started(clock, store)
  first.say('a', began(clock.now()))
  const ledger = new Ledger(first.record)
  const request = { source: 'lab', target: 'a', text: 'cancel', by: { kind: 'script' } } as const
  ledger.accept(ledger.send({ ...request, verb: 'pause' }))
  ledger.send({ ...request, verb: 'cancel' })
  await first.record.committed()
  store.isDead = true
  const second = await started(clock, store)
  const again = new Ledger(second.record)
  again.begin()
  const [pause, cancel] = second.tasks.get('lab', 'a')!.detail.commands
  expect(pause).toMatchObject({ verb: 'pause', error: null })
  expect(cancel).toMatchObject({ verb: 'cancel', error: { outcome: 'not-answered', type: 'WeirRestarted' } })
  expect(again.send({ ...request, verb: 'resume' }).id).toBe('c3')
})

const ALL = { lines: Infinity, chars: Infinity }

/** Whatever happens in whatever order, a restart brings back what had been written, and nothing else. */
test('checkpoint and events bring back the lived state, at any moment', async () => {
  const event = fc.oneof(
    fc.record({
      texts: fc.array(fc.oneof(fc.string(), fc.constant('\rbar 50 %'), fc.constant('a\nb')), {
        maxLength: 9,
      }),
    }),
    fc.record({ step: fc.nat(1_000) }),
    fc.record({ status: fc.constantFrom('queued', 'running', 'uploading') }),
    fc.constant('end' as const),
    fc.constant('wait' as const),
    fc.constant('kill' as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (steps) => {
      const clock = new ManualClock()
      const store = new MemoryStore()
      let weir = await started(clock, store)
      weir.say('a', began(clock.now()))
      for (const each of steps) {
        const at = clock.now()
        if (each === 'wait') await clock.advance(300)
        else if (typeof each === 'object' && 'status' in each)
          weir.say('a', { k: 'status', at, status: each.status, origin: 'stream' })
        else if (each === 'end') weir.say('a', ended(at))
        else if (each === 'kill') {
          await weir.record.committed()
          const { tasks } = weir
          const before = tasks.get('lab', 'a')!
          const lines = await tasks.lines('lab', 'a', 0, Infinity, ALL)
          store.isDead = true
          weir = await started(clock, store)
          const now = weir.tasks.get('lab', 'a')!
          const gaps = now.detail.gaps.filter(({ cause }) => cause === 'weir-away').length
          expect(await weir.tasks.lines('lab', 'a', 0, lines.texts.length, ALL)).toEqual(lines)
          if (now.status === 'completed') expect(now).toEqual(before)
          else {
            // But for what the restart itself tells.
            const { stream, log, gapCount, detail } = before
            expect(gaps).toBeGreaterThan(0)
            expect({ ...now, stream, log, gapCount, detail }).toEqual(before)
          }
        } else if ('step' in each)
          weir.say('a', { k: 'progress', at, step: each.step, total: 1_000, percent: null, message: null })
        else weir.say('a', said(at, ...each.texts))
      }
    }),
    { numRuns: 60 },
  )
})
