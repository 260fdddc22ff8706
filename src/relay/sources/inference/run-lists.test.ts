import { expect, test } from 'vitest'
import { listPage } from '#emulator/inference/lists.ts'
import { ManualClock } from '#lib/clock.ts'
import { InferenceClient } from '#protocols/inference/client.ts'
import { RequestLimit } from './request-limit.ts'
import { RunLists, type RunListReader } from './run-lists.ts'

const RUNNING = 7
const COMPLETED = 10

type Row = { id: string; status: number; created_at: string }

/** Lists of a service with these rows, newest last; `heed` false: it takes no filter. */
function lists(rows: Row[], how: 'filters' | 'ignores' | 'refuses' = 'filters') {
  const clock = new ManualClock()
  const asked: { filters?: unknown; cursor?: unknown }[] = []
  const known = new Set<string>()
  const shown: string[] = []
  const limit = new RequestLimit(clock, () => 0.5)
  const client = new InferenceClient(
    'http://cloud.test',
    'inf_test',
    (_, init) => {
      const request = JSON.parse(init.body as string) as { filters?: unknown; cursor?: unknown }
      asked.push(request)
      if (request.filters && how === 'refuses')
        return Promise.resolve(Response.json({ title: 'no such filter', status: 400 }, { status: 400 }))
      const { filters: _filters, ...rest } = request
      return Promise.resolve(
        Response.json({ data: listPage(rows, (how === 'ignores' ? rest : request) as never) }),
      )
    },
    clock,
  )
  const read = new RunLists({
    context: { clock, isWatched: () => false },
    client,
    limit,
    records: { knows: (id) => known.has(id) },
  })
  const reader: RunListReader = {
    listed: (found) => {
      for (const { id } of found) {
        if (!known.has(id)) shown.push(id)
        known.add(id)
      }
    },
    answered: () => undefined,
    failed: (error) => {
      throw error
    },
  }
  const start = () => {
    read.start(reader)
  }
  return { clock, asked, shown, read, start }
}

function rowsOf(count: number, status = COMPLETED, from = 0): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `run${String(from + i).padStart(5, '0')}`,
    status,
    created_at: new Date(Date.UTC(2026, 0, 1) + (from + i) * 1_000).toISOString(),
  }))
}

test('pages are read on while they bring what is new, then the first one only', async () => {
  const rows = rowsOf(120)
  const { clock, asked, shown, read, start } = lists(rows)
  start()
  await clock.advance(0)
  // Oldest first.
  expect(shown).toEqual(rows.map(({ id }) => id))
  expect(asked).toHaveLength(3)
  rows.push(...rowsOf(70, RUNNING, 120))
  await clock.advance(30_000)
  expect(shown).toHaveLength(190)
  read.stop()
})

test('what has not ended is found by filter, however old it is, at two requests a read', async () => {
  const rows = [...rowsOf(3, RUNNING), ...rowsOf(500, COMPLETED, 3)]
  const { clock, asked, shown, read, start } = lists(rows)
  start()
  await clock.advance(0)
  expect(shown.slice(0, 3)).toEqual(['run00000', 'run00001', 'run00002'])
  // Six pages of the newest, one of those that go on.
  expect(shown).toHaveLength(303)
  expect(asked).toHaveLength(7)
  await clock.advance(30_000)
  expect(asked).toHaveLength(9)
  expect(await Promise.race([read.names('run00001'), clock.advance(2_000)])).toBe(true)
  read.stop()
})

test.each(['ignores', 'refuses'] as const)(
  'a service that %s the filter is not read to its beginning, nor asked with every read',
  async (how) => {
    const { clock, asked, read, start } = lists(rowsOf(2_000), how)
    start()
    await clock.advance(0)
    expect(asked).toHaveLength(7)
    await clock.advance(300_000)
    expect(asked).toHaveLength(17)
    read.stop()
  },
)

test('a cursor that leads nowhere new ends the reading', async () => {
  const rows = rowsOf(60)
  const { clock, asked, read, start } = lists(rows)
  const { length } = rows
  Object.defineProperty(rows, 'filter', { value: () => rows.slice(length - 50).concat(rows.slice(0, 10)) })
  start()
  await clock.advance(0)
  expect(asked.length).toBeLessThanOrEqual(4)
  read.stop()
})

test('what is not listed is said to be not; when it cannot be read, nothing is said', async () => {
  const { clock, read, start } = lists(rowsOf(2, RUNNING))
  start()
  await clock.advance(5_000)
  const named = Promise.all([read.names('run00001'), read.names('other')])
  await clock.advance(1_000)
  expect(await named).toEqual([true, false])
  const unanswered = read.names('run00001')
  read.stop()
  expect(await unanswered).toBeNull()
})
