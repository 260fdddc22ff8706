import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StoreBatch, StoredRow } from '../../record/store.ts'
import { SqliteStore } from './sqlite-store.ts'

let directory: string
let store: SqliteStore

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-store-'))
  store = new SqliteStore(directory)
})

afterEach(async () => {
  await store.close().catch(() => undefined)
  rmSync(directory, { recursive: true })
})

function batch(parts: Partial<StoreBatch>): StoreBatch {
  return {
    at: 1_000,
    last: 0,
    rows: [],
    events: [],
    checkpoints: [],
    lines: [],
    samples: [],
    states: [],
    texts: [],
    removed: [],
    ...parts,
  }
}

function row(parts: Partial<StoredRow>): StoredRow {
  const id = parts.id ?? 'a'
  return {
    address: `lab/tasks/${id}`,
    kind: 'tasks',
    source: 'lab',
    id,
    status: 'running',
    type: 'scan',
    began: 500,
    ended: null,
    words: 'a scan',
    json: '{"id":"a"}',
    ...parts,
  }
}

test('what was written is there in another life', async () => {
  const first = await store.open()
  expect(first).toMatchObject({ boot: 1, last: 0, aliveAt: null })
  await store.write(
    batch({
      at: 2_000,
      last: 7,
      rows: [row({})],
      events: [{ address: 'lab/tasks/a', n: 7, at: 1_999, count: 2, json: '{"k":1},{"k":2}' }],
      lines: [
        { address: 'lab/tasks/a', first: 0, at: [1, 2], kinds: [0, 1], texts: ['one', 'two\0 \ud800'] },
      ],
      texts: [{ address: 'lab/tasks/a', name: 'output', text: '{"long":"…"}' }],
    }),
  )
  await store.close()
  store = new SqliteStore(directory)
  expect(await store.open()).toEqual({ epoch: first.epoch, boot: 2, last: 7, aliveAt: 2_000 })
  expect(await store.topic('lab/tasks/a')).toEqual({
    row: row({}),
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
  const other = new SqliteStore(directory)
  await expect(other.open()).rejects.toMatchObject({
    kind: 'locked',
    message: expect.stringContaining(`process ${process.pid}`) as string,
  })
})
