import { existsSync, renameSync, rmSync } from 'node:fs'
import { OPEN_LINES, type LogColumns } from '#model/log-buffer.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import {
  StoreError,
  type RowPage,
  type SamplePage,
  type SampleRange,
  type RowQuery,
  type StoredRow,
  type StoredTopic,
} from '../../record/store.ts'
import { databaseIn, makeFolder, syncFile } from './folder.ts'
import { eventsAfter } from './event-table.ts'
import { linesKept, readLines } from './line-table.ts'
import { samplePage, samplesWithin } from './sample-reads.ts'
import { openForReading } from './schema.ts'
import type { Sql, SqlValue } from './sql.ts'
import { unpackText } from './text-block.ts'
import type { ReaderCalls } from './thread-calls.ts'

type TopicRow = [
  id: number,
  address: string,
  kind: string,
  source: string,
  name: string,
  status: string | null,
  type: string | null,
  began: number,
  ended: number | null,
  words: string,
  summary: string,
  linesGone: number,
]

const COLUMNS = 'id, address, kind, source, name, status, type, began, ended, words, summary, lines_gone'
/** Stands for the end of what has not ended: later than all others. */
const NEVER = 9e15

/** Reads the record of a folder. Everything is synchronous: it has a thread of its own. */
export class Reader implements ReaderCalls {
  readonly #directory: string
  #opened: Sql | undefined

  constructor(directory: string) {
    this.#directory = directory
  }

  /** After the writer has made the database. Throws StoreError. */
  open(): void {
    this.#opened = openForReading(databaseIn(this.#directory))
  }

  close(): void {
    this.#opened?.close()
  }

  /** See Store. */
  rows(query: RowQuery): RowPage {
    const { kind, source, statuses, type, text, ended, cursor, limit } = query
    const conditions = ['kind = ?']
    const values: SqlValue[] = [kind]
    const where = (condition: string, ...more: SqlValue[]) => {
      conditions.push(condition)
      values.push(...more)
    }
    if (source !== undefined) where('source = ?', source)
    if (statuses) where(`status IN (${statuses.map(() => '?').join(', ')})`, ...statuses)
    if (type !== undefined) where('type = ?', type)
    if (text) where('instr(words, ?) > 0', text)
    if (ended !== undefined) where(ended ? 'ended IS NOT NULL' : 'ended IS NULL')
    if (cursor !== undefined) where(`(ifnull(ended, 9e15), began, address) < (?, ?, ?)`, ...placeOf(cursor))
    const found = this.#sql.all<TopicRow>(
      `SELECT ${COLUMNS} FROM topic WHERE ${conditions.join(' AND ')}
       ORDER BY ifnull(ended, 9e15) DESC, began DESC, address DESC LIMIT ?`,
      [...values, limit + 1],
    )
    const rows = found.slice(0, limit).map(rowOf)
    const last = rows.at(-1)
    return { rows, cursor: found.length > limit && last ? cursorAfter(last) : null }
  }

  addresses(kind: string): string[] {
    return this.#sql
      .all<[string]>('SELECT address FROM topic WHERE kind = ?', [kind])
      .map(([address]) => address)
  }

  topic(address: string): StoredTopic | null {
    return this.#topic(address, true)
  }

  /** See `Store.topics`. */
  manyTopics(addresses: readonly string[]): StoredTopic[] {
    return addresses.flatMap((address) => this.#topic(address, false) ?? [])
  }

  #topic(address: string, withTail: boolean): StoredTopic | null {
    return this.#sql.reading(() => {
      const found = this.#find(address)
      if (!found) return null
      const id = found[0]
      const linesGone = found[11]
      const checkpoint = this.#sql.first<[number, number, Uint8Array]>(
        'SELECT n, size, data FROM checkpoint WHERE topic = ?',
        [id],
      )
      const [n = 0, size = 0, data] = checkpoint ?? []
      const kept = linesKept(this.#sql, id) ?? (linesGone > 0 ? { first: linesGone, total: linesGone } : null)
      return {
        row: rowOf(found),
        checkpoint: data ? { address, n, json: unpackText({ size, data }) } : null,
        events: eventsAfter(this.#sql, id, checkpoint ? n : -1),
        log: kept && {
          ...kept,
          tail: withTail
            ? readLines(
                this.#sql,
                id,
                Math.max(kept.first, kept.total - OPEN_LINES),
                kept.total,
                OPEN_LINES,
                Infinity,
              )
            : null,
        },
      }
    })
  }

  lines(address: string, from: number, to: number, most: number, chars: number): LogColumns {
    return this.#sql.reading(() => {
      const id = this.#find(address)?.[0]
      return id === undefined
        ? { first: from, at: [], kinds: [], texts: [] }
        : readLines(this.#sql, id, from, to, most, chars)
    })
  }

  samples(address: string, range: SampleRange): SamplesAnswer {
    return this.#sql.reading(() => {
      const id = this.#find(address)?.[0]
      return id === undefined
        ? { series: [], states: [], exactFrom: null, exact: true }
        : samplesWithin(this.#sql, id, range)
    })
  }

  sampleRuns(address: string, range: Omit<SampleRange, 'points'>, after: number | null): SamplePage {
    return this.#sql.reading(() => {
      const id = this.#find(address)?.[0]
      return id === undefined ? { runs: [], states: [], next: null } : samplePage(this.#sql, id, range, after)
    })
  }

  text(address: string, name: string): string | null {
    const found = this.#sql.first<[number, Uint8Array]>(
      'SELECT size, data FROM text WHERE topic = (SELECT id FROM topic WHERE address = ?) AND name = ?',
      [address, name],
    )
    return found ? unpackText({ size: found[0], data: found[1] }) : null
  }

  topics(): number {
    return this.#sql.first<[number]>('SELECT count(*) FROM topic')![0]
  }

  /**
   * Copies the record as it is now into a folder that has none. The copy is there whole or not at all. Throws
   * StoreError.
   */
  backup(directory: string): void {
    makeFolder(directory)
    const path = databaseIn(directory)
    if (existsSync(path))
      throw new StoreError('failed', `There is a record in ${directory} already; copy to another folder.`)
    const unfinished = `${path}-unfinished`
    rmSync(unfinished, { force: true })
    this.#sql.run('PRAGMA query_only = OFF')
    this.#sql.run('VACUUM INTO ?', [unfinished])
    this.#sql.run('PRAGMA query_only = ON')
    syncFile(unfinished)
    renameSync(unfinished, path)
  }

  get #sql(): Sql {
    if (this.#opened) return this.#opened
    throw new StoreError('failed', 'The record is not open.')
  }

  #find(address: string): TopicRow | undefined {
    return this.#sql.first<TopicRow>(`SELECT ${COLUMNS} FROM topic WHERE address = ?`, [address])
  }
}

function rowOf(row: TopicRow): StoredRow {
  const [, address, kind, source, id, status, type, began, ended, words, json] = row
  return { address, kind, source, id, status, type, began, ended, words, json }
}

function cursorAfter({ ended, began, address }: StoredRow): string {
  return JSON.stringify([ended ?? NEVER, began, address])
}

function placeOf(cursor: string): SqlValue[] {
  try {
    const [ended, began, address] = JSON.parse(cursor) as unknown[]
    if (typeof ended === 'number' && typeof began === 'number' && typeof address === 'string')
      return [ended, began, address]
  } catch {
    // Said below.
  }
  throw new StoreError('failed', 'The cursor is not one that Weir gave; begin with the first page again.')
}
