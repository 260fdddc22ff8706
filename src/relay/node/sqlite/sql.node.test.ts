import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { escapeLine, escapeText, unescapeText } from './escape.ts'
import { Sql, type SqlValue } from './sql.ts'

let directory: string
let sql: Sql

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-sql-'))
  sql = new Sql(join(directory, 'test.db'))
  sql.run('PRAGMA synchronous = OFF')
  sql.script('CREATE TABLE kept (name TEXT PRIMARY KEY, value) WITHOUT ROWID')
})

afterEach(() => {
  sql.close()
  rmSync(directory, { recursive: true })
})

/** Any UTF-16, halves of surrogate pairs included. */
const text = fc
  .array(fc.oneof(fc.nat(0xffff), fc.constantFrom(0, 0x1a, 1, 2, 10, 0xd800, 0xdc00, 0xe000)), {
    maxLength: 12,
  })
  .map((codes) => String.fromCharCode(...codes))

describe('texts', () => {
  test('come back as they were, and different ones stay different', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 8 }), (texts) => {
        sql.run('DELETE FROM kept')
        for (const each of texts) sql.run('INSERT INTO kept VALUES (?, ?)', [each, each])
        for (const each of texts)
          expect(sql.all('SELECT name, value FROM kept WHERE name = ?', [each])).toEqual([[each, each]])
        expect(sql.first('SELECT count(*) FROM kept')).toEqual([texts.length])
      }),
      { numRuns: fuzzRuns(100) },
    )
  })

  test('are escaped into what has no NUL, no half of a pair, and on a line no line feed', () => {
    fc.assert(
      fc.property(text, (each) => {
        for (const escape of [escapeText, escapeLine]) {
          const escaped = escape(each)
          expect(unescapeText(escaped)).toBe(each)
          expect(escaped).not.toContain('\0')
          expect(Buffer.from(escaped).toString()).toBe(escaped)
        }
        expect(escapeLine(each)).not.toContain('\n')
      }),
      { numRuns: fuzzRuns(500) },
    )
  })

  test('that need no escape stand as they are, for people', () => {
    for (const each of ['', 'Größe 日本 😀', 'a\nb\t\r', '{"k":"\\u0000"}'])
      expect(escapeText(each)).toBe(each)
  })
})

describe('values', () => {
  test.each<[string, SqlValue, SqlValue]>([
    ['a Buffer', Buffer.from([1, 0, 255]), Uint8Array.of(1, 0, 255)],
    ['a part of a Buffer', Buffer.from([9, 1, 2, 9]).subarray(1, 3), Uint8Array.of(1, 2)],
    ['an array of bytes', new Uint8Array(3), new Uint8Array(3)],
    ['no bytes', new Uint8Array(), new Uint8Array()],
    ['a number', 0.1, 0.1],
    ['a large number', 2 ** 53 - 1, 2 ** 53 - 1],
    ['infinity', Infinity, Infinity],
    ['not a number', Number.NaN, null],
    ['nothing', null, null],
  ])('%s is kept', (_, value, back) => {
    sql.run('INSERT INTO kept VALUES (?, ?)', ['x', value])
    const [found] = sql.first<[SqlValue]>('SELECT value FROM kept')!
    expect(found instanceof Uint8Array ? Uint8Array.from(found) : found).toEqual(back)
  })

  test.each([true, undefined, {}, [], 1n, new Float64Array(1), new ArrayBuffer(1)])(
    'what the driver would not survive is refused: %s',
    (value) => {
      expect(() => sql.run('INSERT INTO kept VALUES (?, ?)', ['x', value as never])).toThrow(
        'cannot be written',
      )
      expect(sql.first('SELECT count(*) FROM kept')).toEqual([0])
    },
  )
})

describe('a transaction', () => {
  test('that throws has written nothing, and the next one can', () => {
    expect(() =>
      sql.writing(() => {
        sql.run("INSERT INTO kept VALUES ('a', 1)")
        sql.run("INSERT INTO kept VALUES ('a', 2)")
      }),
    ).toThrow('UNIQUE')
    expect(sql.writing(() => sql.run("INSERT INTO kept VALUES ('a', 3)").changes)).toBe(1)
    expect(sql.all('SELECT value FROM kept')).toEqual([[3]])
  })

  test('that reads sees one moment, whatever is written meanwhile', () => {
    sql.all('PRAGMA journal_mode = WAL')
    const other = new Sql(join(directory, 'test.db'))
    sql.reading(() => {
      expect(sql.first('SELECT count(*) FROM kept')).toEqual([0])
      other.run("INSERT INTO kept VALUES ('a', 1)")
      expect(sql.first('SELECT count(*) FROM kept')).toEqual([0])
    })
    expect(sql.first('SELECT count(*) FROM kept')).toEqual([1])
    other.close()
  })

  test('that rewrites is followed by ones that wait for the disk', () => {
    sql.rewriting(() => sql.run("INSERT INTO kept VALUES ('a', 1)"))
    expect(sql.first('PRAGMA synchronous')).toEqual([2])
    expect(() => {
      sql.rewriting(() => {
        throw new Error('no')
      })
    }).toThrow('no')
    expect(sql.first('PRAGMA synchronous')).toEqual([2])
  })
})
