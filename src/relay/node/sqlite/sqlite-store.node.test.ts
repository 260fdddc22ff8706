import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { storeBatch as batch, storeRow } from '#testing/store-model.ts'
import { SqliteStore } from './sqlite-store.ts'

let directory: string
let store: SqliteStore

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-store-'))
  store = new SqliteStore({ directory })
})

afterEach(async () => {
  await store.close().catch(() => undefined)
  rmSync(directory, { recursive: true })
})

test('what was written is there in another life', async () => {
  const first = await store.open()
  expect(first).toMatchObject({ boot: 1, last: 0, aliveAt: null })
  await store.write(
    batch({
      at: 2_000,
      last: 7,
      rows: [storeRow('a')],
      events: [{ address: 'lab/tasks/a', n: 7, at: 1_999, count: 2, json: '{"k":1},{"k":2}' }],
      lines: [
        { address: 'lab/tasks/a', first: 0, at: [1, 2], kinds: [0, 1], texts: ['one', 'two\0 \ud800'] },
      ],
      texts: [{ address: 'lab/tasks/a', name: 'output', text: '{"long":"…"}' }],
    }),
  )
  await store.close()
  store = new SqliteStore({ directory })
  expect(await store.open()).toEqual({ epoch: first.epoch, boot: 2, last: 7, aliveAt: 2_000 })
  expect(await store.topic('lab/tasks/a')).toEqual({
    row: storeRow('a'),
    checkpoint: null,
    events: ['{"k":1},{"k":2}'],
    log: {
      first: 0,
      total: 2,
      tail: { first: 0, at: [1, 2], kinds: [0, 1], texts: ['one', 'two\0 \ud800'] },
    },
  })
  expect(await store.text('lab/tasks/a', 'output')).toBe('{"long":"…"}')
  expect(await store.topic('lab/tasks/b')).toBeNull()
})

test('a second Weir is told who holds the folder', async () => {
  await store.open()
  const other = new SqliteStore({ directory })
  await expect(other.open()).rejects.toMatchObject({
    kind: 'locked',
    message: expect.stringContaining(`process ${process.pid}`) as string,
  })
})

describe('a source that is another than the one of its name in the record', () => {
  const withLab = (url: string, moved: string[] = []) =>
    new SqliteStore({ directory, sources: [{ name: 'lab', kind: 'labdaemon', url }], moved })

  test('is refused, unless it is said to have moved', async () => {
    await store.close()
    for (const other of [withLab('http://a'), withLab('http://a')]) {
      await other.open()
      await other.close()
    }
    await expect(withLab('http://b').open()).rejects.toMatchObject({
      kind: 'source',
      message: expect.stringContaining('--source-moved lab') as string,
    })
    for (const other of [withLab('http://b', ['lab']), withLab('http://b')]) {
      await other.open()
      await other.close()
    }
  })
})

test('a copy is a record of its own, made while the first is written', async () => {
  await store.open()
  await store.write(batch({ last: 3, rows: [storeRow('a')] }))
  const copy = join(directory, 'copy')
  await Promise.all([store.backup(copy), store.write(batch({ last: 4, rows: [storeRow('b')] }))])
  await expect(store.backup(copy)).rejects.toThrow('There is a record in')
  const other = new SqliteStore({ directory: copy })
  expect((await other.open()).boot).toBe(2)
  expect((await other.topic('lab/tasks/a'))?.row).toEqual(storeRow('a'))
  await other.write(batch({ last: 5, rows: [storeRow('c')] }))
  await other.close()
  expect(await store.topic('lab/tasks/c')).toBeNull()
  expect(await store.usage()).toMatchObject({ place: directory, topics: 2 })
})

test('the arrays of a batch stay usable: it may be tried again', async () => {
  await store.open()
  const values = Float64Array.of(1, 2, 3)
  const samples = [
    {
      address: 'lab/tasks/a',
      channel: 'x',
      times: null,
      t0: 10,
      dt: 1,
      values: values.subarray(1),
      breaks: false,
    },
  ]
  await store.write(batch({ rows: [storeRow('a')], samples }))
  expect([...values]).toEqual([1, 2, 3])
  const { runs } = await store.sampleRuns('lab/tasks/a', { from: 0, to: 100, channels: [] }, null)
  expect(runs).toEqual([
    { channel: 'x', times: null, t0: 10, dt: 1, values: Float64Array.of(2, 3), breaks: false },
  ])
})

test('a store that is closed answers nothing any more', async () => {
  await store.open()
  await store.close()
  await expect(store.topic('lab/tasks/a')).rejects.toThrow('has ended')
})
