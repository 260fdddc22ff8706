import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RecordPair } from '#testing/record-pair.node.ts'
import { storeBatch, storeRow } from '#testing/store-model.ts'
import { StoreError } from '../../record/store.ts'
import { databaseIn, makeFolder } from './folder.ts'
import { MIGRATIONS, openDatabase } from './schema.ts'
import { Sql } from './sql.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-faults-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** What an attempt is refused with. */
function faultOf(act: () => unknown): { kind: string; message: string } {
  try {
    act()
  } catch (error) {
    if (error instanceof StoreError) return { kind: error.kind, message: error.message }
    throw error
  }
  throw new Error('it was not refused')
}

function open(migrations = MIGRATIONS): Sql {
  return openDatabase(databaseIn(directory), migrations)
}

describe('a record that cannot be opened says why and what to do', () => {
  test('written by a later version', () => {
    open([...MIGRATIONS, 'CREATE TABLE later (x)']).close()
    expect(faultOf(() => open())).toEqual({
      kind: 'newer',
      message: expect.stringMatching(/later version.*--data/),
    })
  })

  test('no database', () => {
    writeFileSync(databaseIn(directory), 'These are my notes.\n'.repeat(500))
    expect(faultOf(() => open())).toEqual({
      kind: 'damaged',
      message: expect.stringMatching(/damaged; put a copy made by "weir backup"/),
    })
  })

  test('a database of another program', () => {
    const other = new Sql(databaseIn(directory))
    other.script('CREATE TABLE theirs (x)')
    other.close()
    expect(faultOf(() => open()).message).toMatch(/not of Weir/)
  })

  test('damaged in its middle', () => {
    const pair = new RecordPair(directory)
    for (let k = 0; k < 50; k++)
      pair.writer.write(
        storeBatch({ rows: [storeRow(`t${k}`, { json: JSON.stringify({ k, x: 'y'.repeat(2_000) }) })] }),
      )
    pair.sql.all('PRAGMA wal_checkpoint(TRUNCATE)')
    pair.close()
    // In another process: SQLite's locks do not survive a file that their own one opens and closes.
    const scratch = `const fs = require('node:fs'); const f = fs.openSync(${JSON.stringify(databaseIn(directory))}, 'r+');
      const { size } = fs.fstatSync(f); const dirt = Buffer.alloc(size - 16384, 0x5a); fs.writeSync(f, dirt, 0, dirt.length, 16384)`
    expect(spawnSync(process.execPath, ['-e', scratch]).status).toBe(0)
    expect(faultOf(() => new RecordPair(directory).reader.rows({ kind: 'tasks', limit: 100 })).kind).toBe(
      'damaged',
    )
  })

  test('a folder that cannot be made', () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    expect(
      faultOf(() => {
        makeFolder(join(file, 'weir'))
      }),
    ).toEqual({ kind: 'readonly', message: expect.stringMatching(/--data none/) })
  })

  test('a path that is a folder', () => {
    mkdirSync(databaseIn(directory))
    expect(faultOf(() => open()).kind).toBe('readonly')
  })
})

describe('a disk that is full', () => {
  const lines = (first: number) =>
    storeBatch({
      rows: [storeRow('a')],
      lines: [
        {
          address: 'lab/tasks/a',
          first,
          at: Array.from({ length: 500 }, (_, k) => k),
          kinds: Array.from({ length: 500 }, () => 0),
          texts: Array.from({ length: 500 }, (_, k) => `${first + k} ${Math.sin(first + k)}`.repeat(4)),
        },
      ],
    })

  test('takes nothing of a batch, and all of it once there is room', () => {
    const pair = new RecordPair(directory)
    pair.writer.write(lines(0))
    const [pages] = pair.sql.first<[number]>('PRAGMA page_count')!
    pair.sql.all(`PRAGMA max_page_count = ${pages + 4}`)
    let written = 500
    const fault = faultOf(() => {
      for (;;) {
        pair.writer.write(lines(written))
        written += 500
      }
    })
    expect(fault).toEqual({ kind: 'full', message: expect.stringMatching(/disk is full.*--keep-size/) })
    expect(
      faultOf(() => {
        pair.writer.write(lines(written))
      }).kind,
    ).toBe('full')
    expect(pair.reader.topic('lab/tasks/a')?.log?.total).toBe(written)
    pair.sql.all('PRAGMA max_page_count = 1000000')
    pair.writer.write(lines(written))
    expect(pair.reader.lines('lab/tasks/a', 0, 1e9, 1e9, 1e9)).toMatchObject({ first: 0 })
    expect(pair.reader.topic('lab/tasks/a')?.log).toMatchObject({ first: 0, total: written + 500 })
    expect(pair.sql.first('PRAGMA integrity_check')).toEqual(['ok'])
    pair.close()
  })

  test('does not harm what is being sealed', () => {
    const pair = new RecordPair(directory)
    for (let k = 0; k < 20; k++) pair.writer.write(lines(k * 500))
    const [pages] = pair.sql.first<[number]>('PRAGMA page_count')!
    pair.sql.all(`PRAGMA max_page_count = ${pages}`)
    const before = pair.reader.lines('lab/tasks/a', 0, 1e9, 1e9, 1e9)
    try {
      pair.seal()
    } catch (error) {
      expect(error).toMatchObject({ kind: 'full' })
    }
    expect(pair.reader.lines('lab/tasks/a', 0, 1e9, 1e9, 1e9)).toEqual(before)
    pair.sql.all('PRAGMA max_page_count = 1000000')
    pair.writer.write(lines(10_000))
    pair.seal()
    expect(pair.reader.lines('lab/tasks/a', 0, 10_000, 1e9, 1e9)).toEqual(before)
    pair.close()
  })
})

test('a disk that may not be written to any more is said', () => {
  const pair = new RecordPair(directory)
  pair.sql.run('PRAGMA query_only = ON')
  expect(
    faultOf(() => {
      pair.writer.write(storeBatch({ rows: [storeRow('a')] }))
    }).kind,
  ).toBe('readonly')
  pair.sql.run('PRAGMA query_only = OFF')
  pair.writer.write(storeBatch({ rows: [storeRow('a')] }))
  expect(pair.reader.topic('lab/tasks/a')?.row.id).toBe('a')
  pair.close()
})

describe('a migration', () => {
  const NEXT = [...MIGRATIONS, 'ALTER TABLE topic ADD COLUMN colour TEXT; CREATE TABLE wall (name TEXT)']

  test('adds to what is there', () => {
    const pair = new RecordPair(directory)
    pair.writer.write(storeBatch({ rows: [storeRow('a')] }))
    pair.close()
    const sql = open(NEXT)
    expect(sql.all('SELECT address, colour FROM topic')).toEqual([['lab/tasks/a', null]])
    expect(sql.first('SELECT boot FROM record')).toEqual([1])
    sql.close()
  })

  test('takes over what an earlier version had: the numbers of a task were those of a device', () => {
    const first = open(MIGRATIONS.slice(0, 1))
    first.run(
      "INSERT INTO topic (address, kind, source, name, began, words, summary) VALUES ('lab/devices/stream-a', 'devices', 'lab', 'stream-a', 0, '', '{}'), ('lab/devices/daq', 'devices', 'lab', 'daq', 0, '', '{}')",
    )
    first.close()
    const sql = open()
    expect(sql.all('SELECT address, kind, name FROM topic ORDER BY id')).toEqual([
      ['lab/numbers/a', 'numbers', 'a'],
      ['lab/devices/daq', 'devices', 'daq'],
    ])
    sql.close()
  })

  test('that fails in its middle has changed nothing', () => {
    open().close()
    expect(faultOf(() => open([...NEXT, 'CREATE TABLE more (x); CREATE TABLE topic (x)'])).kind).toBe(
      'failed',
    )
    const sql = open()
    expect(sql.first('PRAGMA user_version')).toEqual([MIGRATIONS.length])
    expect(sql.all("SELECT name FROM sqlite_schema WHERE name IN ('wall', 'more')")).toEqual([])
    sql.close()
  })
})
