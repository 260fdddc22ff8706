import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRandom } from '#lib/random.ts'
import { RecordPair } from '#testing/record-pair.node.ts'
import { storeBatch, storeRow } from '#testing/store-model.ts'
import type { RowQuery, StoredRow } from '../../record/store.ts'

let directory: string
let pair: RecordPair
let rows: StoredRow[]

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-rows-'))
  pair = new RecordPair(directory)
  const random = createRandom(7)
  rows = Array.from({ length: 10_000 }, (_, k) => {
    const source = random.pick(['lab', 'cloud'])
    const status = random.pick(['completed', 'failed', 'cancelled', null])
    const id = `task-${k}`
    return storeRow(id, {
      address: `${source}/tasks/${id}`,
      source,
      status,
      type: random.pick(['scan', 'train', null]),
      // Several begin and end at one time.
      began: random.integer(0, 3_000),
      ended: k % 50 === 0 ? null : random.integer(3_000, 5_000),
      words: `${id} ${random.pick(['100%', 'a_b', 'größe', '日本'])}`,
    })
  })
  for (let at = 0; at < rows.length; at += 500)
    pair.writer.write(storeBatch({ rows: rows.slice(at, at + 500) }))
  pair.writer.write(storeBatch({ rows: [storeRow('x', { address: 'lab/devices/x', kind: 'devices' })] }))
})

afterAll(() => {
  pair.close()
  rmSync(directory, { recursive: true })
})

function sorted(found: StoredRow[]): string[] {
  const endOf = ({ ended }: StoredRow) => ended ?? Number.MAX_VALUE
  return found
    .toSorted((a, b) => endOf(b) - endOf(a) || b.began - a.began || (a.address < b.address ? 1 : -1))
    .map(({ address }) => address)
}

function allPages(query: Omit<RowQuery, 'kind' | 'limit'>): string[] {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = pair.reader.rows({ ...query, kind: 'tasks', limit: 333, ...(cursor ? { cursor } : {}) })
    expect(page.rows.length).toBeLessThanOrEqual(333)
    found.push(...page.rows.map(({ address }) => address))
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return found
}

describe('pages of ten thousand topics', () => {
  test.each<[Omit<RowQuery, 'kind' | 'limit'>, (row: StoredRow) => boolean]>([
    [{}, () => true],
    [{ ended: true }, ({ ended }) => ended !== null],
    [{ ended: false }, ({ ended }) => ended === null],
    [{ source: 'cloud' }, ({ source }) => source === 'cloud'],
    [{ type: 'train' }, ({ type }) => type === 'train'],
    [{ statuses: ['failed', 'cancelled'] }, ({ status }) => status === 'failed' || status === 'cancelled'],
    [{ statuses: [] }, () => false],
    [{ text: '100%' }, ({ words }) => words.includes('100%')],
    [{ text: 'a_b' }, ({ words }) => words.includes('a_b')],
    [{ text: 'größe' }, ({ words }) => words.includes('größe')],
    [{ text: 'task-77' }, ({ words }) => words.includes('task-77')],
    [{ text: '' }, () => true],
    [
      { source: 'lab', type: 'scan', statuses: ['completed'], text: '日', ended: true },
      ({ source, type, status, words, ended }) =>
        source === 'lab' &&
        type === 'scan' &&
        status === 'completed' &&
        words.includes('日') &&
        ended !== null,
    ],
  ])('hold each that matches %j once, newest first', (query, matches) => {
    expect(allPages(query)).toEqual(sorted(rows.filter(matches)))
  })

  test('stay where they were when a topic comes or goes meanwhile', () => {
    const first = pair.reader.rows({ kind: 'tasks', limit: 100 })
    const rest = () => pair.reader.rows({ kind: 'tasks', limit: 100, cursor: first.cursor! }).rows
    const before = rest()
    pair.writer.write(
      storeBatch({ rows: [storeRow('newer', { began: 9_000 })], removed: [first.rows[50]!.address] }),
    )
    expect(rest()).toEqual(before)
    pair.writer.write(storeBatch({ rows: [first.rows[50]!], removed: ['lab/tasks/newer'] }))
  })

  test.each(['', 'x', '[]', '[1,2]', '["a",1,"b"]', '{}'])('refuse the cursor %j', (cursor) => {
    expect(() => pair.reader.rows({ kind: 'tasks', limit: 10, cursor })).toThrow('begin with the first page')
  })

  test('addresses of a kind are all of them', () => {
    expect(pair.reader.addresses('devices')).toEqual(['lab/devices/x'])
    expect(pair.reader.addresses('tasks').toSorted()).toEqual(rows.map(({ address }) => address).toSorted())
  })
})
