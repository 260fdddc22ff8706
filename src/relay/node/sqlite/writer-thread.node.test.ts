import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { storeBatch, storeRow } from '#testing/store-model.ts'
import { messageOf } from './batch-message.ts'
import { databaseIn } from './folder.ts'
import { openForReading } from './schema.ts'
import type { Sql } from './sql.ts'
import { WriterThread } from './writer-thread.ts'

let directory: string
let thread: WriterThread
let sql: Sql

beforeEach(() => {
  vi.useFakeTimers()
  directory = mkdtempSync(join(tmpdir(), 'weir-thread-'))
  thread = new WriterThread(directory)
  thread.open([], [])
  sql = openForReading(databaseIn(directory))
})

afterEach(() => {
  sql.close()
  thread.close()
  rmSync(directory, { recursive: true })
  vi.useRealTimers()
})

const { address } = storeRow('a')

function write(first: number, ended: number | null): void {
  const texts = Array.from({ length: 400 }, (_, k) => `line ${first + k} ${Math.sin(first + k)}`)
  thread.write(
    messageOf(
      storeBatch({
        at: first,
        last: first,
        rows: [storeRow('a', { ended })],
        events: [{ address, n: first + 1, at: 1, count: 1, json: `"${'x'.repeat(300)}"` }],
        lines: [{ address, first, at: texts.map(() => 1), kinds: texts.map(() => 0), texts }],
        samples: [
          {
            address,
            channel: 'x',
            times: null,
            t0: first,
            dt: 1,
            values: new Float64Array(300),
            breaks: false,
          },
        ],
        states: [{ address, channel: 'y', t: [first], v: [`${first}`] }],
      }),
    ),
  )
}

/** Rows of each sort that are not sealed. */
function unsealed(): number[] {
  return sql.first<[number, number, number, number]>(
    `SELECT (SELECT count(*) FROM line_block WHERE sealed = 0), (SELECT count(*) FROM event_block WHERE sealed = 0),
       (SELECT count(*) FROM new_samples), (SELECT count(*) FROM state_block WHERE sealed = 0)`,
  )!
}

test('what is new is sealed when there is enough of it, between batches', () => {
  write(0, null)
  vi.runAllTicks()
  expect(unsealed()).toEqual([1, 1, 1, 1])
  for (let k = 1; k < 4; k++) write(k * 400, null)
  vi.advanceTimersByTime(1)
  // The newest lines may still be replaced; of the rest there is not enough.
  expect(unsealed()).toEqual([1, 4, 4, 4])
})

test('what has ended is sealed at once', () => {
  write(0, null)
  write(400, 5_000)
  vi.advanceTimersByTime(1)
  expect(unsealed()).toEqual([0, 0, 0, 0])
})

test('what ended and was not sealed when Weir was killed is sealed at the next start', () => {
  write(0, null)
  write(400, 5_000)
  expect(unsealed()).toEqual([2, 2, 2, 2])
  thread.close()
  thread = new WriterThread(directory)
  thread.open([], [])
  vi.advanceTimersByTime(1)
  expect(unsealed()).toEqual([0, 0, 0, 0])
})

test('after a while of silence the log of what was written is empty, and free pages are given back', () => {
  for (let k = 0; k < 30; k++) write(k * 400, null)
  const log = () => statSync(`${databaseIn(directory)}-wal`).size
  vi.advanceTimersByTime(1)
  thread.remove(address)
  expect(log()).toBeGreaterThan(0)
  const [free] = sql.first<[number]>('PRAGMA freelist_count')!
  expect(free).toBeGreaterThan(10)
  vi.advanceTimersByTime(30_000)
  expect(sql.first('PRAGMA freelist_count')).toEqual([0])
  expect(log()).toBe(0)
})

test('a thread that could not open a record leaves the folder to others', () => {
  thread.close()
  const other = new WriterThread(directory)
  other.open([{ name: 'lab', kind: 'labdaemon', url: 'http://a' }], [])
  other.close()
  const refused = new WriterThread(directory)
  expect(() => refused.open([{ name: 'lab', kind: 'labdaemon', url: 'http://b' }], [])).toThrow(
    '--source-moved',
  )
  thread = new WriterThread(directory)
  expect(thread.open([], []).boot).toBe(3)
})
